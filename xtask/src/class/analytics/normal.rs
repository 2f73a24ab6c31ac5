//! A failure's message without what differs from run to run: numbers, addresses and paths.

/// Characters of a message that are compared.
const LENGTH_MAX: usize = 400;

/// The message with `N` for a number, `ADDR` for an address, `PATH` for a path, and single blanks.
pub fn normalised(message: &str) -> String {
    let words: Vec<_> = message.split_whitespace().map(word).collect();
    let text = words.join(" ");
    match text.char_indices().nth(LENGTH_MAX) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

fn word(word: &str) -> String {
    // Quotes and brackets around a path are no part of it.
    let is_around =
        |character: char| !character.is_alphanumeric() && !['/', '.', '_', '~'].contains(&character);
    let core = word.trim_matches(is_around);
    let (before, after) = word.split_once(core).unwrap_or((word, ""));
    if is_path(core) {
        return format!("{before}PATH{after}");
    }
    numbers(word)
}

/// Whether it leads somewhere: two parts or more, and no `//` of an address on the network.
fn is_path(text: &str) -> bool {
    let is_rooted = text.starts_with(['/', '~']) || text.starts_with("./") || text.starts_with("../");
    let parts = text.split('/').filter(|part| !part.is_empty()).count();
    !text.contains("//") && ((is_rooted && parts > 0) || (parts > 1 && text.contains('.')))
}

/// The word with each run of digits as `N`, and each `0x…` as `ADDR`.
fn numbers(word: &str) -> String {
    let mut masked = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let hexadecimal = rest.strip_prefix("0x").unwrap_or_default();
        let digits = hexadecimal.len()
            - hexadecimal
                .trim_start_matches(|digit: char| digit.is_ascii_hexdigit())
                .len();
        if digits > 0 {
            masked.push_str("ADDR");
            rest = &hexadecimal[digits..];
        } else if first.is_ascii_digit() {
            masked.push('N');
            rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        } else {
            masked.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_masked() {
        assert_eq!(normalised("took 12.5 ms,\n  not 9"), "took N.N ms, not N");
        assert_eq!(normalised("at 0x7ffe12aB: 3"), "at ADDR: N");
        assert_eq!(
            normalised("cannot read \"/tmp/run-a/b.txt\": gone"),
            "cannot read \"PATH\": gone"
        );
        assert_eq!(normalised("(src/lib.rs:3:5) and ../x"), "(PATH) and PATH");
        assert_eq!(normalised("thread-3 of w2"), "thread-N of wN");
    }

    #[test]
    fn what_is_no_path_stays() {
        assert_eq!(normalised("and/or a / b 0x é"), "and/or a / b Nx é");
        assert_eq!(normalised(""), "");
    }
}
