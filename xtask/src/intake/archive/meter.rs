//! How much a stream unpacks to, against how much of it was read: the guard against bombs.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use crate::intake::limits::{RATIO_FREE, RATIO_MAX};
use crate::intake::refused::Refused;

/// Counts both sides of a decompressor.
#[derive(Debug)]
pub struct Meter {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    unpacked_max: u64,
    /// Whether the ratio is held too.
    is_strict: bool,
}

impl Meter {
    /// A meter that allows `unpacked_max` bytes, and if it `is_strict` no more than the ratio.
    pub fn new(unpacked_max: u64, is_strict: bool) -> Rc<Self> {
        Rc::new(Self {
            packed: Cell::new(0),
            unpacked: Cell::new(0),
            unpacked_max,
            is_strict,
        })
    }

    /// Sets the packed side, where it is known beforehand.
    pub fn set_packed(&self, bytes: u64) {
        self.packed.set(bytes);
    }

    fn unpack(&self, bytes: u64) -> Result<(), Refused> {
        let total = self.unpacked.get().saturating_add(bytes);
        self.unpacked.set(total);
        if total > self.unpacked_max {
            return Err(Refused::new(format!(
                "unpacks to more than {} MiB",
                self.unpacked_max >> 20
            )));
        }
        let most = self.packed.get().saturating_mul(RATIO_MAX).max(RATIO_FREE);
        if self.is_strict && total > most {
            return Err(Refused::new(format!(
                "unpacks to more than {RATIO_MAX} times its size"
            )));
        }
        Ok(())
    }
}

/// The packed side.
#[derive(Debug)]
pub struct Counted<R> {
    inner: R,
    meter: Rc<Meter>,
}

impl<R> Counted<R> {
    /// Counts what is read of `inner` as packed.
    pub fn new(inner: R, meter: &Rc<Meter>) -> Self {
        Self {
            inner,
            meter: Rc::clone(meter),
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter
            .packed
            .set(self.meter.packed.get().saturating_add(count as u64));
        Ok(count)
    }
}

/// The unpacked side.
#[derive(Debug)]
pub struct Guarded<R> {
    inner: R,
    meter: Rc<Meter>,
}

impl<R> Guarded<R> {
    /// Counts what is read of `inner` as unpacked, and refuses what is too much.
    pub fn new(inner: R, meter: &Rc<Meter>) -> Self {
        Self {
            inner,
            meter: Rc::clone(meter),
        }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.unpack(count as u64)?;
        Ok(count)
    }
}

/// A file that gives only so many bytes until it is told otherwise.
#[derive(Debug)]
pub struct Rationed<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R> Rationed<R> {
    /// Hands out what `left` says, and takes it off there.
    pub fn new(inner: R, left: &Rc<Cell<u64>>) -> Self {
        Self {
            inner,
            left: Rc::clone(left),
        }
    }
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(count as u64);
        self.left
            .set(left.ok_or_else(|| Refused::new("its table of contents is too long"))?);
        Ok(count)
    }
}

impl<R: Seek> Seek for Rationed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
