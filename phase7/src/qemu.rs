//! A board in QEMU, watched from outside: its firmware helps with nothing and cannot tell.
//!
//! The board is the LM3S6965 evaluation board (`lm3s6965evb`, Cortex-M3). A test moves its time by hand:
//!
//! - [`Board::boot`] loads an ELF file and stops before the first instruction
//! - [`Board::run_for`] lets so much emulated time pass, then the machine stands still again
//! - between runs: [`Board::set_input`] drives a pin, [`Board::set_property`] warms a sensor, [`Board::read`] reads a
//!   register, [`Board::edges`] is the logic analyser, [`Board::transfers`] that of the I2C bus,
//!   [`Board::instructions`] the instruction count, [`Board::uart`] what the UART has sent,
//!   [`Board::uart_receive`] gives it bytes, [`Board::reset`] resets the board
//!
//! # Time
//! With `-icount shift=6,sleep=off` each instruction takes 64 ns of emulated time, and a processor that sleeps
//! goes to the next timer at once: nothing depends on the host's clock, and two runs are the same run. Host time
//! says nothing then, and no interface of QEMU tells the emulated time of an edge. Two timers of the board, which
//! the test programs before the first instruction runs, do:
//!
//! ```text
//! alarm  watchdog  its second expiry would reset the chip; -action watchdog=pause stops the machine instead
//! ruler  GPTM3     ticks every RULER_US; its ticks stand between the edges in the trace log, see [`trace`]
//! ```
//!
//! Neither interrupt is enabled in the NVIC, so the processor never notices. A stop comes up to two slots of the
//! ruler later than asked, because the emulator moves its clock to the next timer before it heeds the alarm: always
//! by the same time while the processor sleeps. One that is awake runs on for some microseconds of host time, which
//! may be milliseconds of its own. So a test that drives inputs lets its stops fall where the firmware sleeps, and
//! first asks [`Board::instructions`] whether it does. A late stop hardly moves the next: the ruler tells the time.
//!
//! Both timers count the core clock: firmware that changes RCC changes the measure. RCC is there to be read.
//!
//! Firmware with a network is another matter: its clients do not stand still. It runs on a [`Live`] board.
//!
//! Not taken: pin interception by qtest has the edges but no emulated time; record and replay needs a second run for
//! each question.

pub mod i2c;
mod live;
mod qmp;
mod qtest;
pub mod trace;
mod uart;

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Program, Running, Scratch, wait};
pub use i2c::Transfer;
pub use live::Live;
use qmp::Qmp;
use qtest::Qtest;
pub use trace::Edge;
use trace::Trace;
pub use uart::FIFO as UART_FIFO;
use uart::Uart;

/// The emulator.
pub const PROGRAM: &str = "qemu-system-arm";

/// The core clock after reset, which the alarm and the ruler count.
pub const CORE_CLOCK_HZ: u64 = 12_500_000;

/// Emulated time between two ticks of the ruler: what the times of edges are rounded down to.
pub const RULER_US: u64 = 100;

/// Host time that one call may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// The watchdog: LOAD, CTL (bit 0 interrupt, bit 1 reset).
const WATCHDOG: u32 = 0x4000_0000;
const WATCHDOG_CTL: u32 = WATCHDOG + 0x008;

/// GPTM3: CFG 0 is one 32-bit timer, TAMR 2 is periodic, CTL bit 0 starts, IMR bit 0 lets it interrupt.
const RULER: u32 = 0x4003_3000;
const RULER_TAMR: u32 = RULER + 0x004;
const RULER_CTL: u32 = RULER + 0x00C;
const RULER_IMR: u32 = RULER + 0x018;
const RULER_TAILR: u32 = RULER + 0x028;
/// Interrupt 35; exceptions begin 16 before.
const RULER_EXCEPTION: u32 = 16 + 35;

/// A port's registers in the processor's address space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// GPIOA.
    A = 0x4000_4000,
    /// GPIOB.
    B = 0x4000_5000,
    /// GPIOC.
    C = 0x4000_6000,
    /// GPIOD.
    D = 0x4000_7000,
    /// GPIOE.
    E = 0x4002_4000,
    /// GPIOF: the LED on 0, the select button on 1.
    F = 0x4002_5000,
    /// GPIOG.
    G = 0x4002_6000,
}

/// A board whose time stands still between calls. Dropping it ends the emulator.
pub struct Board {
    emulator: Running,
    qmp: Qmp,
    qtest: Qtest,
    trace: Trace,
    uart: Uart,
    /// The time at which the machine was last asked to stop.
    asked: Duration,
    /// Whether the watchdog has expired since reset: from then on an expiry stops the machine.
    is_alarm_due: bool,
    /// Whether the firmware has reset the board, which stands still until [`Board::reset`].
    has_reset: bool,
    /// Holds the log and the sockets; outlives the emulator.
    _scratch: Scratch,
}

impl Board {
    /// Loads `firmware`, an ELF file, and stops before its first instruction.
    ///
    /// Inputs that nobody drives are low.
    ///
    /// # Panics
    /// When the emulator cannot be started, with its words.
    #[track_caller]
    pub fn boot(firmware: &Path) -> Self {
        Self::boot_with(firmware, &[])
    }

    /// As [`Board::boot`], with more devices on the board, each as QEMU's `-device` takes it.
    ///
    /// # Panics
    /// When the emulator cannot be started, with its words.
    #[track_caller]
    pub fn boot_with(firmware: &Path, devices: &[&str]) -> Self {
        let scratch = Scratch::new();
        let directory = File::open(scratch.path()).expect("a scratch directory can be opened");
        let [qmp, qtest, uart] = ["qmp", "qtest", "uart0"].map(|name| listen(&directory, name));
        let firmware = std::path::absolute(firmware).expect("the current directory has a name");
        let mut emulator = Program::new(PROGRAM)
            .dir(scratch.path())
            .args(["-M", "lm3s6965evb", "-nodefaults", "-display", "none", "-S"])
            .args(["-accel", "tcg,tb-size=32", "-icount", "shift=6,sleep=off"])
            .args(["-qmp", "unix:qmp", "-qtest", "unix:qtest", "-qtest-log", "none"])
            .args(["-action", "watchdog=pause,reboot=shutdown,shutdown=pause"])
            .args([
                "-d",
                &format!("{},{}", trace::EVENTS, i2c::EVENTS),
                "-D",
                "trace.log",
            ])
            .args(devices.iter().flat_map(|device| ["-device", device]))
            .args([
                "-chardev",
                "socket,id=uart0,path=uart0",
                "-serial",
                "chardev:uart0",
            ])
            .arg("-kernel")
            .arg(&firmware)
            .spawn();
        // The emulator connects its character devices first.
        let [uart, qmp, qtest] = [uart, qmp, qtest].map(|listener| accept(&listener, &mut emulator));
        let qmp = match Qmp::new(qmp) {
            Ok(qmp) => qmp,
            Err(error) => panic!("{error}\n{}", emulator.stderr_so_far()),
        };
        let trace =
            Trace::open(&scratch.join("trace.log"), RULER_EXCEPTION, RULER_US).expect("the emulator made it");
        let mut board = Self {
            emulator,
            qmp,
            qtest: Qtest::new(qtest),
            trace,
            uart: Uart::new(uart),
            asked: Duration::ZERO,
            is_alarm_due: false,
            has_reset: false,
            _scratch: scratch,
        };
        board.start_timers();
        board
    }

    /// Starts the ruler and the alarm, which a reset stops.
    #[track_caller]
    fn start_timers(&mut self) {
        self.write(RULER_TAMR, 2);
        self.write(RULER_TAILR, cycles(Duration::from_micros(RULER_US)));
        self.write(RULER_IMR, 1);
        self.write(RULER_CTL, 1);
        self.write(WATCHDOG_CTL, 3);
        self.is_alarm_due = false;
    }

    /// Resets the board, as its reset button does, before the first instruction again. RAM keeps what it holds, but for
    /// what the ELF file puts there. Time goes on from where it was.
    #[track_caller]
    pub fn reset(&mut self) {
        self.execute("set-action", json!({ "reboot": "reset" }));
        self.execute("system_reset", json!({}));
        let reset = self.qmp.wait_for_event("RESET");
        self.check(reset);
        self.execute("set-action", json!({ "reboot": "shutdown" }));
        self.has_reset = false;
        self.start_timers();
    }

    /// Whether the firmware has reset the board. It stands still then, whatever [`Board::run_for`] says, until
    /// [`Board::reset`].
    pub fn has_reset(&self) -> bool {
        self.has_reset
    }

    /// Lets `duration` of emulated time pass.
    ///
    /// # Panics
    /// As [`Board::run_until`] does.
    #[track_caller]
    pub fn run_for(&mut self, duration: Duration) {
        self.run_until(self.asked + duration);
    }

    /// Lets emulated time pass until `time` since reset, rounded down to a slot of the ruler.
    ///
    /// # Panics
    /// When the processor locks up, which ends the emulator, or the emulator takes too long.
    #[track_caller]
    pub fn run_until(&mut self, time: Duration) {
        let slot_us = u64::try_from(time.as_micros()).expect("less than an age") / RULER_US * RULER_US;
        let passed_us = self.trace.time_us();
        self.asked = time;
        if slot_us <= passed_us || self.has_reset {
            return;
        }
        let load = cycles(Duration::from_micros(slot_us - passed_us + RULER_US / 2));
        // The first expiry only raises the interrupt, and the counter starts anew; every later one pauses.
        self.write(WATCHDOG, if self.is_alarm_due { load } else { load / 2 });
        self.execute("cont", json!({}));
        let stopped = self.qmp.wait_for_event("STOP");
        self.check(stopped);
        self.has_reset = self.execute("query-status", json!({}))["status"] == "shutdown";
        self.is_alarm_due = true;
        let read = self.trace.catch_up();
        self.check(read.map_err(|error| format!("cannot read the trace: {error}")));
    }

    /// Emulated time since reset, as the ruler has it.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.trace.time_us())
    }

    /// Instructions executed since reset.
    #[track_caller]
    pub fn instructions(&mut self) -> u64 {
        self.execute("query-replay", json!({}))["icount"]
            .as_u64()
            .expect("the emulator counts instructions")
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

    /// Drives `pin` of `port` from outside.
    #[track_caller]
    pub fn set_input(&mut self, port: Port, pin: u8, high: bool) {
        let path = self.path_of(port);
        let set = self.qtest.set_input(&path, pin, high);
        self.check(set);
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

    /// What has gone over the I2C bus since reset, oldest first.
    pub fn transfers(&self) -> &[Transfer] {
        self.trace.transfers()
    }

    /// The edges of `pin` of `port` from reset to the time that the machine was last asked to stop at.
    #[track_caller]
    pub fn edges(&mut self, port: Port, pin: u8) -> Vec<Edge> {
        let path = self.path_of(port);
        let mut edges = self.trace.edges(&path, pin);
        edges.retain(|edge| u128::from(edge.at_us) <= self.asked.as_micros());
        edges
    }

    /// What UART0 has sent since the board was made, as text.
    pub fn uart(&mut self) -> String {
        String::from_utf8_lossy(self.uart.sent()).into_owned()
    }

    /// What UART0 has sent since this was last asked.
    pub fn uart_sent(&mut self) -> Vec<u8> {
        self.uart.sent_since()
    }

    /// Puts bytes into the receive FIFO of UART0, which has room for so many: [`UART_FIFO`] when the firmware has turned
    /// the FIFO on and emptied it, one when it is off.
    ///
    /// # Panics
    /// When the emulator does not take them.
    #[track_caller]
    pub fn uart_receive(&mut self, bytes: &[u8]) {
        self.uart.receive(bytes);
    }

    /// The port's device in the object tree: the one whose registers lie where the port's do.
    #[track_caller]
    fn path_of(&mut self, port: Port) -> String {
        let devices = self.execute("qom-list", json!({ "path": "/machine/unattached" }));
        let devices = devices.as_array().cloned().unwrap_or_default();
        let ports = devices
            .iter()
            .filter(|device| device["type"].as_str().is_some_and(|name| name.contains("pl061")));
        for device in ports {
            let path = format!(
                "/machine/unattached/{}",
                device["name"].as_str().unwrap_or_default()
            );
            let at = json!({ "path": format!("{path}/pl061[0]"), "property": "addr" });
            if self.execute("qom-get", at).as_u64() == Some(port as u64) {
                return path;
            }
        }
        panic!("the board has no port at {:#x}", port as u32);
    }

    #[track_caller]
    fn execute(&mut self, command: &str, arguments: Value) -> Value {
        let answer = self.qmp.execute(command, arguments);
        self.check(answer)
    }

    /// The answer, or a panic with what the emulator has said.
    #[track_caller]
    fn check<T>(&mut self, answer: Result<T, String>) -> T {
        match answer {
            Ok(answer) => answer,
            Err(error) => {
                let after = self.time();
                panic!(
                    "{error}, {after:?} after reset\n{PROGRAM}: {}",
                    self.emulator.stderr_so_far()
                )
            }
        }
    }
}

/// Cycles of the core clock; they must fit the watchdog.
#[track_caller]
fn cycles(duration: Duration) -> u32 {
    let cycles = duration.as_nanos() * u128::from(CORE_CLOCK_HZ) / 1_000_000_000;
    u32::try_from(cycles)
        .ok()
        .filter(|&cycles| cycles >= 2)
        .expect("160 ns to 343 s at a time")
}

/// A socket in `directory`, for the emulator to connect to.
///
/// The emulator finds it in its working directory, the test through the open directory: so neither meets the limit on a
/// socket's path, wherever temporary directories lie.
#[track_caller]
fn listen(directory: &File, name: &str) -> UnixListener {
    let path = format!("/proc/self/fd/{}/{name}", directory.as_raw_fd());
    UnixListener::bind(path).expect("a socket can be made in a scratch directory")
}

/// Awaits the emulator's connection, unless it ends first.
#[track_caller]
fn accept(listener: &UnixListener, emulator: &mut Running) -> UnixStream {
    listener
        .set_nonblocking(true)
        .expect("a socket can be made not to block");
    let stream = wait::until_some("the emulator to connect", DEADLINE, || {
        let accepted = listener.accept().ok();
        if accepted.is_none() && emulator.has_ended() {
            panic!("{PROGRAM} ended: {}", emulator.stderr_so_far());
        }
        accepted.map(|(stream, _)| stream)
    });
    stream
        .set_nonblocking(false)
        .expect("a socket can be made to block");
    stream
        .set_read_timeout(Some(DEADLINE))
        .expect("a deadline that is not zero");
    stream
        .set_write_timeout(Some(DEADLINE))
        .expect("a deadline that is not zero");
    stream
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted_in_cycles() {
        assert_eq!(cycles(Duration::from_millis(1)), 12_500);
        assert_eq!(cycles(Duration::from_micros(RULER_US)), 1_250);
    }
}
