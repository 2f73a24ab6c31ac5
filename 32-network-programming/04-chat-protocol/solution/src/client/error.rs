//! Why a client does not take a request.

/// A request that cannot be taken now: as many as allowed wait for their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests wait for their answers")]
pub struct TooManyRequests;

/// A name or a text is longer than a frame may carry, or not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// See [`TooManyRequests`].
    #[error(transparent)]
    TooMany(#[from] TooManyRequests),
    /// See [`is_name`](crate::wire::is_name).
    #[error("{0:?} is not a name: 1 to 32 bytes, no white space")]
    BadName(String),
    /// See [`is_text`](crate::wire::is_text).
    #[error("a text has 1 to 2000 bytes, and no control characters")]
    BadText,
}
