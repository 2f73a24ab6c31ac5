//! The head of a request, whichever version of HTTP it came in.

use bytes::Bytes;
use http::{HeaderMap, Method, Version};

/// A request without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, which is case-sensitive.
    pub method: Method,
    /// The target as it came: visible ASCII, not empty, no `#`.
    pub target: Bytes,
    /// 1.0, 1.1 or 2.
    pub version: Version,
    /// The fields in the order of their lines, as far as they have one name.
    pub headers: HeaderMap,
}

impl Request {
    /// The path of the target, still percent-encoded: `/` at least, or `*` for a request about the whole server.
    ///
    /// In the absolute form, which a client sends to a proxy, scheme and authority are left out.
    pub fn path(&self) -> &[u8] {
        todo!("the path of {:?}", self.target)
    }

    /// What stands behind the first `?` of the target.
    pub fn query(&self) -> Option<&[u8]> {
        todo!("the query of {:?}", self.target)
    }
}
