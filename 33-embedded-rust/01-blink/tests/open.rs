//! x
#[path = "support/board.rs"]
mod board;

use std::time::Duration;
#[phase7::test(points = 2, rule = 1, timeout_s = 120, needs = "qemu-system-arm, thumbv7m-none-eabi")]
fn the_light_blinks_once_a_second() {
    let t = std::time::Instant::now();
    let mut b = board::boot();
    eprintln!("{:?}", t.elapsed());
    b.run_until(Duration::from_micros(500250)); eprintln!("{} {:?}", b.instructions(), b.edges(board::LED.0, 0));
    b.run_until(Duration::from_micros(1_000_250)); eprintln!("{} ", b.instructions());
    board::press(&mut b, true);
    b.run_until(Duration::from_micros(2_000_250)); eprintln!("{} ", b.instructions());
    eprintln!("{:?}", board::light(&mut b, Duration::ZERO));
    b.run_until(Duration::from_micros(10_000_250)); eprintln!("{} ", b.instructions());
    let l = board::light(&mut b, Duration::from_secs(2));
    eprintln!("{} {:?} {:?}", l.len(), l.last(), &board::intervals_us(&l)[..5]);
    eprintln!("{:?}", t.elapsed());
    eprintln!("DIR {:#x} DEN {:#x} RCC {:#x} SYST {:#x}", b.read(0x40025400), b.read(0x4002551c), b.read(0x400fe060), b.read(0xe000e014));
}
