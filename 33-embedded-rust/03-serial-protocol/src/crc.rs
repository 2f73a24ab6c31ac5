//! Two cyclic redundancy checks: a short one for frames, a longer one for images.
//!
//! ```text
//! name             polynomial  initial value  bits     final xor   of "123456789"
//! CRC-16/GENIBUS   0x1021      0xFFFF         as sent  0xFFFF      0xD64E
//! CRC-32/ISO-HDLC  0x04C11DB7  0xFFFFFFFF     mirrored 0xFFFFFFFF  0xCBF43926
//! ```
//!
//! There are dozens of CRCs with 16 bits; the last column tells them apart. The final xor is no ornament: without it a
//! zero behind a frame goes unseen, because the remainder of a frame with its CRC is 0, and that of one more zero too.
//!
//! Bit by bit is right and slow. A table of 256 entries, made by a `const fn`, does a byte at a time: 512 bytes and 1 KiB
//! of flash, no RAM.

/// CRC-16/GENIBUS of `bytes`.
pub fn crc16(bytes: &[u8]) -> u16 {
    todo!("the CRC of {bytes:?}, as the drawing has it")
}

/// CRC-32/ISO-HDLC of what is given piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct Crc32 {
    /// The remainder so far, mirrored and inverted.
    state: u32,
}

impl Crc32 {
    /// Of nothing yet.
    pub const fn new() -> Self {
        Self { state: u32::MAX }
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        todo!("take {bytes:?} into the remainder {:#x}", self.state)
    }

    /// The checksum of everything so far.
    pub fn finish(self) -> u32 {
        todo!("what the remainder {:#x} becomes in the end", self.state)
    }

    /// The checksum of `bytes` alone.
    pub fn of(bytes: &[u8]) -> u32 {
        let mut crc = Self::new();
        crc.update(bytes);
        crc.finish()
    }
}

impl Default for Crc32 {
    fn default() -> Self {
        Self::new()
    }
}
