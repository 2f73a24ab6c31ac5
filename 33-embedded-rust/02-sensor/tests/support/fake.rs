//! Buses and delays that write down what is done with them, blocking and async, in one log.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Poll;

use embedded_hal::i2c::{self, ErrorKind, I2c};
use embedded_hal::spi::{self, SpiDevice};

use super::script::hex;

/// What was done, in order; and the time, which only delays move.
#[derive(Debug, Default)]
pub struct Log {
    lines: RefCell<Vec<String>>,
    pub now_us: Cell<u64>,
    /// When the delay that ends first ends.
    pub next_us: Cell<Option<u64>>,
}

impl Log {
    pub fn push(&self, line: String) {
        self.lines.borrow_mut().push(line);
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }
}

/// An I2C bus that fails as told, then replies as told.
pub struct Bus<'a> {
    log: &'a Log,
    /// The errors of the next transactions.
    pub errors: VecDeque<ErrorKind>,
    /// What the next reads bring.
    pub replies: VecDeque<Vec<u8>>,
}

impl<'a> Bus<'a> {
    pub fn new(log: &'a Log, errors: &[ErrorKind], replies: &[&[u8]]) -> Self {
        Self {
            log,
            errors: errors.iter().copied().collect(),
            replies: replies.iter().map(|reply| reply.to_vec()).collect(),
        }
    }

    fn transact(&mut self, address: u8, operations: &mut [i2c::Operation<'_>]) -> Result<(), ErrorKind> {
        let mut line = format!("{address:02x}:");
        for operation in operations {
            match operation {
                i2c::Operation::Write(bytes) => line += &format!(" > {}", hex(bytes)),
                i2c::Operation::Read(buffer) => {
                    line += &format!(" < {}", buffer.len());
                    if self.errors.is_empty() {
                        let reply = self
                            .replies
                            .pop_front()
                            .expect("a read for which there is a reply");
                        buffer.copy_from_slice(&reply);
                    }
                }
            }
        }
        let failed = self.errors.pop_front();
        if failed.is_some() {
            line += " fails";
        }
        self.log.push(line);
        failed.map_or(Ok(()), Err)
    }
}

impl i2c::ErrorType for Bus<'_> {
    type Error = ErrorKind;
}

impl I2c for Bus<'_> {
    fn transaction(&mut self, address: u8, operations: &mut [i2c::Operation<'_>]) -> Result<(), ErrorKind> {
        self.transact(address, operations)
    }
}

impl embedded_hal_async::i2c::I2c for Bus<'_> {
    async fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), ErrorKind> {
        self.transact(address, operations)
    }
}

/// A sensor on SPI: each transaction is a line of the bytes that went out, and the bytes that came in are the replies.
pub struct Spi<'a> {
    pub log: &'a Log,
    pub fails: bool,
    pub replies: VecDeque<Vec<u8>>,
}

impl Spi<'_> {
    fn transact(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), spi::ErrorKind> {
        let mut out = Vec::new();
        let mut read = 0;
        for operation in operations {
            match operation {
                spi::Operation::Write(bytes) => out.extend_from_slice(bytes),
                spi::Operation::Read(buffer) => {
                    let reply = self
                        .replies
                        .pop_front()
                        .expect("a read for which there is a reply");
                    buffer.copy_from_slice(&reply);
                    read += buffer.len();
                }
                other => panic!("a write or a read, not {other:?}"),
            }
        }
        self.log.push(format!("{}, {read} in", hex(&out)));
        if self.fails {
            Err(spi::ErrorKind::ModeFault)
        } else {
            Ok(())
        }
    }
}

impl spi::ErrorType for Spi<'_> {
    type Error = spi::ErrorKind;
}

impl SpiDevice for Spi<'_> {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), spi::ErrorKind> {
        self.transact(operations)
    }
}

impl embedded_hal_async::spi::SpiDevice for Spi<'_> {
    async fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), spi::ErrorKind> {
        self.transact(operations)
    }
}

/// A delay by the log's time.
#[derive(Clone, Copy)]
pub struct Delay<'a>(pub &'a Log);

impl Delay<'_> {
    fn end_us(self, ns: u32) -> u64 {
        self.0.now_us.get() + u64::from(ns.div_ceil(1_000))
    }
}

impl embedded_hal::delay::DelayNs for Delay<'_> {
    fn delay_ns(&mut self, ns: u32) {
        self.0.push(format!("wait {}", ns.div_ceil(1_000)));
        self.0.now_us.set(self.end_us(ns));
    }
}

impl embedded_hal_async::delay::DelayNs for Delay<'_> {
    async fn delay_ns(&mut self, ns: u32) {
        let (log, end_us) = (self.0, self.end_us(ns));
        log.push(format!("wait {}", ns.div_ceil(1_000)));
        poll_fn(|_| {
            if log.now_us.get() >= end_us {
                return Poll::Ready(());
            }
            log.next_us
                .set(Some(log.next_us.get().map_or(end_us, |next| next.min(end_us))));
            Poll::Pending
        })
        .await;
    }
}
