//! The program on the host.

use super::relay::Relay;

/// The program says hello, asks, and prints the answer.
#[phase7::test(points = 2, rule = 36)]
fn the_program_pings_and_asks() {
    let relay = Relay::start(1, 0);
    let output = relay.run(&["ping"]).expect_code(0);
    assert_eq!(output.stdout(), "pong\n", "what ping prints");
    let output = relay.run(&["info"]).expect_code(0);
    assert_eq!(
        output.stdout(),
        "slot A, 0 bytes, CRC 00000000, confirmed\n",
        "what info prints"
    );
    relay.stop();
}

/// The program brings a file over, starts it, and confirms it.
#[phase7::test(points = 2, rule = 37)]
fn the_program_updates_and_confirms() {
    let relay = Relay::start(1, 0);
    let scratch = phase7::Scratch::new();
    let image = super::noise::Random(9).bytes(1_001);
    let path = scratch.write("image.bin", &image);
    let path = path.to_str().expect("a scratch path is UTF-8");
    let output = relay.run(&["update", path]).expect_code(0);
    let crc = serial_protocol::crc::Crc32::of(&image);
    let expected = format!("slot B, 1001 bytes, CRC {crc:08x}, on trial\n");
    assert_eq!(output.stdout(), expected, "what update prints");
    let output = relay.run(&["confirm"]).expect_code(0);
    assert_eq!(output.stdout(), "done\n", "what confirm prints");
    let flash = relay.stop();
    assert_eq!(
        flash.slot(serial_protocol::flash::Slot::B)[..1_001],
        image,
        "slot B of the device"
    );
}
