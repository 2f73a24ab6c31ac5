//! The few colours of the terminal output; `anstream` takes them out where they are not wanted.

use anstyle::{AnsiColor, Style};

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
    format!("{style}{text}{style:#}")
}

/// A bar of `width` cells, filled to `percent`.
pub fn bar(percent: u32, width: usize) -> String {
    let filled = (percent as usize * width).div_euclid(100).min(width);
    let filled = if percent > 0 { filled.max(1) } else { filled };
    format!(
        "{}{}",
        good(&"█".repeat(filled)),
        dim(&"░".repeat(width - filled))
    )
}
