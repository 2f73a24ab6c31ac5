//! The firmware under test on its board, reached through the emulator's network.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Write;
use std::net::TcpStream;

use phase7::qemu::{Live, Port};

use super::http::{self, Response, To};

/// Where the light is.
pub const LED: (Port, u8) = (Port::F, 0);

/// The Ethernet controller's registers.
pub const ETHERNET: u32 = 0x4004_8000;

/// The sensor.
const SENSOR: &str = "tmp105,bus=i2c,address=0x48,id=sensor";

/// The board with the firmware and a sensor at 23.5 °C, once it answers.
pub fn boot() -> Live {
    let mut live = boot_with(&[SENSOR]);
    warm(&mut live, 23_500);
    live
}

/// The board with the firmware and these devices, once it answers.
pub fn boot_with(devices: &[&str]) -> Live {
    let mut live = Live::boot(&phase7::firmware!("thumbv7m-none-eabi"), devices, 80);
    // Before that, whatever comes over the wire is lost, and TCP takes seconds to send it again.
    live.wait_for(
        "the board to switch its Ethernet controller on",
        ETHERNET + 0x08,
        |rctl| rctl & 1 == 1,
    );
    live
}

/// Sets the temperature of the sensor, in thousandths of a degree.
pub fn warm(live: &mut Live, millidegrees: i64) {
    live.set_property("sensor", "temperature", millidegrees);
}

/// Connects to the board.
#[track_caller]
pub fn connect(live: &Live) -> TcpStream {
    phase7::net::connect(live.address())
}

/// Sends a request and reads its response.
#[track_caller]
pub fn ask(stream: &mut TcpStream, request: impl AsRef<[u8]>) -> Response {
    stream
        .write_all(request.as_ref())
        .expect("the connection is open");
    http::read(stream, To::Get)
}

/// The response to a request on a connection of its own.
#[track_caller]
pub fn ask_once(live: &Live, request: impl AsRef<[u8]>) -> Response {
    ask(&mut connect(live), request)
}
