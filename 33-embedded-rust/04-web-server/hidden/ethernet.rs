//! The controller when frames are odd, too many, or not frames at all.

use smoltcp::phy::Device;
use smoltcp::time::Instant;
use web_server::ethernet::{FRAME_MAX, Mac, SendError, mask};
use web_server::gate::opens;
use web_server::phy::{Frames, Port};

use super::chip::{Chip, DATA, FOV, IM, NP, RCTL, RIS, RXER, RXINT, TR, TXER};
use super::lab::Lab;

const ADDRESS: [u8; 6] = [0x02, 0, 0, 0, 0, 1];

/// A chip with a driver.
fn start() -> (Chip, Mac<Chip>) {
    let chip = Chip::default();
    let mac = Mac::start(chip.clone(), ADDRESS);
    chip.take_log();
    (chip, mac)
}

/// A frame of `length` bytes, unlike that of another length.
fn frame(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + length * 3) as u8).collect()
}

/// Every length that a frame can have, in pairs: what is left of one must not be taken for the next.
#[phase7::test(points = 2, rule = 2)]
fn frames_of_every_length_are_received() {
    let (chip, mut mac) = start();
    let mut buffer = [0; FRAME_MAX];
    for length in (14..200).chain(FRAME_MAX - 8..=FRAME_MAX) {
        let lengths = [length, 14 + length % 5];
        lengths.iter().for_each(|&length| chip.deliver(&frame(length)));
        for length in lengths {
            assert_eq!(mac.receive(&mut buffer), Some(length), "the length of a frame");
            assert_eq!(buffer[..length], frame(length), "a frame of {length} bytes");
        }
    }
    assert_eq!(mac.receive(&mut buffer), None, "a frame, when all were taken");
    chip.check();
}

/// What is no frame is dropped, and the next is given at once.
#[phase7::test(points = 2, rule = 3)]
fn what_is_no_frame_is_dropped() {
    let (chip, mut mac) = start();
    chip.0.borrow_mut().is_roomy = true;
    let mut buffer = [0; FRAME_MAX];
    for length in [0, 1, 13, FRAME_MAX + 1, FRAME_MAX + 4, 2_042] {
        chip.deliver(&frame(length));
        chip.deliver(&frame(60));
        assert_eq!(
            mac.receive(&mut buffer),
            Some(60),
            "the length of the frame behind one of {length} bytes"
        );
        assert_eq!(buffer[..60], frame(60), "the frame behind one of {length} bytes");
    }
    assert_eq!(mac.counters().dropped, 6, "frames that were dropped");
    assert_eq!(mac.counters().received, 6, "frames that were received");
    chip.check();
}

/// A length that cannot be empties the FIFO, with the receiver off.
#[phase7::test(points = 2, rule = 3)]
fn a_senseless_length_empties_the_fifo() {
    let mut buffer = [0; FRAME_MAX];
    for total in [0_u16, 5, 2_049, u16::MAX] {
        let (chip, mut mac) = start();
        let mut bytes = total.to_le_bytes().to_vec();
        bytes.resize(64, 0xEE);
        chip.corrupt(&bytes);
        chip.deliver(&frame(60));
        assert_eq!(
            mac.receive(&mut buffer),
            None,
            "a frame, behind a length of {total}"
        );
        assert_eq!(
            chip.take_writes(RCTL),
            [0, 0x10, 0x09],
            "RCTL, after a length of {total}"
        );
        assert_eq!(mac.counters().dropped, 1, "frames that were dropped");
        chip.deliver(&frame(61));
        assert_eq!(mac.receive(&mut buffer), Some(61), "the next frame");
        chip.check();
    }
}

/// After an overrun the FIFO is emptied and reception goes on.
#[phase7::test(points = 2, rule = 4)]
fn reception_goes_on_after_an_overrun() {
    let (chip, mut mac) = start();
    let mut buffer = [0; FRAME_MAX];
    for overruns in 1..=3 {
        (0..4).for_each(|_| chip.deliver(&frame(1_000)));
        assert_eq!(chip.0.borrow().ris & FOV, FOV, "RIS, with more frames than fit");
        assert_eq!(mac.receive(&mut buffer), None, "a frame, after an overrun");
        assert_eq!(chip.take_writes(RCTL), [0, 0x10, 0x09], "RCTL");
        assert_eq!(mac.counters().overruns, overruns, "overruns");
        assert_eq!(chip.0.borrow().ris & FOV, 0, "RIS, after it");
        chip.deliver(&frame(100));
        assert_eq!(mac.receive(&mut buffer), Some(100), "the next frame");
    }
    chip.check();
}

/// Events are forgotten before frames are counted, and only those of the receiver.
#[phase7::test(points = 2, rule = 4)]
fn events_are_forgotten_before_frames_are_counted() {
    let (chip, mut mac) = start();
    chip.deliver(&frame(60));
    chip.0.borrow_mut().ris |= RXER | TXER;
    let mut buffer = [0; FRAME_MAX];
    mac.receive(&mut buffer);
    assert_eq!(chip.0.borrow().ris, TXER, "RIS, after a frame was received");
    let log = chip.take_log();
    let forgotten = log
        .iter()
        .position(|&(is_write, at, value)| is_write && at == RIS && value & RXINT != 0);
    let counted = log.iter().position(|&(is_write, at, _)| !is_write && at == NP);
    assert!(
        forgotten.is_some() && forgotten < counted,
        "RXINT is forgotten (access {forgotten:?}) before NP is read (access {counted:?})"
    );
}

/// The FIFO is written to only when it is free, and cleared after an error.
#[phase7::test(points = 2, rule = 5)]
fn nothing_is_sent_over_a_frame_that_is_being_sent() {
    let (chip, mut mac) = start();
    chip.0.borrow_mut().is_slow = true;
    assert_eq!(mac.send(&frame(60)), Ok(()), "the first frame");
    assert!(!mac.can_send(), "whether another can be sent");
    chip.take_log();
    assert_eq!(mac.send(&frame(61)), Err(SendError::Busy), "the second");
    for length in [0, 13, FRAME_MAX + 1] {
        assert_eq!(mac.send(&frame(length)), Err(SendError::Length), "{length} bytes");
    }
    assert!(
        chip.take_log().iter().all(|&(is_write, _, _)| !is_write),
        "nothing is written for frames that are not sent"
    );
    chip.0.borrow_mut().is_sending = false;
    chip.0.borrow_mut().ris |= TXER;
    chip.0.borrow_mut().to_send = vec![1; 8];
    assert_eq!(mac.send(&frame(62)), Ok(()), "a frame after an error");
    assert_eq!(chip.0.borrow().ris & TXER, 0, "RIS, after it");
    let sent: Vec<Vec<u8>> = std::iter::from_fn(|| chip.take_sent()).collect();
    assert_eq!(sent, [frame(60), frame(62)], "frames that went out");
    chip.check();
}

/// The words of a short frame, and of the longest.
#[phase7::test(points = 1, rule = 5)]
fn a_frame_is_written_in_words() {
    let (chip, mut mac) = start();
    let short: Vec<u8> = (1..=15).collect();
    assert_eq!(mac.send(&short), Ok(()), "sending 15 bytes");
    let log = chip.take_log().into_iter();
    let writes: Vec<(u32, u32)> = log
        .filter(|&(is_write, ..)| is_write)
        .map(|(_, at, value)| (at, value))
        .collect();
    let words = [0x0201_0001, 0x0605_0403, 0x0A09_0807, 0x0E0D_0C0B, 0x0000_000F];
    let mut expected: Vec<(u32, u32)> = words.map(|word| (DATA, word)).to_vec();
    expected.push((TR, 1));
    assert_eq!(writes, expected, "what is written, and where");
    assert_eq!(mac.send(&frame(FRAME_MAX)), Ok(()), "the longest frame");
    assert_eq!(mac.counters().sent, 2, "frames that were sent");
    chip.check();
}

/// The interrupt's part is one write to one register.
#[phase7::test(points = 1, rule = 6)]
fn the_interrupt_touches_one_register() {
    let (chip, mac) = start();
    mac.arm();
    assert_eq!(chip.take_log(), [(true, IM, 0x19)], "accesses of arm");
    mask(&chip);
    assert_eq!(chip.take_log(), [(true, IM, 0)], "accesses of mask");
}

/// No frame is handed out while its answer could not be sent; one that was looked at stays.
#[phase7::test(points = 2, rule = 7)]
fn frames_wait_for_the_sender() {
    let (chip, mac) = start();
    let mut frames = Frames::new();
    let mut port = Port::new(mac, &mut frames);
    chip.deliver(&frame(60));
    chip.deliver(&frame(61));
    chip.0.borrow_mut().is_sending = true;
    assert!(
        port.receive(Instant::ZERO).is_none(),
        "a frame, while another is sent"
    );
    assert!(
        port.transmit(Instant::ZERO).is_none(),
        "leave to send, while another is sent"
    );
    assert!(port.has_frame(), "whether a frame waits");
    assert_eq!(port.peek(), Some(&frame(60)[..]), "the next frame");
    assert_eq!(
        port.peek(),
        Some(&frame(60)[..]),
        "the next frame, looked at again"
    );
    chip.0.borrow_mut().is_sending = false;
    let received = port
        .receive(Instant::ZERO)
        .map(|(received, _)| smoltcp::phy::RxToken::consume(received, <[u8]>::to_vec));
    assert_eq!(received, Some(frame(60)), "the frame that was looked at");
    assert_eq!(port.peek(), Some(&frame(61)[..]), "the frame behind it");
    port.discard();
    assert!(
        port.peek().is_none() && !port.has_frame(),
        "after it was discarded"
    );
    assert!(port.transmit(Instant::ZERO).is_some(), "leave to send");
}

/// A SYN is known, and nothing else is taken for one.
#[phase7::test(points = 2, rule = 8)]
fn a_syn_is_known() {
    // The server's SYN-ACK is the first TCP segment that it sends; with other flags it is any other.
    let mut lab = Lab::start();
    lab.connect();
    let is_tcp = |frame: &&Vec<u8>| frame.len() >= 54 && frame[12..14] == [8, 0] && frame[23] == 6;
    let syn_ack = lab
        .frames
        .iter()
        .find(is_tcp)
        .expect("the server answers")
        .clone();
    let with = |at: usize, value: u8| {
        let mut frame = syn_ack.clone();
        frame[36..38].copy_from_slice(&80_u16.to_be_bytes());
        frame[47] = 0x02;
        frame[at] = value;
        frame
    };
    assert!(opens(&with(47, 0x02), 80), "a SYN");
    assert!(opens(&with(47, 0xC2), 80), "a SYN with the flags of ECN");
    for (frame, what) in [
        (with(47, 0x12), "a SYN with ACK"),
        (with(47, 0x10), "an ACK"),
        (with(47, 0x04), "a reset"),
        (with(37, 81), "a SYN to another port"),
        (with(23, 17), "UDP"),
        (with(12, 0x86), "another protocol than IPv4"),
        (with(21, 0x10), "a later fragment"),
        (with(14, 0x65), "another version of IP"),
        (with(46, 0xF0), "a header longer than the segment"),
        (syn_ack[..40].to_vec(), "half a SYN"),
        (Vec::new(), "nothing"),
    ] {
        assert!(!opens(&frame, 80), "{what} is taken for a SYN to port 80");
    }
}
