//! The name that requests of one kind share.

/// Writes the route of a request into `name`: the method, a space, and the path without its query, where each segment
/// that is a number is written as `:id`.
///
/// `name` is lent so that no line allocates.
#[inline]
pub fn write(method: &[u8], target: &[u8], name: &mut Vec<u8>) {
    name.clear();
    name.extend_from_slice(method);
    name.push(b' ');
    let mut segment = name.len();
    let mut is_number = true;
    for &byte in target {
        if byte == b'/' || byte == b'?' {
            close(name, segment, is_number);
            if byte == b'?' {
                return;
            }
            name.push(b'/');
            segment = name.len();
            is_number = true;
        } else {
            is_number &= byte.is_ascii_digit();
            name.push(byte);
        }
    }
    close(name, segment, is_number);
}

/// Ends the segment that begins at `segment`.
#[inline]
fn close(name: &mut Vec<u8>, segment: usize, is_number: bool) {
    if is_number && segment < name.len() {
        name.truncate(segment);
        name.extend_from_slice(b":id");
    }
}
