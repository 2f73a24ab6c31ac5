//! A small course in a temporary directory: an honest exercise, one with every mishap, one that does not
//! compile, and one that lies.
//!
//! Building it costs a few seconds, so samples share a target directory from one test to the next: each test
//! takes the sample in turn, freshly written.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The sample course, for one test at a time.
pub struct Sample {
    root: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

/// What a command printed, and how it ended.
pub struct Ended {
    code: Option<i32>,
    text: String,
}

/// Files of the sample, apart from what it borrows from the real workspace.
const FILES: [(&str, &str); 17] = [
    ("xtask/Cargo.toml", ""),
    (
        "checklist.md",
        "# Done\n\n- [ ] **Is honest**: `honest` at 80 % or more.\n- [ ] **Adds**: `adder` at 80 % or more.\n",
    ),
    ("90-sample/README.md", "# Sample\n"),
    (
        "90-sample/01-honest/Cargo.toml",
        include_str!("honest/Cargo.toml.txt"),
    ),
    ("90-sample/01-honest/README.md", include_str!("honest/README.md")),
    ("90-sample/01-honest/src/lib.rs", "pub fn one() -> u8 { 1 }\n"),
    (
        "90-sample/01-honest/tests/open.rs",
        include_str!("honest/open.rs"),
    ),
    ("90-sample/02-adder/README.md", include_str!("honest/README.md")),
    ("90-sample/02-adder/src/lib.rs", include_str!("adder/lib.rs")),
    ("90-sample/02-adder/tests/open.rs", include_str!("adder/open.rs")),
    ("90-sample/03-broken/README.md", include_str!("honest/README.md")),
    (
        "90-sample/03-broken/src/lib.rs",
        "pub fn one() -> u8 { \"one\" }\n",
    ),
    (
        "90-sample/03-broken/tests/open.rs",
        "#[phase7::test(points = 1, rule = 1)]\nfn is_one() { assert_eq!(broken::one(), 1); }\n",
    ),
    ("90-sample/04-liar/README.md", include_str!("honest/README.md")),
    ("90-sample/04-liar/src/lib.rs", include_str!("liar/lib.rs")),
    ("90-sample/04-liar/tests/open.rs", include_str!("liar/open.rs")),
    (
        "90-sample/04-liar/hidden/hidden.rs",
        include_str!("liar/hidden.rs"),
    ),
];

impl Sample {
    /// Writes the sample afresh.
    pub fn new() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("xtask stands in the workspace");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample");
        for directory in ["90-sample", "target/grade/results", ".phase7"] {
            let _ = std::fs::remove_dir_all(root.join(directory));
        }
        let sample = Self { root, _turn: turn };
        for (name, text) in FILES {
            sample.write(name, text);
        }
        for (name, directory) in [
            ("adder", "02-adder"),
            ("broken", "03-broken"),
            ("liar", "04-liar"),
        ] {
            let mut manifest = sample
                .read("90-sample/01-honest/Cargo.toml")
                .replace("honest", name);
            if name == "liar" {
                manifest.push_str(include_str!("liar/hidden.toml.txt"));
            }
            sample.write(&format!("90-sample/{directory}/Cargo.toml"), &manifest);
        }
        for name in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "clippy.toml"] {
            std::fs::copy(workspace.join(name), sample.path(name)).expect("the workspace has it");
        }
        let _ = std::os::unix::fs::symlink(workspace.join("phase7"), sample.path("phase7"));
        sample
    }

    /// The path of a file of the sample.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file, making the directories above it.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it has a parent")).expect("directories can be made");
        std::fs::write(path, text).expect("a file can be written");
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("the file is there")
    }

    /// Runs a command of the program in the sample.
    pub fn xtask(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .current_dir(&self.root)
            .env("NO_COLOR", "1")
            .env_remove("CI")
            .output()
            .expect("the program can be started");
        let text = [output.stdout, output.stderr].concat();
        Ended {
            code: output.status.code(),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    /// The report of a run over the whole sample.
    pub fn grade(&self) -> serde_json::Value {
        let text = self.xtask(&["grade", "--format", "json"]).code(1);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}):\n{text}"))
    }
}

impl Ended {
    /// What was printed, however it ended.
    #[allow(dead_code, reason = "some tests hold every run to its exit code")]
    pub fn text(self) -> String {
        self.text
    }

    /// What was printed, if the exit code is `code`.
    pub fn code(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}", self.text);
        self.text
    }
}

/// The result of one exercise in a report.
pub fn exercise<'a>(report: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let exercises = report["modules"][0]["exercises"]
        .as_array()
        .expect("exercises are a list");
    exercises
        .iter()
        .find(|exercise| exercise["name"] == name)
        .expect("the exercise is in the report")
}

/// Whether a process with exactly these arguments runs.
pub fn is_running(arguments: &[&str]) -> bool {
    let wanted: Vec<u8> = arguments
        .iter()
        .flat_map(|argument| [argument.as_bytes(), b"\0"].concat())
        .collect();
    let processes = std::fs::read_dir("/proc").expect("/proc is there").flatten();
    processes
        .map(|process| std::fs::read(process.path().join("cmdline")))
        .any(|line| line.is_ok_and(|line| line == wanted))
}
