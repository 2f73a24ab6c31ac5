//! Which compiler error a learner may read: that of the library and of the open tests, never one that quotes the
//! hidden tests.
//!
//! The compiler prints the source lines that an error is about, each part under a line ` --> PATH:LINE:COLUMN` or
//! `::: PATH:LINE:COLUMN`. An error is shown when all of these name the learner's sources, the open tests or a
//! library's sources, and no other path in it leads to the hidden tests: the type of a closure is written with its
//! place, for one. Whatever cannot be told apart is not shown.

use crate::catalogue::Kind;
use crate::run::Verdict;
use crate::score::ExerciseResult;

/// What stands where an error in the hidden tests was.
const INSTEAD: &str = "the hidden tests do not compile against this library: a public name or signature differs \
                       from the starter's";

/// The compiler's error as a learner may see it.
pub fn shown(result: &ExerciseResult) -> Option<String> {
    let error = result.compile_error.as_ref()?;
    let shown = if open_tests_compiled(result) || !is_of_open_sources(error, &result.dir) {
        INSTEAD.to_owned()
    } else {
        error.clone()
    };
    Some(shown)
}

/// Whether some open test has a binary: then the error is of the hidden tests, whatever it says.
fn open_tests_compiled(result: &ExerciseResult) -> bool {
    let has_binary = |verdict: &Verdict| {
        !matches!(
            verdict,
            Verdict::DoesNotCompile | Verdict::Refused(_) | Verdict::NotGraded(_)
        )
    };
    result
        .tests
        .iter()
        .any(|test| test.kind == Kind::Open && has_binary(&test.verdict))
}

/// Whether an error speaks of the library and the open tests of the exercise in `dir`, and of no other source.
fn is_of_open_sources(error: &str, dir: &str) -> bool {
    if names_hidden_sources(error) {
        return false;
    }
    let mut places = error.lines().filter_map(place).peekable();
    if places.peek().is_none() {
        // Out of memory, say; a linker's complaint names objects and symbols of its target.
        return !error.contains("hidden");
    }
    let mut has_own = false;
    for place in places {
        if is_own(place, dir) {
            has_own = true;
        } else if !is_library(place) {
            return false;
        }
    }
    has_own
}

/// Whether a path in the text goes through `hidden/` outside of `src/`.
fn names_hidden_sources(error: &str) -> bool {
    let starts_a_path = |character: char| character.is_whitespace() || "@`'\"([{<".contains(character);
    let words = error.split(starts_a_path).filter(|word| word.contains("hidden/"));
    let in_source = |word: &str| {
        let before = &word[..word.find("hidden/").unwrap_or_default()];
        (before.starts_with("src/") || before.contains("/src/")) && !before.contains("../")
    };
    words.into_iter().any(|word| !in_source(word))
}

/// The path of a line that says where the next source lines stand.
fn place(line: &str) -> Option<&str> {
    let line = line.trim_start();
    // Inside a snippet such a line stands behind the margin of another.
    let line = line.trim_start_matches(['|', ' ']);
    line.strip_prefix("--> ").or_else(|| line.strip_prefix("::: "))
}

/// Whether the path is in `src/` or `tests/` of the exercise, which the learner has.
fn is_own(path: &str, dir: &str) -> bool {
    let inside = match path.split_once(&format!("{dir}/")) {
        Some((before, inside)) if before.is_empty() || before.ends_with('/') => inside,
        _ => path,
    };
    (inside.starts_with("src/") || inside.starts_with("tests/")) && !inside.contains("../")
}

/// Whether the path is in the standard library, a dependency, or what all exercises share.
fn is_library(path: &str) -> bool {
    path.starts_with("/rustc/")
        || path.contains("/rustlib/src/")
        || path.contains("/registry/src/")
        || path.starts_with("phase7/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIR: &str = "31-cli-tools/01-file-search";

    fn is_shown(error: &str) -> bool {
        is_of_open_sources(error, DIR)
    }

    #[test]
    fn an_error_of_the_library_and_of_open_tests_is_shown() {
        assert!(is_shown(
            "error[E0308]: mismatched types\n --> 31-cli-tools/01-file-search/src/hidden.rs:4:5\n  |\n4 | 1\n"
        ));
        assert!(is_shown(
            "error[E0061]: arguments\n --> 31-cli-tools/01-file-search/tests/open.rs:9:1\n  |\nnote: defined here\n  \
             --> /stage/31-cli-tools/01-file-search/src/lib.rs:3:8\n  ::: /rustc/abc/library/core/src/option.rs:1:1\n"
        ));
        assert!(is_shown(
            "error[E0308]: mismatched types\n --> 31-cli-tools/01-file-search/src/hidden/mod.rs:4:5\n  |\n"
        ));
        assert!(is_shown("the compiler ran out of time or memory"));
        assert!(is_shown("error: x\n --> src/lib.rs:1:1"));
    }

    #[test]
    fn an_error_that_quotes_hidden_tests_is_not() {
        assert!(!is_shown(
            "error[E0425]: no `find`\n --> 31-cli-tools/01-file-search/hidden/hidden.rs:4:5\n"
        ));
        assert!(!is_shown(
            "error[E0080]: evaluation panicked\n --> 31-cli-tools/01-file-search/src/lib.rs:4:5\nnote: while \
             instantiating\n   --> 31-cli-tools/01-file-search/hidden/limits.rs:8:1\n"
        ));
        assert!(!is_shown(
            "error: x\n --> 31-cli-tools/01-file-search/src/lib.rs:1:1\n  |\n  ::: 31-cli-tools/01-file-search/src/../hidden/a.rs:1:1"
        ));
        assert!(!is_shown(
            "error: linking with `cc` failed\n  = note: undefined: hidden::limits::x"
        ));
        assert!(!is_shown(
            "error: cannot find attribute\n --> phase7/macros/src/lib.rs:1:1"
        ));
    }
}
