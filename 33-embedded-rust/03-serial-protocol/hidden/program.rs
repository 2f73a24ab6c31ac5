//! The program against a noisy line, a stranger, and nobody.

use std::io::{Read, Write};

use serial_protocol::flash::Slot;

use super::noise::Random;
use super::peer::{Ear, HELLO, REFUSE, frame};
use super::relay::Relay;

/// An update over a line that damages one byte in 400, each way.
#[phase7::test(points = 2, rule = 37, timeout_s = 60)]
fn the_program_updates_over_noise() {
    let relay = Relay::start(21, 400);
    let scratch = phase7::Scratch::new();
    let image = Random(10).bytes(1_000);
    let path = scratch.write("image.bin", &image);
    let output = relay
        .run(&["update", path.to_str().expect("a scratch path is UTF-8")])
        .expect_code(0);
    assert!(
        output.stdout().starts_with("slot B, 1000 bytes, "),
        "what it prints: {}",
        output.stdout()
    );
    let flash = relay.stop();
    assert_eq!(flash.slot(Slot::B)[..1_000], image, "slot B of the device");
}

/// What cannot be done is one line on standard error and exit code 1.
#[phase7::test(points = 2, rule = 36)]
fn what_cannot_be_done_is_said_in_a_line() {
    let relay = Relay::start(1, 0);
    let output = relay.run(&["counters"]).expect_code(0);
    assert!(
        output.stdout().starts_with("delivered 1\nrepeated "),
        "what counters prints: {}",
        output.stdout()
    );
    let output = relay.run(&["confirm"]).expect_code(1);
    assert_eq!(
        output.stderr(),
        "serial-protocol: the device refuses: NotOnTrial\n",
        "confirm without a trial"
    );
    let scratch = phase7::Scratch::new();
    let path = scratch.write("empty", "");
    let output = relay
        .run(&["update", path.to_str().expect("a scratch path is UTF-8")])
        .expect_code(1);
    assert_eq!(
        output.stderr(),
        "serial-protocol: the device refuses: BadLength\n",
        "an empty image"
    );
    relay.stop();
}

/// A device of other versions is named as what it is.
#[phase7::test(points = 1, rule = 35)]
fn a_stranger_is_told_from_silence() {
    let listener = phase7::net::listener();
    let port = format!(
        "tcp:{}",
        listener.local_addr().expect("a listener has an address")
    );
    let stranger = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the program connects");
        let (mut ear, mut bytes) = (Ear::default(), [0; 64]);
        loop {
            let count = stream.read(&mut bytes).expect("the program says hello");
            assert_ne!(count, 0, "the program closed the line without a hello");
            let Some(hello) = ear
                .hear(&bytes[..count])
                .into_iter()
                .find(|frame| frame.kind == HELLO)
            else {
                continue;
            };
            let answer = frame(0, REFUSE, hello.session, 0, &[3, 7]);
            stream.write_all(&answer.wire()).expect("the program listens");
            break hello.payload;
        }
    });
    let output = phase7::program!()
        .args(["--port", &port, "ping"])
        .run()
        .expect_code(1);
    assert_eq!(
        stranger.join().expect("it hears a hello"),
        [1, 2],
        "the versions that the program offers"
    );
    let expected =
        "serial-protocol: the device speaks versions 3 to 7 of the protocol, this program 1 to 2\n";
    assert_eq!(output.stderr(), expected, "what the program says");
}
