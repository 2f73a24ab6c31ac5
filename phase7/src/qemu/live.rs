//! A board in the host's time, with a network: for firmware that talks to clients while they wait.
//!
//! [`Board`](super::Board) stands still between calls, which no client of a server would bear with. A [`Live`] board runs from
//! [`Live::boot`] to the end, as fast as the host lets it, and its milliseconds are the host's. So a test of it waits for what
//! it needs and never compares durations.
//!
//! ```text
//! test ──▶ 127.0.0.1:PORT ──▶ emulator's user network ──▶ 10.0.2.15:GUEST_PORT   the board
//! ```
//!
//! The emulator takes any free port and is asked which, so boards never get in each other's way. Through the network the board reaches
//! nothing but the clients that have connected to it.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use serde_json::{Value, json};

use super::{PROGRAM, Port, accept, listen, qmp::Qmp, qtest::Qtest};
use crate::{Program, Running, Scratch, wait};

/// A board that runs. Dropping it ends the emulator.
pub struct Live {
    emulator: Running,
    qmp: Qmp,
    qtest: Qtest,
    address: SocketAddr,
    /// Holds the sockets; outlives the emulator.
    _scratch: Scratch,
}

impl Live {
    /// Loads `firmware`, an ELF file, and starts it. `devices` are more devices on the board, each as QEMU's `-device` takes
    /// it; `guest_port` is the port at which the firmware listens.
    ///
    /// # Panics
    /// When the emulator cannot be started, with its words.
    #[track_caller]
    pub fn boot(firmware: &Path, devices: &[&str], guest_port: u16) -> Self {
        let scratch = Scratch::new();
        let directory = File::open(scratch.path()).expect("a scratch directory can be opened");
        let [qmp, qtest] = ["qmp", "qtest"].map(|name| listen(&directory, name));
        let firmware = std::path::absolute(firmware).expect("the current directory has a name");
        let mut emulator = Program::new(PROGRAM)
            .dir(scratch.path())
            .args(["-M", "lm3s6965evb", "-nodefaults", "-display", "none", "-S"])
            .args(["-accel", "tcg,tb-size=32"])
            .args(["-qmp", "unix:qmp", "-qtest", "unix:qtest", "-qtest-log", "none"])
            .arg("-nic")
            .arg(format!("user,restrict=on,hostfwd=tcp:127.0.0.1:0-:{guest_port}"))
            .args(devices.iter().flat_map(|device| ["-device", device]))
            .arg("-kernel")
            .arg(&firmware)
            .spawn();
        let [qmp, qtest] = [qmp, qtest].map(|listener| accept(&listener, &mut emulator));
        let qmp = match Qmp::new(qmp) {
            Ok(qmp) => qmp,
            Err(error) => panic!("{error}\n{}", emulator.stderr_so_far()),
        };
        let mut live = Self {
            emulator,
            qmp,
            qtest: Qtest::new(qtest),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            _scratch: scratch,
        };
        let network = live.monitor("info usernet");
        let port = forwarded_port(&network)
            .unwrap_or_else(|| panic!("{PROGRAM} does not say which port it forwards:\n{network}"));
        live.address.set_port(port);
        live.execute("cont", json!({}));
        live
    }

    /// Where clients find the board.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the 32 bits at `address` are as `condition` wants them, and returns them.
    ///
    /// # Panics
    /// At the deadline, naming `what` was awaited.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, address: u32, condition: impl Fn(u32) -> bool) -> u32 {
        wait::until_some(what, wait::DEADLINE, || {
            let value = self.read(address);
            condition(value).then_some(value)
        })
    }

    /// Reads the 32 bits at `address` as the processor would.
    #[track_caller]
    pub fn read(&mut self, address: u32) -> u32 {
        let value = self.qtest.read(address);
        self.check(value)
    }

    /// Writes the 32 bits at `address` as the processor would.
    #[track_caller]
    pub fn write(&mut self, address: u32, value: u32) {
        let written = self.qtest.write(address, value);
        self.check(written);
    }

    /// The level that `pin` of `port` has.
    #[track_caller]
    pub fn is_high(&mut self, port: Port, pin: u8) -> bool {
        // Bits 9:2 of a data address are the mask of the pins that are read.
        self.read(port as u32 + (4 << pin)) != 0
    }

    /// The memory from `address` on, of `length` bytes.
    #[track_caller]
    pub fn memory(&mut self, address: u32, length: u32) -> Vec<u8> {
        let bytes = self.qtest.read_bytes(address, length);
        self.check(bytes)
    }

    /// Sets a property of the device with the identity `id`, such as the temperature of a sensor.
    #[track_caller]
    pub fn set_property(&mut self, id: &str, property: &str, value: i64) {
        let path = format!("/machine/peripheral/{id}");
        self.execute(
            "qom-set",
            json!({ "path": path, "property": property, "value": value }),
        );
    }

    /// What the emulator's monitor for people answers.
    #[track_caller]
    fn monitor(&mut self, command: &str) -> String {
        let answer = self.execute("human-monitor-command", json!({ "command-line": command }));
        answer.as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    fn execute(&mut self, command: &str, arguments: Value) -> Value {
        let answer = self.qmp.execute(command, arguments);
        self.check(answer)
    }

    /// The answer, or a panic with what the emulator has said.
    #[track_caller]
    fn check<T>(&mut self, answer: Result<T, String>) -> T {
        answer.unwrap_or_else(|error| panic!("{error}\n{PROGRAM}: {}", self.emulator.stderr_so_far()))
    }
}

/// The host's port of the one forwarding rule.
///
/// ```text
///   TCP[HOST_FORWARD]   8       127.0.0.1 34011       10.0.2.15    80     0     0
/// ```
fn forwarded_port(network: &str) -> Option<u16> {
    let rule = network
        .lines()
        .find(|line| line.trim_start().starts_with("TCP[HOST_FORWARD]"))?;
    rule.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_stands_behind_the_address() {
        let network = "Hub -1 (#net091):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n  \
             TCP[ESTABLISHED]    9       127.0.0.1  5555       10.0.2.15    80     0     0\r\n  \
             TCP[HOST_FORWARD]   8       127.0.0.1 34011       10.0.2.15    80     0     0\r\n";
        assert_eq!(forwarded_port(network), Some(34_011));
        assert_eq!(forwarded_port("Hub -1 (#net091):\r\n"), None);
    }
}
