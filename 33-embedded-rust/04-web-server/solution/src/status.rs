//! The statuses that this server answers with (RFC 9110, 15; RFC 6585, 5).

/// A status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 200.
    Ok,
    /// 400: not HTTP, or a body that is not what the resource takes.
    BadRequest,
    /// 404.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 408: the request did not come to its end in time.
    RequestTimeout,
    /// 413.
    ContentTooLarge,
    /// 414.
    UriTooLong,
    /// 431.
    FieldsTooLarge,
    /// 501: a transfer coding.
    NotImplemented,
    /// 503: the sensor does not answer.
    ServiceUnavailable,
    /// 505.
    VersionNotSupported,
}

impl Status {
    /// The number.
    pub const fn code(self) -> u16 {
        self.parts().0
    }

    /// The reason phrase.
    pub const fn reason(self) -> &'static str {
        self.parts().1
    }

    const fn parts(self) -> (u16, &'static str) {
        match self {
            Self::Ok => (200, "OK"),
            Self::BadRequest => (400, "Bad Request"),
            Self::NotFound => (404, "Not Found"),
            Self::MethodNotAllowed => (405, "Method Not Allowed"),
            Self::RequestTimeout => (408, "Request Timeout"),
            Self::ContentTooLarge => (413, "Content Too Large"),
            Self::UriTooLong => (414, "URI Too Long"),
            Self::FieldsTooLarge => (431, "Request Header Fields Too Large"),
            Self::NotImplemented => (501, "Not Implemented"),
            Self::ServiceUnavailable => (503, "Service Unavailable"),
            Self::VersionNotSupported => (505, "HTTP Version Not Supported"),
        }
    }

    /// Whether it counts as an error.
    pub const fn is_error(self) -> bool {
        self.code() >= 400
    }
}
