//! A web server on a bare Cortex-M3: no operating system, no heap, a TCP stack in 20 KiB.
//!
//! From the wire up. Nothing above `server` knows of TCP, and nothing but `board` knows where it runs: time, bytes and
//! registers come in as arguments.
//!
//! | the wire | HTTP, without I/O | the board's parts |
//! |---|---|---|
//! | [`ethernet`]: the controller's registers | [`status`], [`request`]: bytes to a request | [`register`], [`clock`], [`systick`] |
//! | [`phy`]: frames for smoltcp | [`json`], [`site`], [`response`]: the answer | [`i2c`], [`sensor`]: the temperature |
//! | [`gate`]: who may open a connection | [`connection`]: requests in, responses out, deadlines | [`led`]: the light |
//! | [`server`]: sockets and connections | [`page`]: the status page | `board`: all of it |
#![no_std]

pub mod ethernet;
pub mod gate;
pub mod phy;

pub mod json;
pub mod page;
pub mod request;
pub mod response;
pub mod site;
pub mod status;

pub mod connection;
pub mod server;

pub mod clock;
pub mod i2c;
pub mod led;
pub mod register;
pub mod sensor;
pub mod systick;

#[cfg(target_os = "none")]
pub mod board;
