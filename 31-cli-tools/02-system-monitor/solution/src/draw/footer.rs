//! The last line, and the help that takes the whole screen.

use ratatui::style::{Color, Modifier, Style};

use super::{Canvas, Screen};
use crate::keys::Mode;

/// What is most needed first: a small screen shows the beginning.
const HELP: [&str; 14] = [
    "any key   back",
    "q         quit",
    "↑ ↓       select a process",
    "PgUp PgDn a page; Home, End",
    "c m p n   sort by CPU, memory, PID, name",
    "          again: the other way round",
    "t         tree",
    "/         filter; Enter keeps it, Esc ends it",
    "k         end the process (SIGTERM)",
    "K         end it at once (SIGKILL)",
    "Space     pause",
    "Ctrl-Z    stop; fg continues",
    "CPU%      of one core",
    "MEM% RES  what is in memory",
];

/// Draws the last line: a question, a message, or what can be done.
pub fn footer(canvas: &mut Canvas<'_>, screen: &Screen<'_>) {
    let state = screen.state;
    let filter = &state.order.filter;
    let alert = canvas.color(Color::Yellow).add_modifier(Modifier::BOLD);
    let (text, style) = match (&state.mode, &state.message) {
        (Mode::Confirm(target), _) => {
            let (pid, name) = (target.identity.pid, &target.name);
            let signal = target.signal.name();
            (format!("y: {signal} to {pid} ({name})  any other key: no"), alert)
        }
        (Mode::Filter, _) => (format!("/{filter}_"), Style::new()),
        (_, Some(message)) => (message.clone(), alert),
        _ => {
            let mut text = String::new();
            if state.is_paused {
                text += "paused  ";
            }
            if !filter.is_empty() {
                text += &format!("/{filter}  ");
            }
            match screen.sample.problems.as_slice() {
                [] => {
                    text += "? help  q quit  / filter  t tree  k kill";
                    (text, canvas.color(Color::Cyan))
                }
                [first, ..] => (text + first, alert),
            }
        }
    };
    let line = canvas.area.height.saturating_sub(1);
    canvas.put(0, line, u16::MAX, &text, style);
}

/// Draws the help.
pub fn help(canvas: &mut Canvas<'_>) {
    for (line, text) in (0..).zip(HELP) {
        canvas.put(0, line, u16::MAX, text, Style::new());
    }
}
