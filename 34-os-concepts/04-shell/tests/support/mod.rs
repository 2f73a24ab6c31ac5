//! The shell under test: scripts with what they must print, and a person at a terminal.
//!
//! A file of scripts is cut at lines that begin with `### ` and the name of a case. Its script goes up to `--- stdout`,
//! what it must print up to `--- status N` (absent: 0) or the next case. Each runs in an empty directory of its own, as
//! `shell ../script.sh`, with nothing on its standard input.

#![allow(dead_code, reason = "each of the test files uses its part")]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use phase7::pty::Terminal;
use phase7::{Scratch, wait};

/// How long a test waits for what must happen.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// The program under test.
pub const SHELL: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// A script and what comes of it.
#[derive(Debug)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// The script.
    pub script: String,
    /// What it prints.
    pub stdout: String,
    /// How it ends.
    pub status: i32,
}

/// The cases of a file.
pub fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut in_output = false;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("### ") {
            let name = name.trim_end().to_owned();
            cases.push(Case {
                name,
                script: String::new(),
                stdout: String::new(),
                status: 0,
            });
            in_output = false;
            continue;
        }
        let case = cases.last_mut().expect("a file begins with the name of a case");
        if line.starts_with("--- stdout") {
            in_output = true;
        } else if let Some(status) = line.strip_prefix("--- status ") {
            case.status = status.trim().parse().expect("a status is a number");
        } else if in_output {
            case.stdout.push_str(line);
        } else {
            case.script.push_str(line);
        }
    }
    cases
}

/// Runs all cases of a file, and tells of those that went wrong.
#[track_caller]
pub fn check_scripts(text: &str) {
    let mut wrong = Vec::new();
    let cases = cases(text);
    for case in &cases {
        let scratch = Scratch::new();
        scratch.write("script.sh", &case.script);
        let output = shell(&scratch).arg("../script.sh").stdin("").run();
        if (output.stdout(), output.code()) != (case.stdout.clone(), case.status) {
            wrong.push(format!(
                "{}\n{}\nprinted\n{}\nwith status {}, and not\n{}\nwith status {}; standard error:\n{}",
                case.name,
                indented(&case.script),
                indented(&output.stdout()),
                output.code(),
                indented(&case.stdout),
                case.status,
                indented(&output.stderr()),
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} scripts went wrong. The first: {}",
        wrong.len(),
        cases.len(),
        wrong[0]
    );
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// The program in the directory `work` of a scratch directory, with an environment that is the same everywhere.
#[track_caller]
pub fn shell(scratch: &Scratch) -> phase7::Program {
    let work = scratch.join("work");
    std::fs::create_dir_all(&work).expect("a directory can be made");
    let mut program = phase7::Program::new(SHELL)
        .dir(&work)
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/nowhere")
        .env("LC_ALL", "C");
    for name in ["ENV", "CDPATH", "OLDPWD", "PS1", "PS4", "HISTFILE"] {
        program = program.env_remove(name);
    }
    program
}

/// Runs commands given with `-c`.
#[track_caller]
pub fn run(commands: &str) -> phase7::process::Output {
    shell(&Scratch::new()).args(["-c", commands]).stdin("").run()
}

/// What commands print; they must end with status 0.
#[track_caller]
pub fn printed(commands: &str) -> String {
    run(commands).expect_code(0).stdout()
}

/// A shell on a terminal, and a person who types.
pub struct Session {
    /// The terminal.
    pub terminal: Terminal,
    /// The directory it works in.
    pub scratch: Scratch,
    lines: usize,
}

impl Session {
    /// Starts the shell and waits for its prompt, `ready> `.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_with(Scratch::new(), &[])
    }

    /// The same in a directory that has been prepared, with variables.
    #[track_caller]
    pub fn start_with(scratch: Scratch, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(SHELL);
        command
            .current_dir(scratch.path())
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", scratch.path())
            .env("PS1", "ready> ")
            .env("PS2", "more> ")
            .env("TERM", "xterm")
            .env("LC_ALL", "C")
            .env_remove("ENV")
            .env_remove("HISTFILE")
            .envs(variables.iter().copied());
        let mut terminal = Terminal::spawn_command(command, 60, 120);
        terminal.wait_for("ready> ");
        Self {
            terminal,
            scratch,
            lines: 0,
        }
    }

    /// Types a line. The shell must be reading.
    pub fn type_line(&mut self, line: &str) {
        self.terminal.type_keys(&format!("{line}\r"));
    }

    /// Types a line and waits until the shell has carried it out; what it printed is on the screen then.
    #[track_caller]
    pub fn run(&mut self, line: &str) {
        self.type_line(line);
        self.catch_up();
    }

    /// Waits until the shell reads again: it is asked for a word that is not what was typed.
    #[track_caller]
    pub fn catch_up(&mut self) {
        self.lines += 1;
        let number = self.lines;
        self.type_line(&format!("echo \"caught\"-up-{number}."));
        self.terminal.wait_for(&format!("caught-up-{number}."));
    }

    /// The process group in the terminal's foreground, as the kernel has it.
    pub fn foreground(&self) -> i32 {
        stat(self.terminal.id()).map_or(-1, |stat| stat.foreground)
    }

    /// Waits until another process group than the shell's is in the foreground, and returns it.
    #[track_caller]
    pub fn until_foreground_job(&self) -> i32 {
        let shell = self.terminal.id();
        wait::until_some("a job in the foreground", DEADLINE, || {
            let foreground = self.foreground();
            (foreground != shell && foreground > 0).then_some(foreground)
        })
    }

    /// Waits until the shell is in the foreground again.
    #[track_caller]
    pub fn until_foreground_shell(&self) {
        let shell = self.terminal.id();
        wait::until("the shell to have the terminal", DEADLINE, || {
            self.foreground() == shell
        });
    }

    /// Waits until a file of the directory has a whole line, and returns it.
    #[track_caller]
    pub fn until_line(&self, file: &str) -> String {
        wait::until_some(&format!("a line in {file}"), DEADLINE, || {
            self.scratch.read(file).strip_suffix('\n').map(str::to_owned)
        })
    }

    /// Waits until the children of the shell are as wanted.
    #[track_caller]
    pub fn until_children(&self, what: &str, mut wanted: impl FnMut(&[Stat]) -> bool) -> Vec<Stat> {
        wait::until_some(what, DEADLINE, || {
            let children = children(self.terminal.id());
            wanted(&children).then_some(children)
        })
    }
}

/// What `/proc/PID/stat` says of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Its id.
    pub pid: i32,
    /// Its name.
    pub name: String,
    /// `R`, `S`, `T` and so on.
    pub state: char,
    /// Its process group.
    pub group: i32,
    /// The foreground group of its terminal.
    pub foreground: i32,
}

/// Looks a process up.
pub fn stat(pid: i32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (open, close) = (text.find('(')?, text.rfind(')')?);
    let fields: Vec<&str> = text[close + 1..].split_whitespace().collect();
    Some(Stat {
        pid,
        name: text[open + 1..close].to_owned(),
        state: fields.first()?.chars().next()?,
        group: fields.get(2)?.parse().ok()?,
        foreground: fields.get(5)?.parse().ok()?,
    })
}

/// The children of a process.
pub fn children(pid: i32) -> Vec<Stat> {
    let list = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| stat(pid.parse().ok()?))
        .collect()
}

/// The descriptors that a process has open.
pub fn descriptors(pid: i32) -> usize {
    std::fs::read_dir(Path::new("/proc").join(pid.to_string()).join("fd")).map_or(0, Iterator::count)
}
