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
        let target = self.origin_form();
        let end = memchr::memchr(b'?', target).unwrap_or(target.len());
        if end == 0 { b"/" } else { &target[..end] }
    }

    /// What stands behind the first `?` of the target.
    pub fn query(&self) -> Option<&[u8]> {
        let target = self.origin_form();
        memchr::memchr(b'?', target).map(|at| &target[at + 1..])
    }

    /// The target from its path on.
    fn origin_form(&self) -> &[u8] {
        match authority(&self.target) {
            Some(rest) => {
                let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?'));
                &rest[end.unwrap_or(rest.len())..]
            }
            None => &self.target,
        }
    }
}

/// The part of a target in absolute form that begins with the authority; `None` of any other form.
pub(crate) fn authority(target: &[u8]) -> Option<&[u8]> {
    ["http://", "https://"].into_iter().find_map(|scheme| {
        let (start, rest) = target.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme.as_bytes()).then_some(rest)
    })
}
