//! The site: what each resource answers.
//!
//! ```text
//! /                 GET HEAD       the page
//! /api/status       GET HEAD       {"uptime_s":12,"requests":3,"connections":2,"errors":0}
//! /api/temperature  GET HEAD       {"celsius":-0.0625}, or 503
//! /api/led          GET HEAD PUT   {"on":true}
//! ```

use core::fmt;

use heapless::String;

use crate::json;
use crate::page::PAGE;
use crate::request::{Method, Request};
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

    fn json(text: fmt::Arguments<'_>) -> Self {
        let mut json = String::new();
        fmt::write(&mut json, text).expect("JSON_MAX has room for the longest");
        Self {
            status: Status::Ok,
            content: Content::Json(json),
            allow: None,
        }
    }
}

/// A resource.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Resource {
    Page,
    Status,
    Temperature,
    Led,
}

impl Resource {
    fn find(path: &[u8]) -> Option<Self> {
        Some(match path {
            b"/" => Self::Page,
            b"/api/status" => Self::Status,
            b"/api/temperature" => Self::Temperature,
            b"/api/led" => Self::Led,
            _ => return None,
        })
    }

    /// The methods that it has.
    fn allow(self) -> &'static str {
        match self {
            Self::Led => "GET, HEAD, PUT",
            Self::Page | Self::Status | Self::Temperature => "GET, HEAD",
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
        self.counters.requests = self.counters.requests.wrapping_add(1);
        let answer = match Resource::find(request.path) {
            None => Answer::refuse(Status::NotFound),
            Some(resource) => match (request.method, resource) {
                (Method::Get | Method::Head, resource) => self.show(resource, now_ms),
                (Method::Put, Resource::Led) => self.switch_led(request.body),
                (Method::Put | Method::Other, resource) => Answer {
                    allow: Some(resource.allow()),
                    ..Answer::refuse(Status::MethodNotAllowed)
                },
            },
        };
        self.count_error(answer.status);
        answer
    }

    /// Answers what is no request.
    pub fn refuse(&mut self, status: Status) -> Answer {
        self.count_error(status);
        Answer::refuse(status)
    }

    fn count_error(&mut self, status: Status) {
        if status.is_error() {
            self.counters.errors = self.counters.errors.wrapping_add(1);
        }
    }

    fn show(&mut self, resource: Resource, now_ms: u64) -> Answer {
        match resource {
            Resource::Page => Answer {
                status: Status::Ok,
                content: Content::Page(PAGE),
                allow: None,
            },
            Resource::Status => {
                let Counters {
                    requests,
                    connections,
                    errors,
                } = self.counters;
                let uptime_s = now_ms / 1_000;
                Answer::json(format_args!(
                    r#"{{"uptime_s":{uptime_s},"requests":{requests},"connections":{connections},"errors":{errors}}}"#
                ))
            }
            Resource::Temperature => match self.hardware.temperature() {
                Some(temperature) => Answer::json(format_args!(r#"{{"celsius":{temperature}}}"#)),
                None => Answer::refuse(Status::ServiceUnavailable),
            },
            Resource::Led => self.show_led(),
        }
    }

    fn show_led(&mut self) -> Answer {
        let on = self.hardware.is_led_on();
        Answer::json(format_args!(r#"{{"on":{on}}}"#))
    }

    fn switch_led(&mut self, body: &[u8]) -> Answer {
        match json::parse_switch(body) {
            None => Answer::refuse(Status::BadRequest),
            Some(on) => {
                self.hardware.set_led(on);
                self.show_led()
            }
        }
    }
}
