//! What the machine must have beside Rust, how to see whether it has it, and how to get it.
//!
//! A test names its tools: `needs = "qemu-system-arm, thumbv7m-none-eabi"`; what an author's command needs is installed
//! when it is asked for by name. A probe looks where the tool would
//! lie and starts no process, so that every `grade` can afford to ask. Ways to get a tool stand in order of
//! preference; a way is open where its package manager is installed.

mod machine;
mod toolchain;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Test;
pub use machine::Machine;
pub use toolchain::{toolchain_paths, toolchain_variables};

/// Something that tests need.
#[derive(Debug)]
pub struct Tool {
    /// As `needs` names it.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Whether the machine has it.
    probe: fn(&Machine) -> bool,
    /// How to get it, the best way first.
    ways: &'static [Way],
}

/// One way to get a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Who installs it.
    pub manager: Manager,
    /// Packages; for rustup and cargo, the whole command.
    pub what: &'static [&'static str],
}

/// The package managers that are known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// Rust's own, which needs no other user than the one it belongs to.
    Rustup,
    /// Builds from source, for this user alone.
    Cargo,
    /// Debian, Ubuntu.
    Apt,
    /// Fedora.
    Dnf,
    /// Arch.
    Pacman,
    /// macOS.
    Brew,
}

/// The compiler target of the boards in the course.
const CORTEX_M3: &str = "thumbv7m-none-eabi";

/// The version that finds mutants: another one may name them otherwise, and `mutants.toml` names them.
pub const CARGO_MUTANTS_VERSION: &str = "27.1.0";

/// What a test needs that looks at its own processes from outside. A sandbox may lack it where the machine has it.
pub const PROC: &str = "/proc";

/// POSIX message queues, which a kernel may lack, and a sandbox withhold.
pub const MQUEUE: &str = "mqueue";

/// Every tool that a test or an author's command may need.
pub static TOOLS: &[Tool] = &[
    Tool {
        name: PROC,
        purpose: "shows processes as files",
        probe: Machine::has_proc,
        ways: &[],
    },
    Tool {
        name: MQUEUE,
        purpose: "POSIX message queues, a part of the kernel",
        probe: Machine::has_mqueue,
        ways: &[],
    },
    Tool {
        name: "qemu-system-arm",
        purpose: "runs firmware on an emulated board",
        probe: |machine| machine.has_program("qemu-system-arm"),
        ways: &[
            Way::new(Manager::Apt, &["qemu-system-arm"]),
            Way::new(Manager::Dnf, &["qemu-system-arm"]),
            Way::new(Manager::Pacman, &["qemu-system-arm"]),
            Way::new(Manager::Brew, &["qemu"]),
        ],
    },
    Tool {
        name: CORTEX_M3,
        purpose: "compiles firmware for the board",
        probe: |machine| machine.can_build_for(CORTEX_M3),
        ways: &[
            Way::new(Manager::Rustup, &["target", "add", CORTEX_M3]),
            // A compiler with the source of its own `core`, for where rustup's server is out of reach.
            Way::new(Manager::Apt, &["rustc-web", "rust-web-src"]),
        ],
    },
    Tool {
        name: "miri",
        purpose: "finds undefined behaviour in unsafe code",
        probe: Machine::has_miri,
        ways: &[
            // To the nightly that is there, as it is; else the newest one.
            Way::new(
                Manager::Rustup,
                &["component", "add", "--toolchain", "nightly", "miri", "rust-src"],
            ),
            Way::new(
                Manager::Rustup,
                &[
                    "toolchain",
                    "install",
                    "nightly",
                    "--profile",
                    "minimal",
                    "--component",
                    "miri,rust-src",
                ],
            ),
        ],
    },
    Tool {
        name: "setsid",
        purpose: "starts a program in a session of its own",
        probe: |machine| machine.has_program("setsid"),
        ways: &[
            Way::new(Manager::Apt, &["util-linux"]),
            Way::new(Manager::Dnf, &["util-linux"]),
            Way::new(Manager::Pacman, &["util-linux"]),
            Way::new(Manager::Brew, &["util-linux"]),
        ],
    },
    Tool {
        name: "curl",
        purpose: "is a real client of web servers and proxies",
        probe: |machine| machine.has_program("curl"),
        ways: &[
            Way::new(Manager::Apt, &["curl"]),
            Way::new(Manager::Dnf, &["curl"]),
            Way::new(Manager::Pacman, &["curl"]),
            Way::new(Manager::Brew, &["curl"]),
        ],
    },
    Tool {
        name: "openssl",
        purpose: "speaks TLS with servers, as `openssl s_client`",
        probe: |machine| machine.has_program("openssl"),
        ways: &[
            Way::new(Manager::Apt, &["openssl"]),
            Way::new(Manager::Dnf, &["openssl"]),
            Way::new(Manager::Pacman, &["openssl"]),
            Way::new(Manager::Brew, &["openssl"]),
        ],
    },
    Tool {
        name: "dnsmasq",
        purpose: "is a real name server, started by tests",
        probe: |machine| machine.has_daemon("dnsmasq"),
        ways: &[
            Way::new(Manager::Apt, &["dnsmasq-base"]),
            Way::new(Manager::Dnf, &["dnsmasq"]),
            Way::new(Manager::Pacman, &["dnsmasq"]),
            Way::new(Manager::Brew, &["dnsmasq"]),
        ],
    },
    Tool {
        name: "valgrind",
        purpose: "counts instructions and cache misses on a simulated processor",
        probe: |machine| machine.has_program("valgrind"),
        ways: &[
            Way::new(Manager::Apt, &["valgrind"]),
            Way::new(Manager::Dnf, &["valgrind"]),
            Way::new(Manager::Pacman, &["valgrind"]),
            Way::new(Manager::Brew, &["valgrind"]),
        ],
    },
    Tool {
        name: "cargo-mutants",
        purpose: "finds mutants, for `cargo xtask mutants`",
        probe: |machine| machine.has_cargo_program("cargo-mutants"),
        ways: &[Way::new(
            Manager::Cargo,
            &[
                "install",
                "--locked",
                "cargo-mutants",
                "--version",
                CARGO_MUTANTS_VERSION,
            ],
        )],
    },
];

/// The tool that `needs` calls `name`.
pub fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// Tools that the tests need and the machine lacks, with the reason a report gives.
pub fn missing_for<'a>(tests: impl Iterator<Item = &'a Test>) -> BTreeMap<String, String> {
    missing_on(&Machine::here(), tests)
}

fn missing_on<'a>(machine: &Machine, tests: impl Iterator<Item = &'a Test>) -> BTreeMap<String, String> {
    let names: BTreeSet<_> = tests.flat_map(|test| &test.needs).collect();
    let reason = |name: &str| match tool(name) {
        None => Some(format!("{name} is no tool that this grader knows")),
        Some(tool) if tool.is_on(machine) => None,
        Some(tool) if tool.ways.is_empty() => Some(format!("this system has no {name}")),
        Some(tool) => Some(format!("{name} is not installed: {}", tool.command(machine))),
    };
    names
        .into_iter()
        .filter_map(|name| Some((name.clone(), reason(name)?)))
        .collect()
}

impl Tool {
    /// Whether `machine` has it.
    pub fn is_on(&self, machine: &Machine) -> bool {
        (self.probe)(machine)
    }

    /// The ways that are open on `machine`, the best first.
    pub fn open_ways(&self, machine: &Machine) -> Vec<Way> {
        let open = |way: &&Way| machine.has_program(way.manager.program());
        self.ways.iter().filter(open).copied().collect()
    }

    /// The command with which a person gets it.
    pub fn command(&self, machine: &Machine) -> String {
        let way = self.open_ways(machine).first().copied();
        way.or(self.ways.first().copied())
            .map_or_else(String::new, |way| way.shown(machine.is_root))
    }
}

impl Way {
    const fn new(manager: Manager, what: &'static [&'static str]) -> Self {
        Self { manager, what }
    }

    /// The command that installs without a question.
    pub fn arguments(self) -> Vec<&'static str> {
        let mut arguments = vec![self.manager.program()];
        arguments.extend_from_slice(match self.manager {
            Manager::Rustup | Manager::Cargo => &[],
            Manager::Apt => &["install", "-y", "--no-install-recommends"],
            Manager::Dnf => &["install", "-y"],
            Manager::Pacman => &["-S", "--noconfirm"],
            Manager::Brew => &["install"],
        });
        arguments.extend_from_slice(self.what);
        arguments
    }

    /// The command as a person types it.
    fn shown(self, is_root: bool) -> String {
        let typed = |argument: &&str| *argument != "-y" && *argument != "--noconfirm";
        let command: Vec<_> = self.arguments().into_iter().filter(typed).collect();
        let sudo = if self.manager.wants_root() && !is_root {
            "sudo "
        } else {
            ""
        };
        format!("{sudo}{}", command.join(" "))
    }
}

impl Manager {
    /// Its program.
    pub fn program(self) -> &'static str {
        match self {
            Manager::Rustup => "rustup",
            Manager::Cargo => "cargo",
            Manager::Apt => "apt-get",
            Manager::Dnf => "dnf",
            Manager::Pacman => "pacman",
            Manager::Brew => "brew",
        }
    }

    /// Whether only root installs with it.
    pub fn wants_root(self) -> bool {
        matches!(self, Manager::Apt | Manager::Dnf | Manager::Pacman)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Kind;

    fn needing(needs: &[&str]) -> Test {
        Test {
            kind: Kind::Open,
            name: "t".to_owned(),
            points: 1,
            rule: 1,
            timeout_s: 1,
            needs: needs.iter().map(ToString::to_string).collect(),
            doc: String::new(),
            file: "tests/open.rs".into(),
            line: 1,
        }
    }

    #[test]
    fn a_missing_tool_comes_with_its_command() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &["apt-get"]);
        let missing = missing_on(&machine, [needing(&["qemu-system-arm"])].iter());
        assert_eq!(
            missing["qemu-system-arm"],
            "qemu-system-arm is not installed: sudo apt-get install --no-install-recommends qemu-system-arm"
        );
    }

    #[test]
    fn what_is_there_is_not_missing() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &["qemu-system-arm"]);
        assert!(missing_on(&machine, [needing(&["qemu-system-arm"])].iter()).is_empty());
    }

    #[test]
    fn an_unknown_tool_is_missing_everywhere() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &["zebra"]);
        let missing = missing_on(&machine, [needing(&["zebra"])].iter());
        assert_eq!(missing["zebra"], "zebra is no tool that this grader knows");
    }

    #[test]
    fn the_first_open_way_is_the_command() {
        let files = tempfile::tempdir().unwrap();
        let target = tool(CORTEX_M3).unwrap();
        let both = Machine::with_programs(files.path(), &["rustup", "apt-get"]);
        assert_eq!(target.command(&both), "rustup target add thumbv7m-none-eabi");
        assert_eq!(target.open_ways(&both).len(), 2);
        let files = tempfile::tempdir().unwrap();
        let apt = Machine::with_programs(files.path(), &["apt-get"]);
        assert!(target.command(&apt).starts_with("sudo apt-get install"));
    }
}
