//! A framed protocol for a line that loses, repeats, flips and delays bytes, and a firmware update over it.
//!
//! From the line up; nothing below `client` has I/O, a clock or a heap:
//!
//! | on both ends | on the device | on the host |
//! |---|---|---|
//! | [`crc`], [`cobs`]: checksums and zeros | [`flash`], [`record`], [`update`]: two slots and a choice | `client`: requests over a file descriptor |
//! | [`frame`]: what stands between two zeros | [`device`], [`node`]: requests are done and answered | `port`: a terminal, a socket |
//! | [`link`]: each message once and in order | [`uart`], [`pl011`], [`register`]: the interrupt's half | `cli`: the program |
//! | [`message`]: what they say | `board`, [`clock`]: the chip | |
#![no_std]

#[cfg(not(target_os = "none"))]
extern crate std;

pub mod crc;

pub mod cobs;
pub mod frame;
pub mod link;
pub mod message;

pub mod flash;
pub mod record;
pub mod update;

pub mod device;
pub mod node;

pub mod clock;
pub mod pl011;
pub mod register;
pub mod uart;

#[cfg(target_os = "none")]
pub mod board;

#[cfg(not(target_os = "none"))]
pub mod cli;
#[cfg(not(target_os = "none"))]
pub mod client;
#[cfg(not(target_os = "none"))]
pub mod port;
