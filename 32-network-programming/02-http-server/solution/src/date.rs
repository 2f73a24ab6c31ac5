//! Dates in headers: three forms are read, one is written (RFC 9110, section 5.6.7).

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;

thread_local! {
    /// The second that was formatted last, and the text: a date costs more than the rest of a small head.
    static LATEST: RefCell<(u64, HeaderValue)> =
        const { RefCell::new((u64::MAX, HeaderValue::from_static(""))) };
}

/// `time` as a field's value.
pub(crate) fn format(time: SystemTime) -> HeaderValue {
    HeaderValue::try_from(httpdate::fmt_http_date(time)).expect("a date is visible ASCII")
}

/// The time of now as a field's value.
pub(crate) fn now() -> HeaderValue {
    let time = SystemTime::now();
    let second = seconds(time);
    LATEST.with_borrow_mut(|latest| {
        if latest.0 != second {
            *latest = (second, format(time));
        }
        latest.1.clone()
    })
}

/// Reads a date; `None` of what is none.
pub(crate) fn parse(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

/// `time` without its fraction of a second, which no header can say.
pub(crate) fn whole_seconds(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds(time))
}

/// Seconds since 1970; none for what was before.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
