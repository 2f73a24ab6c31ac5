//! Heads of requests and responses, RFC 9112, sections 2 to 5.
//!
//! ```text
//! request    method SP target SP HTTP/1.x CRLF   *( name ":" OWS value OWS CRLF )   CRLF
//! response   HTTP/1.x SP status SP reason CRLF   *( name ":" OWS value OWS CRLF )   CRLF
//! ```
//!
//! The reader is strict. Where two programs in a row read the same bytes in two ways, one's body is the other's next
//! request: that is request smuggling, and it starts with leniency. So a bare LF, a blank before the colon, a line
//! that continues the one before, and a control character are errors here and not guesses.

/// The longest head, its empty line included.
pub const HEAD_MAX: usize = 16 << 10;

/// The most fields of a head.
pub const FIELDS_MAX: usize = 100;

/// Why bytes are no head that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// Longer than [`HEAD_MAX`], or more fields than [`FIELDS_MAX`].
    #[error("the head is too large")]
    TooLarge,
    /// Another version than HTTP/1.0 or HTTP/1.1.
    #[error("not HTTP/1.0 or HTTP/1.1")]
    Version,
    /// Not in the grammar, or not of one meaning.
    #[error("malformed: {0}")]
    Malformed(&'static str),
}

/// The minor version: HTTP/1.0 or HTTP/1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// One request a connection, unless agreed otherwise; no chunks.
    Http10,
    /// Connections that stay, and chunks.
    Http11,
}

/// A field: its name as it was written, and its value without the blanks around it.
pub type Field<'a> = (&'a str, &'a [u8]);

/// The head of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead<'a> {
    /// Case counts.
    pub method: &'a str,
    /// As it was written.
    pub target: &'a str,
    /// The client's version.
    pub version: Version,
    /// In their order.
    pub fields: Vec<Field<'a>>,
}

/// The head of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead<'a> {
    /// The server's version.
    pub version: Version,
    /// From 100 to 999.
    pub status: u16,
    /// A text for people, which may be empty.
    pub reason: &'a [u8],
    /// In their order.
    pub fields: Vec<Field<'a>>,
}

/// Reads a request; with it comes the length of its head. `Ok(None)` asks for more bytes.
///
/// # Errors
/// When it is no request, or too large for one.
pub fn request(bytes: &[u8]) -> Result<Option<(RequestHead<'_>, usize)>, HeadError> {
    todo!("the request in {} bytes", bytes.len())
}

/// Reads a response; with it comes the length of its head. `Ok(None)` asks for more bytes.
///
/// # Errors
/// When it is no response, or too large for one.
pub fn response(bytes: &[u8]) -> Result<Option<(ResponseHead<'_>, usize)>, HeadError> {
    todo!("the response in {} bytes", bytes.len())
}

/// Whether a field has this name; names differ in nothing if they differ in case only.
pub fn is_named(field: &Field<'_>, name: &str) -> bool {
    field.0.eq_ignore_ascii_case(name)
}
