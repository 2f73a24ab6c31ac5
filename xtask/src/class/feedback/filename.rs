//! A file name for each learner: nothing in an id leads out of the directory, and no two share a file, not even
//! where a file system takes `A` for `a`.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Bytes of the longest name, without its ending.
const LENGTH_MAX: usize = 150;

/// Names that are devices on some systems, whatever the ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name for each id, in their order, without an ending. Letters, digits, `.`, `_` and `-` stand for themselves,
/// every other byte is `%` and two digits.
pub fn names<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut folded: BTreeMap<String, usize> = BTreeMap::new();
    for id in ids.clone() {
        *folded.entry(encoded(id, false).to_lowercase()).or_default() += 1;
    }
    ids.map(|id| {
        let name = encoded(id, false);
        let is_alone = folded.get(&name.to_lowercase()) == Some(&1);
        if is_alone { name } else { encoded(id, true) }
    })
    .collect()
}

/// The id's bytes, the capitals too if they must be told apart.
fn encoded(id: &str, capitals: bool) -> String {
    let mut name = String::new();
    let is_device = DEVICES.contains(&id.to_lowercase().as_str());
    for (index, byte) in id.bytes().enumerate() {
        let is_plain = match byte {
            b'A'..=b'Z' => !capitals,
            b'a'..=b'z' | b'0'..=b'9' | b'_' => true,
            b'.' | b'-' => index > 0,
            _ => false,
        };
        if is_plain && !(is_device && index == 0) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02X}");
        }
    }
    if name.len() > LENGTH_MAX {
        // No encoded id has a `%-`.
        name.truncate(100);
        let _ = write!(name, "%-{}", &blake3::hash(id.as_bytes()).to_hex()[..32]);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(ids: &[&str]) -> Vec<String> {
        names(ids.iter().copied())
    }

    #[test]
    fn nothing_leads_out() {
        assert_eq!(
            named(&[
                "s001", "../../x", ".", "a/b", "-rf", "a\u{0}b", "ä", "a%2Fb", "con"
            ]),
            [
                "s001",
                "%2E.%2F..%2Fx",
                "%2E",
                "a%2Fb",
                "%2Drf",
                "a%00b",
                "%C3%A4",
                "a%252Fb",
                "%63on"
            ]
        );
    }

    #[test]
    fn capitals_are_told_apart_only_where_they_must_be() {
        assert_eq!(named(&["Alfa", "beta"]), ["Alfa", "beta"]);
        assert_eq!(
            named(&["Alfa", "alfa", "ALFA"]),
            ["%41lfa", "alfa", "%41%4C%46%41"]
        );
    }

    #[test]
    fn a_long_id_has_a_name_of_its_own() {
        let (one, two) = ("ä".repeat(400) + "1", "ä".repeat(400) + "2");
        let names = named(&[&one, &two]);
        assert!(names[0] != names[1] && names.iter().all(|name| name.len() <= LENGTH_MAX));
    }
}
