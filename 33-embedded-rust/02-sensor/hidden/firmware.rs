//! The firmware on its board, rules 25 to 28: sensors that change, that are missing, and a bus that hangs.

use std::time::Duration;

use phase7::qemu::Transfer;

use super::board;

/// Every temperature that the sensor has, negative and fractional: what is set is what is printed.
#[phase7::test(
    points = 3,
    rule = 25,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn every_kind_of_temperature_is_printed() {
    let mut board = board::boot(&board::SENSORS);
    let mut expected = Vec::new();
    for (line, sixteenths) in (0..).zip([-1, -880, 2_047, 0, 1, -2_047, 293]) {
        board::warm(&mut board, "outside", sixteenths);
        board::run_until(&mut board, 2_000 * line + 1_900);
        let sign = if sixteenths < 0 { "-" } else { "" };
        let exact = sixteenths.unsigned_abs() * 625;
        expected.push(format!("{sign}{}.{:04}", exact / 10_000, exact % 10_000));
    }
    let lines = board::lines(&mut board, "49: ");
    let means: Vec<_> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(
        means, expected,
        "the means of the sensor outside, a line every two seconds"
    );
    assert_eq!(
        board::lines(&mut board, "48: "),
        ["0.0000 0.0000"; 7],
        "the sensor inside, which nobody warms"
    );
}

/// Two samples a second apart make a mean, and the means go through the filter.
#[phase7::test(
    points = 2,
    rule = 25,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn a_change_between_samples_is_averaged() {
    let mut board = board::boot(&board::SENSORS);
    board::warm(&mut board, "inside", 320);
    // Samples are taken at 0 s and 1 s, 2 s and 3 s; each is over 0.7 s later.
    board::run_until(&mut board, 900);
    board::warm(&mut board, "inside", 331);
    board::run_until(&mut board, 2_900);
    board::warm(&mut board, "inside", -160);
    board::run_until(&mut board, 5_900);
    assert_eq!(
        board::lines(&mut board, "48: "),
        ["20.3750 20.3750", "5.3750 16.6250", "-10.0000 10.0000"],
        "20 and 20.6875 degrees, then 20.6875 and -10, then -10 twice"
    );
}

/// A sensor that is not there is reported, and the other one goes on.
#[phase7::test(
    points = 2,
    rule = 26,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn a_missing_sensor_is_reported() {
    let mut board = board::boot(&board::SENSORS[..1]);
    board::warm(&mut board, "inside", -8);
    board::run_until(&mut board, 3_900);
    assert_eq!(
        board::lines(&mut board, "49: "),
        ["arbitration lost, bus free after 0"; 4],
        "what the board says of the sensor outside, once a second"
    );
    assert_eq!(
        board::lines(&mut board, "48: "),
        ["-0.5000 -0.5000"; 2],
        "the sensor inside"
    );
}

/// While SDA hangs the board clocks SCL nine times; when it is let go in between, fewer.
#[phase7::test(
    points = 3,
    rule = 26,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn a_hanging_bus_is_clocked() {
    let mut board = board::boot(&board::SENSORS[1..]);
    board.set_input(board::SDA.0, board::SDA.1, false);
    board::run_until(&mut board, 900);
    let falling = |edges: Vec<phase7::qemu::Edge>| edges.iter().filter(|edge| !edge.high).count();
    let clocks = falling(board.edges(board::SCL.0, board::SCL.1));
    assert_eq!(
        board::lines(&mut board, "48: "),
        ["arbitration lost, bus stuck"],
        "a bus that stays low"
    );
    // One more than the clocks: before the firmware has set the pin up, the line is low.
    assert!((9..=10).contains(&clocks), "{clocks} times SCL went low, not 9");
    board.set_input(board::SDA.0, board::SDA.1, true);
    board::run_until(&mut board, 1_900);
    assert_eq!(
        board::lines(&mut board, "48: "),
        [
            "arbitration lost, bus stuck",
            "arbitration lost, bus free after 0"
        ],
        "after the bus was let go"
    );
    assert_eq!(
        board::lines(&mut board, "49: "),
        ["0.0000 0.0000"],
        "the other sensor"
    );
}

/// What goes over the bus: limits and configuration once, then a one-shot each second.
#[phase7::test(
    points = 2,
    rule = 27,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_sensors_are_set_up_once_and_then_woken() {
    let mut board = board::boot(&board::SENSORS);
    board::run_until(&mut board, 1_900);
    let sent = |bytes: &[u8]| Transfer {
        address: 0x49,
        sent: bytes.to_vec(),
        received: Vec::new(),
    };
    let received = Transfer {
        received: vec![0, 0],
        ..sent(&[])
    };
    let one_shot = [sent(&[0x01, 0xE1]), sent(&[0x00]), received];
    let mut expected = vec![
        sent(&[0x02, 0x19, 0x00]),
        sent(&[0x03, 0x1E, 0x00]),
        sent(&[0x01, 0x61]),
    ];
    expected.extend_from_slice(&one_shot);
    expected.extend(one_shot);
    let outside: Vec<_> = board
        .transfers()
        .iter()
        .filter(|transfer| transfer.address == 0x49)
        .cloned()
        .collect();
    assert_eq!(outside, expected, "the transfers to and from 0x49");
    assert_eq!(board.read(0x4002_000C), 6, "MTPR");
    assert_eq!(
        board.read(0x400F_E104) & (1 << 12),
        1 << 12,
        "RCGC1: the clock of I2C0"
    );
    assert_eq!(board.read(0x400F_E108) & 0b10, 0b10, "RCGC2: the clock of port B");
}

/// The processor sleeps while the sensors convert, and in between.
#[phase7::test(
    points = 2,
    rule = 28,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_processor_sleeps() {
    let mut board = board::boot(&board::SENSORS);
    board::run_until(&mut board, 100);
    let before = board.instructions();
    board.run_for(Duration::from_secs(4));
    let per_ms = (board.instructions() - before) / 4_000;
    assert!(
        (1..=200).contains(&per_ms),
        "{per_ms} instructions a millisecond, not 1 to 200"
    );
    assert_eq!(board.uart().lines().count(), 4, "lines in 4.1 s");
}
