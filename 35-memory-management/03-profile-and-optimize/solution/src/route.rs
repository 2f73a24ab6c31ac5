//! The name that requests of one kind share.

use std::ops::Range;

use super::bytes;

/// `/` and `?` differ in one bit: with it set, both are `?`, and nothing else is.
const SLASH_TO_QUESTION_MARK: u64 = u64::from_ne_bytes([b'/' ^ b'?'; 8]);

/// The route of a request, `GET /items/:id` for `GET /items/42?page=2`: without its query, and each segment of the path
/// that is a number written as `:id`.
///
/// A request without such a segment begins with the name of its route. Only for others is one written, into `buffer`,
/// which is lent so that no line allocates.
#[inline]
pub fn name<'a>(request: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
    // What of the request is in the buffer already, if anything is.
    let mut written = 0;
    // The method is a segment too, one that is no number.
    let mut segment = 0;
    let query = bytes::words(request).enumerate().find_map(|(nth, word)| {
        let mut ends = bytes::equal(word | SLASH_TO_QUESTION_MARK, b'?');
        while ends != 0 {
            let at = 8 * nth + ends.trailing_zeros() as usize / 8;
            write_number(request, segment..at, &mut written, buffer);
            segment = at + 1;
            if request[at] == b'?' {
                return Some(at);
            }
            ends &= ends - 1;
        }
        None
    });
    let end = query.unwrap_or_else(|| {
        write_number(request, segment..request.len(), &mut written, buffer);
        request.len()
    });
    if written == 0 {
        return &request[..end];
    }
    buffer.extend_from_slice(&request[written..end]);
    buffer
}

/// Where the segment is a number, writes what of the request is before it, and `:id`.
#[inline]
fn write_number(request: &[u8], segment: Range<usize>, written: &mut usize, buffer: &mut Vec<u8>) {
    let bytes = &request[segment.clone()];
    if bytes.first().is_some_and(u8::is_ascii_digit) && bytes.iter().all(u8::is_ascii_digit) {
        if *written == 0 {
            buffer.clear();
        }
        buffer.extend_from_slice(&request[*written..segment.start]);
        buffer.extend_from_slice(b":id");
        *written = segment.end;
    }
}
