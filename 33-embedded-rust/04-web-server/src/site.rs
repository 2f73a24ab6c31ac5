//! The site: what each resource answers.
//!
//! ```text
//! /                 GET HEAD       the page
//! /api/status       GET HEAD       {"uptime_s":12,"requests":3,"connections":2,"errors":0}
//! /api/temperature  GET HEAD       {"celsius":-0.0625}, or 503
//! /api/led          GET HEAD PUT   {"on":true}
//! ```

use heapless::String;

use crate::request::Request;
use crate::sensor::Temperature;
use crate::status::Status;

/// The longest JSON answer: the status, with numbers as long as they can be.
pub const JSON_MAX: usize = 112;

/// What the site reads and drives.
pub trait Hardware {
    /// The temperature; nothing when the sensor does not answer.
    fn temperature(&mut self) -> Option<Temperature>;
    /// Whether the light is on.
    fn is_led_on(&mut self) -> bool;
    /// Switches the light.
    fn set_led(&mut self, on: bool);
}

/// What the server has done since start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests that came whole.
    pub requests: u32,
    /// Connections that were opened.
    pub connections: u32,
    /// Answers with a status of 400 or more.
    pub errors: u32,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// HTML, out of flash.
    Page(&'static str),
    /// JSON, made for this answer.
    Json(String<JSON_MAX>),
    /// The status's reason phrase and a line feed, as plain text.
    Reason,
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: Status,
    /// The body.
    pub content: Content,
    /// With 405, the methods that there are.
    pub allow: Option<&'static str>,
}

impl Answer {
    /// An answer that is only a status.
    pub const fn refuse(status: Status) -> Self {
        Self {
            status,
            content: Content::Reason,
            allow: None,
        }
    }
}

/// The resources and what lies behind them.
pub struct Site<H> {
    hardware: H,
    /// What the server has done.
    pub counters: Counters,
}

impl<H: Hardware> Site<H> {
    /// A site that nobody has visited.
    pub fn new(hardware: H) -> Self {
        Self {
            hardware,
            counters: Counters::default(),
        }
    }

    /// Answers a request, and counts it.
    pub fn answer(&mut self, request: &Request<'_>, now_ms: u64) -> Answer {
        todo!(
            "answer {request:?} at {now_ms} ms, after {:?}, with the light {}",
            self.counters,
            self.hardware.is_led_on()
        )
    }

    /// Answers what is no request.
    pub fn refuse(&mut self, status: Status) -> Answer {
        todo!("count {status:?} after {:?}, and answer with it", self.counters)
    }
}
