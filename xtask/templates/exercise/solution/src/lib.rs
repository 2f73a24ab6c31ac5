//! TODO: what this is, then its interface, its invariant or its format. The lines of a text stand here for now.

/// How many lines `text` has.
pub fn lines(text: &str) -> usize {
    text.lines().count()
}
