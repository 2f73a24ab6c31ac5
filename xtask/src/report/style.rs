//! The few colours of the terminal output, which `anstream` takes out where they are not wanted, and its widths.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A heading.
pub fn heading(text: &str) -> String {
    paint(Style::new().bold(), text)
}

/// Something that is said in passing.
pub fn dim(text: &str) -> String {
    paint(Style::new().dimmed(), text)
}

/// Something earned.
pub fn good(text: &str) -> String {
    paint(AnsiColor::Green.on_default(), text)
}

/// Something that falls short.
pub fn bad(text: &str) -> String {
    paint(AnsiColor::Red.on_default(), text)
}

/// Something that wants attention.
pub fn warn(text: &str) -> String {
    paint(AnsiColor::Yellow.on_default(), text)
}

fn paint(style: Style, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("{style}{text}{style:#}")
}

/// A bar of `width` cells, filled to `percent`: the first cell as soon as there is something, the last one only
/// when there is everything.
pub fn bar(percent: u32, width: usize) -> String {
    let filled = (percent as usize * width).div_euclid(100).min(width);
    let filled = if percent > 0 { filled.max(1) } else { filled };
    format!(
        "{}{}",
        good(&"█".repeat(filled)),
        dim(&"░".repeat(width - filled))
    )
}

/// The columns that a text without colours takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text without colours, cut to `columns` with an ellipsis where it is longer.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > columns {
            break;
        }
        cut.push(character);
    }
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// The text's words in lines of at most `columns`; a longer word is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let word = cut(word, columns);
        let line = lines.last_mut().expect("there is a line from the start");
        if line.is_empty() {
            *line = word;
        } else if width(line) + 1 + width(&word) <= columns {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_counts_columns_not_characters() {
        assert_eq!(cut("plain", 5), "plain");
        assert_eq!(cut("plain text", 7), "plain…");
        assert_eq!(cut("日本語の字", 6), "日本…");
        assert_eq!(width(&cut("日本語の字", 6)), 5);
    }

    #[test]
    fn words_fill_lines() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible", 6), ["incom…"]);
        assert_eq!(wrap("", 6), [""]);
    }

    #[test]
    fn only_everything_fills_a_bar() {
        let cells = |percent| bar(percent, 10).matches('█').count();
        assert_eq!([0, 1, 50, 99, 100].map(cells), [0, 1, 5, 9, 10]);
    }
}
