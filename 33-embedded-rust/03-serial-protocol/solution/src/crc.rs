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
//! Both are computed a byte at a time from a table that the compiler makes: 512 bytes and 1 KiB of flash, no RAM.

/// What each byte adds to a CRC-16: its remainder, shifted to the top.
const TABLE_16: [u16; 256] = table_16();

/// What each byte adds to a mirrored CRC-32.
const TABLE_32: [u32; 256] = table_32();

/// CRC-16/GENIBUS of `bytes`.
pub fn crc16(bytes: &[u8]) -> u16 {
    !bytes.iter().fold(0xFFFF, |crc: u16, &byte| {
        (crc << 8) ^ TABLE_16[usize::from((crc >> 8) as u8 ^ byte)]
    })
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
        self.state = bytes.iter().fold(self.state, |crc, &byte| {
            (crc >> 8) ^ TABLE_32[usize::from(crc as u8 ^ byte)]
        });
    }

    /// The checksum of everything so far.
    pub fn finish(self) -> u32 {
        !self.state
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

const fn table_16() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc << 1) ^ if crc & 0x8000 != 0 { 0x1021 } else { 0 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

const fn table_32() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            // 0x04C11DB7, mirrored.
            crc = (crc >> 1) ^ if crc & 1 != 0 { 0xEDB8_8320 } else { 0 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}
