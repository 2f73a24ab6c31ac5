//! Text files: one newline at the end, no blanks before one, no tabs in Rust, no CR; Rust opens with `//!`.

use std::path::Path;

use super::Problem;

/// Directories that hold what a program wrote or reads: their bytes are their own.
const DATA: [&str; 5] = ["snapshots", "data", "fixtures", "corpus", "seeds"];

/// The mark of what is still to be written, put together so that this file does not carry it.
const UNFINISHED: &str = concat!("TO", "DO");

/// What is wrong with the text of `file`.
pub fn problems(file: &Path, text: &str) -> Vec<Problem> {
    let is_data = file.iter().any(|part| DATA.iter().any(|name| part == *name));
    if is_data || text.contains('\0') || extension(file) == "snap" {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let is_rust = extension(file) == "rs";
    if is_rust && !text.starts_with("//!") {
        problems.push(Problem::at(file, 1, "it does not open with `//!`"));
    }
    for (index, line) in text.split('\n').enumerate() {
        let mut add = |what: &str| problems.push(Problem::at(file, index + 1, what));
        if line.ends_with('\r') {
            add("the line ends with CR LF");
        } else if line.ends_with([' ', '\t']) {
            add("blanks stand at the end of the line");
        }
        if is_rust && line.contains('\t') {
            add("a tab: write `\\t`, or four blanks");
        }
        if is_course(file)
            && line
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word == UNFINISHED)
        {
            add("it is not finished");
        }
    }
    if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
        problems.push(Problem::at(
            file,
            text.lines().count(),
            "the file does not end with one newline",
        ));
    }
    problems
}

fn extension(file: &Path) -> &str {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// Whether a file is part of what learners read: a module, the projects, the book and the support crate.
fn is_course(file: &Path) -> bool {
    let top = file
        .iter()
        .next()
        .and_then(|part| part.to_str())
        .unwrap_or_default();
    top == "projects" || top == "phase7" || top.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn problems_of(file: &str, text: &str) -> Vec<String> {
        sample::words(&problems(Path::new(file), text))
    }

    #[test]
    fn a_clean_file_has_no_problem() {
        assert_eq!(problems_of("a/lib.rs", "//! A.\n\nfn a() {}\n"), [""; 0]);
        assert_eq!(problems_of("a/empty.md", ""), [""; 0]);
    }

    #[test]
    fn each_slip_has_its_line() {
        assert_eq!(
            problems_of("a.rs", "fn a() {}\n"),
            ["a.rs:1: it does not open with `//!`"]
        );
        assert_eq!(
            problems_of("a.md", "x \ny\n"),
            ["a.md:1: blanks stand at the end of the line"]
        );
        assert_eq!(problems_of("a.md", "x\r\n"), ["a.md:1: the line ends with CR LF"]);
        assert_eq!(
            problems_of("a.rs", "//! A.\n\tx\n"),
            ["a.rs:2: a tab: write `\\t`, or four blanks"]
        );
        assert_eq!(
            problems_of("a.md", "x\ny"),
            ["a.md:2: the file does not end with one newline"]
        );
        assert_eq!(
            problems_of("a.md", "x\n\n"),
            ["a.md:2: the file does not end with one newline"]
        );
    }

    #[test]
    fn what_is_unfinished_is_named_in_the_course_alone() {
        let text = format!("{UNFINISHED}: write this\n");
        assert_eq!(
            problems_of("31-a/01-b/README.md", &text),
            ["31-a/01-b/README.md:1: it is not finished"]
        );
        assert_eq!(problems_of("CONTRIBUTING.md", &text), [""; 0]);
        assert_eq!(
            problems_of("31-a/README.md", &format!("my_{UNFINISHED}S\n")),
            [""; 0]
        );
    }

    #[test]
    fn data_is_left_alone() {
        assert_eq!(problems_of("31-a/01-b/tests/data/crlf.txt", "x \r\ny"), [""; 0]);
        assert_eq!(problems_of("a.bin", "\0 \n"), [""; 0]);
    }
}
