//! The JSON of the API: objects of one line, written by `format_args!`, and the one object that is read.
//!
//! ```text
//! switch = ws "{" ws "\"on\"" ws ":" ws ( "true" / "false" ) ws "}" ws
//! ws     = *( space / tab / CR / LF )
//! ```
//!
//! That is what RFC 8259 makes of an object with the one member `on`, without escapes in its name.

/// The value of `on` in a [switch](self), if `body` is one.
pub fn parse_switch(body: &[u8]) -> Option<bool> {
    todo!("the switch that {body:?} is, if it is one")
}
