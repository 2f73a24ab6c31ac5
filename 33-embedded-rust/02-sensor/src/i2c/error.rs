//! Why a transaction fails, in the controller's words, in embedded-hal's, and in those of the board's lines.

use core::fmt;

use embedded_hal::i2c::{self, ErrorKind};

/// Why a transaction failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// Nobody answers at this address.
    AddressNotAcknowledged,
    /// The sensor did not take a byte.
    DataNotAcknowledged,
    /// Another controller was faster.
    ArbitrationLost,
    /// The bus or the controller stayed busy.
    TimedOut,
    /// The controller cannot do it: an address above [`ADDRESS_MAX`](super::ADDRESS_MAX), or an operation without bytes.
    Unsupported,
}

impl i2c::Error for Error {
    fn kind(&self) -> ErrorKind {
        todo!("{self:?} in embedded-hal's words")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddressNotAcknowledged => "address not acknowledged",
            Self::DataNotAcknowledged => "data not acknowledged",
            Self::ArbitrationLost => "arbitration lost",
            Self::TimedOut => "timed out",
            Self::Unsupported => "unsupported",
        })
    }
}

impl core::error::Error for Error {}
