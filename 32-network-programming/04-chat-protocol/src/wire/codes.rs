//! The codes that frames carry: why a connection ends, why a request fails, what has become of a member.

/// Declares an enum whose variants are the bytes on the wire.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name {
            $($(#[doc = $doc])+ $variant = $code,)+
        }

        impl $name {
            /// The code on the wire.
            pub fn code(self) -> u8 {
                self as u8
            }

            /// What the code means; `None` when this version does not know it.
            pub fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// Why the server ends a connection.
    Reason {
        /// The client said `Bye`.
        Bye = 1,
        /// The client sent what is no frame, or what has no place there.
        Malformed = 2,
        /// No version is spoken by both.
        Version = 3,
        /// The nick is not a name.
        BadName = 4,
        /// Somebody has that nick.
        NickInUse = 5,
        /// As many connections or sessions as allowed are there.
        Busy = 6,
        /// No session was opened in time.
        HandshakeTimeout = 7,
        /// Nothing was heard for too long.
        Silent = 8,
        /// The client reads too slowly.
        TooSlow = 9,
        /// The session was resumed from another connection.
        Replaced = 10,
        /// The server stops.
        Stopping = 11,
    }
}

codes! {
    /// Why a request failed. Nothing has changed then.
    Failure {
        /// The nick or room is not a name.
        BadName = 1,
        /// The text is empty, or has control characters.
        BadText = 2,
        /// The client is not in that room.
        NotInRoom = 3,
        /// Nobody has that nick.
        NoSuchNick = 4,
        /// Somebody else has that nick.
        NickInUse = 5,
        /// The client is in as many rooms as allowed, or the server has as many as allowed.
        TooManyRooms = 6,
        /// The server does not know this request.
        Unsupported = 7,
    }
}

codes! {
    /// What a member of a room did.
    Change {
        /// Came in.
        Joined = 1,
        /// Went out, or its session is over.
        Left = 2,
        /// Lost its connection, and may resume.
        Away = 3,
        /// Resumed.
        Back = 4,
        /// Has a new nick, which stands behind the old one.
        Renamed = 5,
    }
}
