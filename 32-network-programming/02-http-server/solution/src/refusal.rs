//! Why a request is refused, and with which status.

use http::StatusCode;

/// What is wrong with a request. Behind every one of these the connection is closed: where the next request would
/// begin is not known any more, or not worth waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 400: not the grammar of RFC 9112; the text says where.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// 408: the rest did not come in time.
    #[error("request timeout")]
    Timeout,
    /// 413: the body is longer than allowed.
    #[error("content too large")]
    ContentTooLarge,
    /// 414: the request line alone is longer than a head may be.
    #[error("URI too long")]
    UriTooLong,
    /// 417: an expectation other than `100-continue`.
    #[error("expectation failed")]
    ExpectationFailed,
    /// 431: the head is longer than allowed, or has too many fields.
    #[error("request header fields too large")]
    FieldsTooLarge,
    /// 501: a transfer coding other than `chunked`.
    #[error("transfer coding not implemented")]
    NotImplemented,
    /// 503: as many connections as allowed are being served.
    #[error("too many connections")]
    Busy,
    /// 505: a major version other than 1.
    #[error("HTTP version not supported")]
    VersionNotSupported,
}

impl Refusal {
    /// The status that tells the client.
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::ContentTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::ExpectationFailed => StatusCode::EXPECTATION_FAILED,
            Self::FieldsTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::VersionNotSupported => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
        }
    }
}
