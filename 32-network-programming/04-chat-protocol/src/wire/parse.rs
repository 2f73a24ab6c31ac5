//! Bytes to frames: a type and a body in, a frame or an error out.

use super::{Frame, WireError};

impl<'a> Frame<'a> {
    /// Reads the body of a frame of type `kind`.
    ///
    /// # Errors
    /// [`WireError::Malformed`] when the body is shorter or longer than its type's, is not UTF-8 where it should be, or has a
    /// name, a text or a code that no frame carries; [`WireError::UnknownType`] when nobody may skip it.
    pub fn parse(kind: u8, body: &'a [u8]) -> Result<Self, WireError> {
        todo!("take the fields of type {kind:#04x} from the front of {body:?}")
    }
}
