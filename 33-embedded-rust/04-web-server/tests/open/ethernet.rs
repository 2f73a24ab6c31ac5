//! The controller, against a simulated one.

use smoltcp::phy::{Device, RxToken, TxToken};
use smoltcp::time::Instant;
use web_server::ethernet::{FRAME_MAX, Mac, SendError, mask};
use web_server::phy::{Frames, Port};

use super::chip::{Chip, FOV, IA0, IA1, IM, RCTL, RXINT, TCTL};

const ADDRESS: [u8; 6] = [0x02, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E];

/// The controller is switched on as the data sheet wants it.
#[phase7::test(points = 1, rule = 1)]
fn the_controller_is_switched_on() {
    let chip = Chip::default();
    chip.0.borrow_mut().ris = RXINT | FOV;
    let mac = Mac::start(chip.clone(), ADDRESS);
    chip.check();
    let inside = chip.0.borrow();
    assert_eq!(inside.address, [0x3C2B_1A02, 0x5E4D], "IA0 and IA1");
    assert_eq!((inside.rctl, inside.tctl), (0x09, 0x17), "RCTL and TCTL");
    assert_eq!((inside.ris, inside.im), (0, 0), "RIS and IM");
    let writes = |register| {
        inside
            .log
            .iter()
            .filter(move |&&(is_write, at, _)| is_write && at == register)
            .count()
    };
    for register in [IA0, IA1, TCTL, IM, RCTL] {
        assert!(writes(register) > 0, "register {register:#x} is written to");
    }
    assert!(
        inside.log.contains(&(true, RCTL, 0x10)),
        "the receive FIFO is emptied by 0x10 in RCTL"
    );
    drop(inside);
    assert!(!mac.has_frame(), "a frame waits");
}

/// A frame comes out of the FIFO without its length and checksum.
#[phase7::test(points = 1, rule = 2)]
fn a_frame_is_received() {
    let chip = Chip::default();
    let mut mac = Mac::start(chip.clone(), ADDRESS);
    let mut frame = [0; FRAME_MAX];
    assert_eq!(mac.receive(&mut frame), None, "a frame, when none came");
    let sent: Vec<u8> = (0..60).collect();
    chip.deliver(&sent);
    assert!(mac.has_frame(), "a frame waits");
    assert_eq!(mac.receive(&mut frame), Some(60), "the length of the frame");
    assert_eq!(frame[..60], sent, "the frame");
    assert_eq!(mac.receive(&mut frame), None, "a second frame");
    chip.check();
}

/// A frame goes into the FIFO behind its length, and is sent.
#[phase7::test(points = 1, rule = 5)]
fn a_frame_is_sent() {
    let chip = Chip::default();
    let mut mac = Mac::start(chip.clone(), ADDRESS);
    for length in [60, 61, 62, 63] {
        let frame: Vec<u8> = (0..length).collect();
        assert_eq!(mac.send(&frame), Ok(()), "sending {length} bytes");
        chip.check();
        assert_eq!(chip.take_sent(), Some(frame), "the frame of {length} bytes");
    }
    assert_eq!(mac.send(&[0; 13]), Err(SendError::Length), "13 bytes");
}

/// The interrupt is asked for and refused, and what has happened stays on record.
#[phase7::test(points = 1, rule = 6)]
fn an_interrupt_is_asked_for() {
    let chip = Chip::default();
    let mac = Mac::start(chip.clone(), ADDRESS);
    chip.deliver(&[7; 60]);
    assert!(!chip.interrupts(), "an interrupt, before it was asked for");
    mac.arm();
    assert!(chip.interrupts(), "an interrupt, for the frame that waits");
    mask(&chip);
    assert!(!chip.interrupts(), "an interrupt, after it was masked");
    assert_eq!(chip.0.borrow().ris, RXINT, "RIS, after it was masked");
}

/// smoltcp gets frames by tokens.
#[phase7::test(points = 1, rule = 7)]
fn frames_are_handed_out_by_tokens() {
    let chip = Chip::default();
    let mut frames = Frames::new();
    let mut port = Port::new(Mac::start(chip.clone(), ADDRESS), &mut frames);
    assert_eq!(port.capabilities().max_transmission_unit, FRAME_MAX, "the MTU");
    assert!(port.receive(Instant::ZERO).is_none(), "a frame, when none came");
    chip.deliver(&[1; 64]);
    let (received, to_send) = port.receive(Instant::ZERO).expect("a frame waits");
    let echo = received.consume(<[u8]>::to_vec);
    let length = to_send.consume(64, |frame| {
        frame.copy_from_slice(&echo);
        frame.len()
    });
    assert_eq!(length, 64, "the length of the frame that is filled");
    assert_eq!(chip.take_sent(), Some(vec![1; 64]), "the answer");
    chip.check();
}
