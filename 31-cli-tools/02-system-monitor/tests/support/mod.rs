//! What the open and the hidden tests share: recorded trees, and short ways to samples, keys and screens.

use std::path::Path;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use phase7::Scratch;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use system_monitor::draw::Screen;
use system_monitor::keys::{Action, State};
use system_monitor::rates::{Rates, rates};
use system_monitor::reader::Reader;
use system_monitor::sample::Sample;
use system_monitor::users::Users;
use system_monitor::view::{Row, rows};

/// Ticks in a second and bytes in a page, on the machines of the recorded trees.
pub const TICKS_PER_S: u64 = 100;
pub const PAGE_BYTES: u64 = 4096;

/// Recorded trees, each with a line of its own on what is in it.
pub const LINUX_3_10: &str = include_str!("../trees/linux-3.10.txt");
pub const LINUX_5_10: &str = include_str!("../trees/linux-5.10.txt");
pub const CONTAINER: &str = include_str!("../trees/container.txt");

/// The files of a recorded tree: each begins behind a line `==> PATH`; `\0` and `\n` stand for these bytes. Only a
/// `cmdline` does not end in a line feed.
pub fn files(tree: &str) -> impl Iterator<Item = (&str, String)> {
    tree.split("\n==> ").skip(1).map(|file| {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let text = text
            .trim_end_matches('\n')
            .replace("\\0", "\0")
            .replace("\\n", "\n");
        let end = if path.ends_with("cmdline") || text.is_empty() {
            ""
        } else {
            "\n"
        };
        (path, text + end)
    })
}

/// A file of a recorded tree.
#[track_caller]
pub fn file(tree: &str, path: &str) -> Vec<u8> {
    let mut files = files(tree);
    let found = files.find(|(name, _)| *name == path);
    found.expect("a file of the tree").1.into_bytes()
}

/// A directory with the files of a recorded tree.
pub fn unpack(tree: &str) -> Scratch {
    let directory = Scratch::new();
    for (path, text) in files(tree) {
        directory.write(path, text);
    }
    directory
}

/// A reader of `directory`.
pub fn reader(directory: &Path) -> Reader {
    Reader::new(directory, PAGE_BYTES).expect("a directory that can be read")
}

/// What a recorded tree says, at the time zero.
pub fn sample(tree: &str) -> Sample {
    sample_of(unpack(tree).path(), Duration::ZERO)
}

/// What the tree in `directory` says, with the details of all processes.
pub fn sample_of(directory: &Path, at: Duration) -> Sample {
    let mut sample = Sample::default();
    let mut reader = reader(directory);
    reader.read(at, &Sample::default(), &mut sample);
    for process in &mut sample.processes {
        reader.describe(at, process);
    }
    sample
}

/// The PIDs of rows, in their order.
pub fn pids(sample: &Sample, rows: &[Row]) -> Vec<i32> {
    rows.iter()
        .map(|row| sample.processes[row.index].identity.pid)
        .collect()
}

/// A sample on a screen, without a program around it.
pub struct Desk {
    pub sample: Sample,
    pub rates: Rates,
    pub rows: Vec<Row>,
    pub state: State,
    pub users: Users,
}

impl Desk {
    /// What a recorded tree says; before it everything stood still.
    pub fn new(tree: &str) -> Self {
        let sample = sample(tree);
        let rates = rates(&sample, &sample, TICKS_PER_S);
        Self::with(sample, rates)
    }

    /// A sample and what happened before it.
    pub fn with(sample: Sample, rates: Rates) -> Self {
        let mut desk = Self {
            sample,
            rates,
            rows: Vec::new(),
            state: State::default(),
            users: Users::parse(b"root:x:0:0:root:/root:/bin/sh\nwren:x:1000:1000::/home/wren:/bin/sh\n"),
        };
        desk.arrange();
        desk
    }

    /// As the program does after each key and each sample.
    pub fn arrange(&mut self) {
        self.rows = rows(&self.sample.processes, &self.rates.processes, &self.state.order);
        self.state.settle(&self.rows, &self.sample.processes);
    }

    /// Presses a key, with pages of ten rows.
    pub fn press(&mut self, code: KeyCode) -> Action {
        self.press_with(code, KeyModifiers::NONE)
    }

    pub fn press_with(&mut self, code: KeyCode, modifiers: KeyModifiers) -> Action {
        let key = KeyEvent::new(code, modifiers);
        let action = self.state.press(key, &self.rows, &self.sample.processes, 10);
        self.arrange();
        action
    }

    /// Presses the keys of a text.
    pub fn type_text(&mut self, text: &str) {
        for character in text.chars() {
            self.press(KeyCode::Char(character));
        }
    }

    /// The PIDs that are listed.
    pub fn pids(&self) -> Vec<i32> {
        pids(&self.sample, &self.rows)
    }

    /// The PID that is selected.
    pub fn selected(&self) -> Option<i32> {
        let row = self.rows.get(self.state.cursor)?;
        Some(self.sample.processes[row.index].identity.pid)
    }

    /// A screen of this size, drawn.
    pub fn drawn(&self, columns: u16, lines: u16) -> Terminal<TestBackend> {
        let screen = Screen {
            sample: &self.sample,
            rates: &self.rates,
            rows: &self.rows,
            state: &self.state,
            users: &self.users,
            is_colored: true,
        };
        let backend = TestBackend::new(columns, lines);
        let mut terminal = Terminal::new(backend).expect("memory is a terminal");
        terminal
            .draw(|frame| frame.render_widget(&screen, frame.area()))
            .expect("memory takes everything");
        terminal
    }

    /// The lines of such a screen, without trailing blanks.
    pub fn lines(&self, columns: u16, lines: u16) -> Vec<String> {
        let terminal = self.drawn(columns, lines);
        let buffer = terminal.backend().buffer();
        let line = |y| -> String { (0..columns).map(|x| buffer[(x, y)].symbol()).collect() };
        (0..lines).map(|y| line(y).trim_end().to_owned()).collect()
    }
}
