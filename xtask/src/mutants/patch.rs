//! Unified diffs: putting one into a text, and the lines that it changes.

use anyhow::{Context, Result, bail, ensure};

/// What cargo-mutants writes behind whatever it puts in.
const REMARK: &str = " /* ~ changed by cargo-mutants ~ */";

/// The text with `diff` put into it.
///
/// # Errors
/// When the diff is none of this text's: a line to keep or to take away is another one.
pub fn apply(text: &str, diff: &str) -> Result<String> {
    let old: Vec<_> = text.split_inclusive('\n').collect();
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for line in body(diff) {
        if let Some(header) = line.strip_prefix("@@ -") {
            let start = hunk_start(header)?;
            ensure!(start >= at && start <= old.len(), "a hunk lies outside the text");
            new.extend(old[at..start].iter().copied());
            at = start;
            continue;
        }
        let (mark, content) = line.split_at_checked(1).context("a line of a diff has a mark")?;
        match mark {
            "+" => new.push_str(content),
            " " | "-" => {
                ensure!(
                    old.get(at) == Some(&content),
                    "line {} of the text is not the diff's",
                    at + 1
                );
                at += 1;
                if mark == " " {
                    new.push_str(content);
                }
            }
            _ => bail!("a line of a diff begins with {mark:?}"),
        }
    }
    new.extend(old[at..].iter().copied());
    Ok(new)
}

/// The lines that a diff takes away, and those that it puts in, without cargo-mutants' remark and the blanks around
/// them.
pub fn changed(diff: &str) -> (Vec<String>, Vec<String>) {
    let with = |mark| {
        body(diff)
            .filter_map(|line| line.strip_prefix(mark))
            .map(|line| line.replace(REMARK, "").trim().to_owned())
            .collect()
    };
    (with('-'), with('+'))
}

/// The hunks, without the two lines that name the files.
fn body(diff: &str) -> impl Iterator<Item = &str> {
    diff.split_inclusive('\n')
        .skip_while(|line| !line.starts_with("@@ "))
}

/// The index of a hunk's first line: `3,7 +3,7 @@` starts at 2.
fn hunk_start(header: &str) -> Result<usize> {
    let (old, _) = header.split_once(' ').context("a hunk names two ranges")?;
    let first: usize = old
        .split(',')
        .next()
        .unwrap_or_default()
        .parse()
        .with_context(|| format!("a hunk begins at {old:?}"))?;
    Ok(first.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\nb\nc\nd\ne\n";

    #[test]
    fn a_change_keeps_what_is_around_it() {
        let diff = "--- x\n+++ replace\n@@ -2,3 +2,2 @@\n b\n-c\n-d\n+y\n";
        assert_eq!(apply(TEXT, diff).unwrap(), "a\nb\ny\ne\n");
    }

    #[test]
    fn two_hunks_are_put_in_both() {
        let diff = "--- x\n+++ y\n@@ -1,1 +1,1 @@\n-a\n+1\n@@ -5,1 +5,2 @@\n-e\n+5\n+6\n";
        assert_eq!(apply(TEXT, diff).unwrap(), "1\nb\nc\nd\n5\n6\n");
    }

    #[test]
    fn a_diff_of_another_text_is_refused() {
        assert!(apply(TEXT, "@@ -2,1 +2,1 @@\n-c\n+y\n").is_err());
        assert!(apply(TEXT, "@@ -9,1 +9,1 @@\n-c\n+y\n").is_err());
    }

    #[test]
    fn the_changed_lines_have_no_blanks_around_them() {
        let diff = format!("--- x\n+++ y\n@@ -1,2 +1,2 @@\n     a\n-    b + c\n+    b -{REMARK} c\n");
        assert_eq!(
            changed(&diff),
            (vec!["b + c".to_owned()], vec!["b - c".to_owned()])
        );
    }
}
