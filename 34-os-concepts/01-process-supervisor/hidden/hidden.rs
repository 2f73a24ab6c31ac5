//! The hidden tests: the edges of the pure parts, then the program against services that behave badly.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::Resource;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use phase7::{Scratch, wait};
use process_supervisor::backoff::Backoff;
use process_supervisor::config::{Config, LogSpec, Policy, Restart};
use process_supervisor::log::{LINE_MAX, LineBuffer, RotatingLog};
use process_supervisor::machine::{Machine, State};
use process_supervisor::order::start_order;
use process_supervisor::protocol::{Exit, Request};
use serde_json::{Value, json};

#[path = "../tests/support/mod.rs"]
mod support;

use support::{DEADLINE, Supervisor, has_ended, is_reaped, parent, pid_of};

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// However often a service fails, its pause stays at the cap.
#[phase7::test(points = 1, rule = 5)]
fn a_thousand_failures_pause_at_the_cap() {
    let mut backoff = Backoff::new(ms(3), ms(3_600_000), ms(60_000));
    let pauses: Vec<Duration> = (0..1000).map(|_| backoff.next_pause(ms(1))).collect();
    assert!(pauses.is_sorted(), "no pause is shorter than the one before");
    assert_eq!(pauses[10], ms(3 << 10), "the eleventh pause");
    assert_eq!(pauses[999], ms(3_600_000), "the last pause");
    let mut small = Backoff::new(ms(500), ms(200), ms(1000));
    assert_eq!(
        small.next_pause(ms(0)),
        ms(200),
        "a cap below the first pause holds"
    );
}

/// What leads into a cycle is not part of it, nor what depends on nothing in it.
#[phase7::test(points = 1, rule = 4)]
fn only_the_cycle_is_told() {
    let graph = BTreeMap::from([
        ("a", BTreeSet::from(["z"])),
        ("m", BTreeSet::from(["k"])),
        ("k", BTreeSet::from(["base", "m"])),
        ("z", BTreeSet::from(["m"])),
        ("base", BTreeSet::new()),
    ]);
    let error = start_order(&graph).expect_err("a cycle has no order");
    assert_eq!(error.to_string(), "dependency cycle: k -> m -> k", "the error");
}

/// Every key is taken over.
#[phase7::test(points = 1, rule = 1)]
fn every_key_is_heeded() {
    let text = r#"
        log_dir = "var/log"
        [service.web]
        command = ["httpd"]
        depends_on = ["db"]
        restart = "never"
        autostart = false
        backoff_ms = 1
        backoff_max_ms = 2
        backoff_reset_ms = 3
        ready_after_ms = 4
        stop_signal = "SIGQUIT"
        stop_timeout_ms = 5
        env = { A = "1", B = "" }
        dir = "sub"
        umask = "027"
        limits = { as = 1, core = 0, cpu = 2, data = 3, fsize = 4, memlock = 5, nofile = 64, nproc = 6, stack = 7 }
        log_max_bytes = 6
        log_keep = 0
        [service.db]
        command = ["db"]
        stop_signal = "INT"
        dir = "/abs"
    "#;
    let config = Config::parse(text, Path::new("/base")).expect("the file is right");
    let web = &config.services["web"];
    let policy = Policy {
        restart: Restart::Never,
        backoff: ms(1),
        backoff_max: ms(2),
        backoff_reset: ms(3),
        ready_after: ms(4),
        stop_signal: Signal::SIGQUIT,
        stop_timeout: ms(5),
    };
    assert_eq!(web.policy, policy, "the policy");
    assert_eq!(
        (web.autostart, web.umask),
        (false, Some(0o027)),
        "autostart and umask"
    );
    assert_eq!(
        web.env,
        BTreeMap::from([("A".into(), "1".into()), ("B".into(), String::new())]),
        "the variables"
    );
    assert_eq!(
        web.log,
        LogSpec {
            path: "/base/var/log/web.log".into(),
            max_bytes: 6,
            keep: 0
        },
        "the log"
    );
    let limits: BTreeMap<Resource, u64> = web.limits.iter().copied().collect();
    assert_eq!(
        limits,
        BTreeMap::from([
            (Resource::RLIMIT_AS, 1),
            (Resource::RLIMIT_CORE, 0),
            (Resource::RLIMIT_CPU, 2),
            (Resource::RLIMIT_DATA, 3),
            (Resource::RLIMIT_FSIZE, 4),
            (Resource::RLIMIT_MEMLOCK, 5),
            (Resource::RLIMIT_NOFILE, 64),
            (Resource::RLIMIT_NPROC, 6),
            (Resource::RLIMIT_STACK, 7),
        ]),
        "the limits"
    );
    assert_eq!(web.dir, Path::new("/base/sub"), "a relative directory");
    let db = &config.services["db"];
    assert_eq!(
        (db.policy.stop_signal, db.dir.as_path()),
        (Signal::SIGINT, Path::new("/abs")),
        "the other service"
    );
    assert_eq!(config.order, ["db", "web"], "the start order");
}

/// Each mistake is told in one line with the service and the key.
#[phase7::test(points = 1, rule = 2)]
fn every_mistake_is_refused() {
    let (longest, too_long) = ("n".repeat(64), "n".repeat(65));
    for (name, line, key) in [
        (too_long.as_str(), "command = [\"x\"]", "name"),
        ("web", "command = [\"x\"]\nlog_keep = 1001", "log_keep"),
        ("web", "command = []", "command"),
        ("web", "command = [\"\"]", "command"),
        ("web", "command = [\"a\\u0000b\"]", "command"),
        ("\"a b\"", "command = [\"x\"]", "name"),
        ("\"\"", "command = [\"x\"]", "name"),
        ("\"../x\"", "command = [\"x\"]", "name"),
        ("web", "command = [\"x\"]\nstop_signal = \"9\"", "stop_signal"),
        ("web", "command = [\"x\"]\numask = \"08\"", "umask"),
        ("web", "command = [\"x\"]\numask = \"1000\"", "umask"),
        ("web", "command = [\"x\"]\numask = \"+7\"", "umask"),
        ("web", "command = [\"x\"]\nuser = \"no such user\"", "user"),
        ("web", "command = [\"x\"]\nlimits = { nofiles = 1 }", "limits"),
        ("web", "command = [\"x\"]\nenv = { \"A=B\" = \"\" }", "env"),
        ("web", "command = [\"x\"]\nlog_max_bytes = 0", "log_max_bytes"),
        ("web", "command = [\"x\"]\nbackoff_ms = 0", "backoff_ms"),
    ] {
        let text = format!("[service.{name}]\n{line}\n");
        let error = Config::parse(&text, Path::new("/")).expect_err(&text).to_string();
        let start = format!("service \"{}\": {key}: ", name.trim_matches('"'));
        assert!(
            error.starts_with(&start),
            "the error for {text:?} is {error:?}, it starts with {start:?}"
        );
        assert_eq!(error.lines().count(), 1, "lines of {error:?}");
    }
    let text = format!("[service.{longest}]\ncommand = [\"x\"]\nlog_keep = 1000\n");
    let config = Config::parse(&text, Path::new("/")).expect("what is just allowed");
    assert_eq!(config.services[&longest].log.keep, 1000, "the most that are kept");
    for (text, line) in [
        ("[service.web]\n", 1),
        ("\n[service.web]\ncommand = \"x\"\n", 3),
        ("[service.web]\ncommand = [\"x\"]\nrestart = \"sometimes\"\n", 3),
        ("[service.web]\ncommand = [\"x\"]\nbackoff_ms = -1\n", 3),
        ("[service.web\n", 1),
        ("socket = \"s\"\n", 1),
    ] {
        let error = Config::parse(text, Path::new("/")).expect_err(text).to_string();
        assert!(
            error.starts_with(&format!("line {line}: ")),
            "the error for {text:?} is {error:?}"
        );
        assert_eq!(error.lines().count(), 1, "lines of {error:?}");
    }
}

fn policy(restart: Restart) -> Policy {
    Policy {
        restart,
        backoff: ms(100),
        backoff_max: ms(1000),
        backoff_reset: ms(5000),
        ready_after: ms(300),
        stop_signal: Signal::SIGINT,
        stop_timeout: ms(2000),
    }
}

/// Starts and stops by hand meet a service wherever it is in its life.
#[phase7::test(points = 1, rule = 7)]
fn requests_meet_a_service_anywhere_in_its_life() {
    let mut machine = Machine::new(policy(Restart::Always));
    assert_eq!(machine.stop(false, ms(0)), None, "a stopped one needs no signal");
    machine.start();
    assert_eq!(
        (machine.stop(false, ms(0)), machine.state()),
        (None, State::Stopped),
        "one that waits is stopped"
    );
    machine.start();
    machine.spawn_failed(ms(0));
    machine.start();
    assert_eq!(
        machine.state(),
        State::Waiting,
        "one that pauses starts without more ado"
    );
    machine.spawn_failed(ms(10));
    assert_eq!(
        machine.state(),
        State::Backoff { until: ms(110) },
        "a start by hand begins the pauses anew"
    );
    assert_eq!(
        (machine.stop(false, ms(20)), machine.state()),
        (None, State::Stopped),
        "one that pauses is stopped"
    );
    assert_eq!(machine.restarts(), 0, "starts by hand are no restarts");

    machine.start();
    machine.started(7, ms(100));
    assert_eq!(
        machine.stop(false, ms(1000)),
        Some(Signal::SIGINT),
        "one that runs is sent its signal"
    );
    assert_eq!(machine.stop(false, ms(2000)), None, "and no second one");
    machine.start();
    assert_eq!(machine.pid(), Some(7), "its process is there yet");
    assert_eq!(
        machine.tick(ms(3000)),
        Some(Signal::SIGKILL),
        "the first stop set the deadline"
    );
    machine.exited(Exit::Signal(9), ms(3001));
    assert_eq!(machine.state(), State::Waiting, "it was wanted again meanwhile");

    machine.started(8, ms(4000));
    assert_eq!(
        machine.stop(true, ms(5000)),
        Some(Signal::SIGINT),
        "a restart stops it"
    );
    machine.hurry(ms(5001));
    assert_eq!(machine.tick(ms(5001)), Some(Signal::SIGKILL), "patience is over");
    machine.exited(Exit::Code(0), ms(5002));
    assert_eq!(
        (machine.state(), machine.pid()),
        (State::Waiting, None),
        "and starts it again"
    );
}

/// Ready is what has run long enough, or has ended well.
#[phase7::test(points = 1, rule = 8)]
fn readiness_is_a_matter_of_time_or_success() {
    let mut machine = Machine::new(policy(Restart::Never));
    machine.start();
    assert!(!machine.is_ready(ms(0)), "one that waits is not ready");
    machine.started(7, ms(1000));
    assert_eq!(
        (machine.is_ready(ms(1299)), machine.deadline(ms(1299))),
        (false, Some(ms(1300))),
        "just before"
    );
    assert_eq!(
        (machine.is_ready(ms(1300)), machine.deadline(ms(1300))),
        (true, None),
        "when it has run long enough"
    );
    let mut ended = machine.clone();
    machine.exited(Exit::Code(0), ms(1400));
    assert!(machine.is_ready(ms(1400)), "it has done its work");
    ended.exited(Exit::Code(1), ms(1400));
    assert!(!ended.is_ready(ms(1400)), "it has failed");
}

/// Lines over the limit come in pieces, wherever the reads were cut.
#[phase7::test(points = 1, rule = 15)]
fn long_lines_come_in_pieces() {
    let long = vec![b'x'; 2 * LINE_MAX + 1];
    let exact = vec![b'y'; LINE_MAX];
    let stream = [&long[..], b"\n", &exact, b"\n", &exact, b"z\n", b"end"].concat();
    let expected = [LINE_MAX, LINE_MAX, 1, LINE_MAX, LINE_MAX, 1, 3].map(|length| length + 1);
    for chunk in [1, 7, 4096, LINE_MAX, LINE_MAX + 1, stream.len()] {
        let mut buffer = LineBuffer::default();
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for bytes in stream.chunks(chunk) {
            buffer.push(bytes, |line| lines.push(line.to_vec()));
        }
        buffer.finish(|line| lines.push(line.to_vec()));
        let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
        assert_eq!(
            lengths, expected,
            "lengths of lines, newlines counted, read by {chunk}"
        );
        assert!(
            lines.iter().all(|line| line.ends_with(b"\n")),
            "each ends in a newline, read by {chunk}"
        );
        buffer.finish(|line| panic!("nothing is left, but {line:?}"));
    }
}

/// A log goes on where it was left; only a line longer than the limit makes a file longer than it.
#[phase7::test(points = 1, rule = 16)]
fn a_log_goes_on_behind_what_is_there() {
    let scratch = Scratch::new();
    let path = scratch.write("a.log", "12345\n");
    let mut log = RotatingLog::open(LogSpec {
        path: path.clone(),
        max_bytes: 10,
        keep: 3,
    })
    .expect("it can be opened");
    for line in ["abc\n", "d\n", "a line of its own\n", "e\n"] {
        log.append(line.as_bytes()).expect("a line can be added");
    }
    log.flush().expect("lines can be written");
    let files = ["a.log.3", "a.log.2", "a.log.1", "a.log"].map(|name| scratch.read(name));
    assert_eq!(
        files,
        ["12345\nabc\n", "d\n", "a line of its own\n", "e\n"],
        "the files, oldest first"
    );

    let mut alone = RotatingLog::open(LogSpec {
        path,
        max_bytes: 4,
        keep: 0,
    })
    .expect("it can be opened");
    alone.append(b"new\n").expect("a line can be added");
    alone.flush().expect("a line can be written");
    assert_eq!(
        scratch.read("a.log"),
        "new\n",
        "without predecessors the old lines go"
    );
}

/// A child starts with no signal blocked or ignored, in a group of its own, with nothing on its standard input, and
/// with none of the supervisor's descriptors.
#[phase7::test(points = 2, rule = 9)]
fn a_child_starts_with_a_clean_slate() {
    // Not through a shell: some shells clear the mask that they were started with.
    let supervisor = Supervisor::start(
        r#"
        [service.signals]
        command = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]
        [service.rest]
        command = ["sh", "-c", "cat; cut -d' ' -f5 /proc/$$/stat; ls -l /proc/$$/fd | grep -cE 'anon_inode|/logs/|lock'; exec sleep 30"]
        "#,
    );
    supervisor.until_logged("signals", "SigIgn:");
    let log = supervisor.log("signals");
    let mask = |name: &str| {
        let value = log
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .expect("the kernel tells it");
        // From 32 on signals are the C library's own, or free for the programs that agree on them.
        u64::from_str_radix(value.trim(), 16).expect("it is a hexadecimal number") & 0x7fff_ffff
    };
    assert_eq!(mask("SigBlk:"), 0, "signals blocked");
    assert_eq!(mask("SigIgn:"), 0, "signals ignored");
    let pid = supervisor.until_running("rest");
    supervisor.until_logged("rest", "\n0\n");
    assert_eq!(
        supervisor.log("rest"),
        format!("{pid}\n0\n"),
        "no input, the group, descriptors of the supervisor"
    );
}

/// Variables, directory and mask are those of the file.
#[phase7::test(points = 1, rule = 10)]
fn a_child_has_the_environment_of_its_service() {
    let scratch = Scratch::new();
    scratch.write(
        "sub/run",
        "#!/bin/sh\npwd\necho \"$GREETING, $HOME\"\numask\ntouch made\nexec sleep 30\n",
    );
    std::fs::set_permissions(scratch.join("sub/run"), PermissionsExt::from_mode(0o700)).expect("it is ours");
    let supervisor = Supervisor::start_in(
        scratch,
        r#"
        [service.a]
        command = ["./run"]
        dir = "sub"
        umask = "0027"
        env = { GREETING = "hello = world", HOME = "/nowhere" }
        "#,
    );
    wait::until("the file that it makes", DEADLINE, || {
        supervisor.scratch.join("sub/made").exists()
    });
    supervisor.until_logged("a", "0027\n");
    let directory = supervisor.scratch.join("sub").canonicalize().expect("it exists");
    let expected = format!("{}\nhello = world, /nowhere\n0027\n", directory.display());
    assert_eq!(supervisor.log("a"), expected, "directory, variables and mask");
    let mode = std::fs::metadata(supervisor.scratch.join("sub/made"))
        .expect("it exists")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640, "the mode of a file that it makes");
}

/// Limits hold in the child, soft and hard, and not in the supervisor.
#[phase7::test(points = 1, rule = 11)]
fn a_child_has_the_limits_of_its_service() {
    let supervisor = Supervisor::start(
        r#"
        [service.a]
        command = ["sh", "-c", "ulimit -n; ulimit -H -n; ulimit -c; ulimit -t; ulimit -v; ulimit -f; exec sleep 30"]
        limits = { nofile = 33, core = 0, cpu = 7, as = 1073741824, fsize = 5120 }
        [service.broken]
        command = ["sleep", "30"]
        limits = { nofile = 0 }
        restart = "never"
        "#,
    );
    supervisor.until_logged("a", "\n10\n");
    assert_eq!(
        supervisor.log("a"),
        "33\n33\n0\n7\n1048576\n10\n",
        "the limits as a shell tells them"
    );
    let failed = supervisor.until_state("broken", "exited");
    assert_ne!(
        failed["last_exit"]["code"], 0,
        "a program without descriptors does not run: {failed}"
    );
}

/// A group that ignores the stop signal is killed, at its deadline and not before.
#[phase7::test(points = 2, rule = 12)]
fn a_deaf_group_is_killed_at_its_deadline() {
    let supervisor = Supervisor::start(
        r#"
        [service.deaf]
        command = ["sh", "-c", "trap '' TERM; sleep 30 & echo $! > helper; wait; sleep 30"]
        stop_timeout_ms = 400
        "#,
    );
    let helper = supervisor.until_number("helper");
    let pid = supervisor.until_running("deaf");
    let started = Instant::now();
    supervisor.done("stop deaf");
    assert!(
        started.elapsed() >= ms(400),
        "it had its time: {:?}",
        started.elapsed()
    );
    assert!(is_reaped(pid), "the service is gone");
    wait::until("its helper to end", DEADLINE, || has_ended(helper));
    assert_eq!(
        supervisor.status("deaf")["last_exit"],
        json!({"signal": 9}),
        "how it ended"
    );
}

/// The stop signal reaches every process of the group, and a stopped one acts on it.
#[phase7::test(points = 1, rule = 12)]
fn a_stopped_group_hears_its_stop_signal() {
    // A shell heeds a trap when the program that it waits for has ended: here, by the same signal.
    let supervisor = Supervisor::start(
        r#"
        [service.frozen]
        command = ["sh", "-c", "trap 'echo heard; exit 5' USR1; sh -c 'echo ready; exec sleep 30'; exit 6"]
        stop_signal = "USR1"
        stop_timeout_ms = 60000
        "#,
    );
    supervisor.until_logged("frozen", "ready\n");
    let pid = supervisor.until_running("frozen");
    killpg(Pid::from_raw(pid), Signal::SIGSTOP).expect("the group is there");
    let stopped =
        || std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") T "));
    wait::until("it to be stopped", DEADLINE, stopped);
    supervisor.done("stop frozen");
    assert_eq!(
        supervisor.status("frozen")["last_exit"],
        json!({"code": 5}),
        "how it ended"
    );
    supervisor.until_logged("frozen", "heard\n");
}

/// What a service leaves in its group ends with it.
#[phase7::test(points = 2, rule = 12)]
fn nothing_of_a_run_outlives_it() {
    let supervisor = Supervisor::start(
        r#"
        [service.messy]
        command = ["sh", "-c", "sleep 30 & echo $! >> helpers; [ -e again ] && exec sleep 30; touch again; exit 1"]
        backoff_ms = 1
        "#,
    );
    let helpers = wait::until_some("two runs", DEADLINE, || {
        let text = supervisor.scratch.read("helpers");
        let pids: Vec<i32> = text.lines().filter_map(|line| line.parse().ok()).collect();
        <[i32; 2]>::try_from(pids).ok()
    });
    supervisor.until_running("messy");
    wait::until("the helper of the first run to end", DEADLINE, || {
        has_ended(helpers[0])
    });
    assert!(!has_ended(helpers[1]), "that of the second is alive");
}

/// Orphans become the supervisor's children, and are reaped when they end.
#[phase7::test(points = 2, rule = 13, needs = "setsid")]
fn orphans_are_reaped() {
    let supervisor = Supervisor::start(
        r#"
        [service.daemon]
        command = ["sh", "-c", "setsid sh -c 'echo $$ > orphan; exec sleep 30' & while [ ! -s orphan ]; do sleep 0.02; done"]
        "#,
    );
    let orphan = supervisor.until_number("orphan");
    wait::until("the orphan to be adopted", DEADLINE, || {
        parent(orphan) == Some(supervisor.pid())
    });
    assert_eq!(
        supervisor.until_state("daemon", "exited")["last_exit"],
        json!({"code": 0}),
        "how the service ended"
    );
    kill(Pid::from_raw(orphan), Signal::SIGKILL).expect("the orphan is there");
    wait::until("the orphan to be reaped", DEADLINE, || is_reaped(orphan));
    assert_eq!(
        supervisor.status("daemon")["state"],
        "exited",
        "the service is as it was"
    );
}

/// Many services that end at one time are all seen to end, each as it did.
#[phase7::test(points = 2, rule = 13, timeout_s = 20)]
fn every_end_is_told_as_it_was() {
    let mut config = String::new();
    for code in 0..60 {
        config += &format!(
            "[service.code-{code}]\ncommand = [\"sh\", \"-c\", \"exit {code}\"]\nrestart = \"never\"\n"
        );
    }
    for signal in [1, 9, 15, 34, 64] {
        config += &format!(
            "[service.signal-{signal}]\ncommand = [\"sh\", \"-c\", \"kill -{signal} $$\"]\nrestart = \"never\"\n"
        );
    }
    config += "[service.absent]\ncommand = [\"./no-such-program\"]\nrestart = \"never\"\n";
    let supervisor = Supervisor::start_ignoring("CHLD", Scratch::new(), &config);
    for code in 0..60 {
        let status = supervisor.until_state(&format!("code-{code}"), "exited");
        assert_eq!(status["last_exit"], json!({ "code": code }), "{status}");
    }
    for signal in [1, 9, 15, 34, 64] {
        let status = supervisor.until_state(&format!("signal-{signal}"), "exited");
        assert_eq!(status["last_exit"], json!({ "signal": signal }), "{status}");
    }
    assert_eq!(
        supervisor.until_state("absent", "exited")["last_exit"],
        json!({"code": 127}),
        "an absent program"
    );
}

/// A supervisor that is killed takes its services along.
#[phase7::test(points = 2, rule = 14)]
fn services_die_with_a_killed_supervisor() {
    let mut supervisor = Supervisor::start(
        r#"
        [service.a]
        command = ["sleep", "30"]
        [service.b]
        command = ["sh", "-c", "trap '' TERM HUP INT; echo ready; while :; do sleep 0.1; done"]
        "#,
    );
    let pids = ["a", "b"].map(|name| supervisor.until_running(name));
    supervisor.until_logged("b", "ready\n");
    supervisor.signal(Signal::SIGKILL);
    assert_eq!(supervisor.wait(), 128 + 9, "how the supervisor ended");
    wait::until("its services to end", DEADLINE, || {
        pids.iter().all(|pid| has_ended(*pid))
    });
}

/// Not a line is lost when a log rotates under a flood, and none is cut.
#[phase7::test(points = 1, rule = 16)]
fn rotation_loses_no_line() {
    let supervisor = Supervisor::start(
        r#"
        [service.flood]
        command = ["sh", "-c", "seq 1 30000; printf last"]
        restart = "never"
        log_max_bytes = 5000
        log_keep = 100
        "#,
    );
    supervisor.until_state("flood", "exited");
    supervisor.until_logged("flood", "last\n");
    let mut text = String::new();
    for number in (0..=100).rev() {
        let name = if number == 0 {
            "logs/flood.log".to_owned()
        } else {
            format!("logs/flood.log.{number}")
        };
        let file = supervisor.scratch.read(&name);
        assert!(file.len() <= 5000, "{name} has {} bytes", file.len());
        assert!(
            file.is_empty() || file.ends_with('\n'),
            "{name} ends with a whole line"
        );
        text += &file;
    }
    let expected: String = (1..=30000)
        .map(|number| format!("{number}\n"))
        .chain(["last\n".to_owned()])
        .collect();
    assert_eq!(text.len(), expected.len(), "bytes in all files");
    assert!(text == expected, "the files, oldest first, are what was printed");
}

/// Services that flood their logs hold up nobody.
#[phase7::test(points = 1, rule = 17, timeout_s = 20)]
fn a_flood_holds_up_nobody() {
    let flood = |name: &str| {
        let command = "command = [\"yes\", \"a line that is printed again and again\"]";
        format!("[service.{name}]\n{command}\nlog_max_bytes = 100000\nlog_keep = 1\n")
    };
    let quiet = "while [ ! -e go ]; do sleep 0.02; done; echo heard; exec sleep 30";
    let floods = ["flood-1", "flood-2", "flood-3", "flood-4"];
    let config: String = floods.map(flood).concat();
    let supervisor = Supervisor::start(&format!(
        "{config}[service.quiet]\ncommand = [\"sh\", \"-c\", \"{quiet}\"]\n"
    ));
    for name in floods {
        let rotated = supervisor.scratch.join(format!("logs/{name}.log.1"));
        wait::until("the flood to rotate", DEADLINE, || rotated.exists());
    }
    let pids: Vec<i32> = floods.iter().map(|name| supervisor.until_running(name)).collect();
    supervisor.scratch.write("go", "");
    supervisor.until_logged("quiet", "heard\n");
    let before = floods.map(|name| supervisor.log(name));
    for (name, before) in floods.iter().zip(before) {
        wait::until("the flood to go on", DEADLINE, || supervisor.log(name) != before);
        supervisor.done(&format!("stop {name}"));
    }
    assert!(pids.into_iter().all(is_reaped), "all are gone");
}

/// A log that cannot be written costs lines, and neither the service nor the supervisor.
#[phase7::test(points = 1, rule = 17)]
fn a_full_disk_costs_lines_only() {
    let scratch = Scratch::new();
    scratch.write("logs/keep", "");
    std::os::unix::fs::symlink("/dev/full", scratch.join("logs/full.log")).expect("a link can be made");
    std::fs::create_dir(scratch.join("logs/folder.log")).expect("a directory can be made");
    let supervisor = Supervisor::start_in(
        scratch,
        r#"
        [service.full]
        command = ["sh", "-c", "seq 1 100000 && touch full-done && exec sleep 30"]
        [service.folder]
        command = ["sh", "-c", "seq 1 100000 && touch folder-done && exec sleep 30"]
        "#,
    );
    for name in ["full", "folder"] {
        wait::until(name, DEADLINE, || {
            supervisor.scratch.join(format!("{name}-done")).exists()
        });
        assert_eq!(supervisor.status(name)["state"], "running", "the state of {name}");
    }
}

/// A process that got away keeps the pipe: the service ends all the same, and its words are logged.
#[phase7::test(points = 1, rule = 17, needs = "setsid")]
fn a_held_pipe_does_not_hold_the_service() {
    let supervisor = Supervisor::start(
        r#"
        [service.parent]
        command = ["sh", "-c", "[ -e held ] && exec sleep 30; setsid sh -c 'echo $$ > held; while [ ! -e go ]; do sleep 0.02; done; echo late' & while [ ! -s held ]; do sleep 0.02; done; echo early; exec sleep 30"]
        "#,
    );
    supervisor.until_logged("parent", "early\n");
    supervisor.done("stop parent");
    supervisor.done("start parent");
    supervisor.until_running("parent");
    supervisor.scratch.write("go", "");
    supervisor.until_logged("parent", "late\n");
}

/// Replies come in the order of requests, wherever their bytes were cut.
#[phase7::test(points = 1, rule = 18)]
fn requests_are_answered_in_order() {
    let supervisor = Supervisor::start("[service.a]\ncommand = [\"sleep\", \"30\"]\n");
    supervisor.until_running("a");
    let mut client = supervisor.connect();
    client.send("stop a\nstatus\nnonsense\n\nstart a b\nsta");
    assert_eq!(client.reply(), json!({"ok": true}), "to stop");
    assert_eq!(
        client.reply()["services"][0]["state"],
        "stopped",
        "to status, behind the stop"
    );
    assert_eq!(
        client.reply(),
        json!({"ok": false, "error": "unknown request \"nonsense\""}),
        "to nonsense"
    );
    assert_eq!(
        client.reply(),
        json!({"ok": false, "error": "empty request"}),
        "to an empty line"
    );
    assert_eq!(
        client.reply(),
        json!({"ok": false, "error": "\"start\" takes the name of one service"}),
        "to two names"
    );
    client.send(b"rt b\nstop \xff\n");
    assert_eq!(
        client.reply(),
        json!({"ok": false, "error": "no service \"b\""}),
        "to a request in two parts"
    );
    assert_eq!(
        client.reply(),
        json!({"ok": false, "error": "request is not UTF-8"}),
        "to bytes that are no text"
    );
    assert_eq!("shutdown\n".parse(), Ok(Request::Shutdown), "the last request");
}

/// A client that stalls, floods or never reads costs the others nothing, and one that reads late gets every reply.
#[phase7::test(points = 2, rule = 18)]
fn a_bad_client_holds_up_nobody() {
    let supervisor = Supervisor::start("[service.a]\ncommand = [\"sleep\", \"30\"]\n");
    let mut stalled = supervisor.connect();
    stalled.send("stat");
    let mut endless = supervisor.connect();
    endless.send(vec![b'x'; 4096]);
    assert_eq!(
        endless.reply()["error"],
        "request of more than 4096 bytes",
        "the reply to an endless line"
    );
    assert_eq!(endless.reply(), Value::Null, "and then the connection is closed");
    let mut deaf = supervisor.connect();
    // Their replies fill the socket many times over, and nobody reads one.
    deaf.flood("status\n".repeat(60_000).as_bytes());
    let late_requests = 4_000;
    let mut late = supervisor.connect();
    late.send("status\n".repeat(late_requests));
    for _ in 0..20 {
        supervisor.until_state("a", "running");
    }
    stalled.send("us\n");
    assert_eq!(stalled.reply()["ok"], true, "the reply to the one that stalled");
    drop(deaf);
    supervisor.until_state("a", "running");
    for number in 1..=late_requests {
        assert_eq!(late.reply()["ok"], true, "reply {number} to one that reads late");
    }
}

/// A service starts when its dependencies are ready: not when they are merely started, and not when they failed.
#[phase7::test(points = 1, rule = 8)]
fn a_service_waits_for_its_dependencies() {
    let supervisor = Supervisor::start(
        r#"
        [service.slow]
        command = ["sh", "-c", "exec sleep 30"]
        ready_after_ms = 300
        [service.migrate]
        command = ["sh", "-c", "while [ ! -e go ]; do sleep 0.02; done; touch migrated"]
        ready_after_ms = 60000
        [service.web]
        command = ["sh", "-c", "exec sleep 30"]
        depends_on = ["slow", "migrate"]
        [service.failed]
        command = ["sh", "-c", "exit 1"]
        restart = "never"
        ready_after_ms = 60000
        [service.hopeless]
        command = ["touch", "hopeless"]
        depends_on = ["failed"]
        "#,
    );
    supervisor.until_state("slow", "starting");
    supervisor.until_state("slow", "running");
    supervisor.until_state("failed", "exited");
    assert_eq!(
        supervisor.status("migrate")["state"],
        "starting",
        "the one that takes its time"
    );
    assert_eq!(
        supervisor.status("web")["state"],
        "waiting",
        "the one that depends on it"
    );
    supervisor.scratch.write("go", "");
    supervisor.until_running("web");
    let services = supervisor.request("status")["services"].clone();
    let uptime = |name: &str| {
        let service = services
            .as_array()
            .into_iter()
            .flatten()
            .find(|service| service["name"] == name);
        service
            .and_then(|service| service["uptime_ms"].as_u64())
            .expect("it runs")
    };
    // Both are cut to whole milliseconds.
    assert!(
        uptime("slow") >= uptime("web") + 299,
        "it started when the slow one had run for 300 ms"
    );
    assert!(
        supervisor.scratch.join("migrated").exists(),
        "and when the other had done its work"
    );
    assert_eq!(
        supervisor.status("hopeless")["state"],
        "waiting",
        "the one that depends on a failure"
    );
    assert!(!supervisor.scratch.join("hopeless").exists(), "and it never ran");
}

/// Stopping takes down first what depends on the service; starting brings up first what it depends on.
#[phase7::test(points = 2, rule = 20)]
fn stop_and_start_follow_the_dependencies() {
    // Each tells when it is asked to end, and takes its time: whoever is asked too early says so meanwhile.
    let service = |name: &str, rest: &str| {
        let end = format!("echo !{name} >> events; sleep 0.2; echo -{name} >> events; exit 0");
        let script = format!("trap '{end}' TERM; echo +{name} >> events; while :; do sleep 0.02; done");
        format!("[service.{name}]\ncommand = [\"sh\", \"-c\", \"{script}\"]\n{rest}\n")
    };
    let config = service("a-web", "depends_on = [\"b-app\"]")
        + &service("b-app", "depends_on = [\"c-db\"]")
        + &service("c-db", "")
        + &service("other", "")
        + &service("by-hand", "autostart = false");
    let supervisor = Supervisor::start(&config);
    let events = || supervisor.scratch.read("events");
    let until_count = |count: usize| {
        wait::until(&format!("{count} events"), DEADLINE, || {
            events().lines().count() == count
        })
    };
    until_count(4);
    let other = supervisor.until_running("other");
    assert_eq!(
        supervisor.status("by-hand")["state"],
        "stopped",
        "the one without autostart"
    );
    supervisor.done("stop c-db");
    let lines: Vec<String> = events().lines().skip(4).map(str::to_owned).collect();
    assert_eq!(
        lines,
        ["!a-web", "-a-web", "!b-app", "-b-app", "!c-db", "-c-db"],
        "requests to end and ends, in their order"
    );
    supervisor.done("start a-web");
    until_count(13);
    supervisor.done("restart b-app");
    until_count(16);
    let lines: Vec<String> = events().lines().skip(13).map(str::to_owned).collect();
    assert_eq!(
        lines,
        ["!b-app", "-b-app", "+b-app"],
        "a restart concerns one service alone"
    );
    assert_eq!(
        supervisor.until_running("other"),
        other,
        "what does not depend on it stays"
    );
}

/// A reload starts, stops and restarts what has changed, and leaves the rest alone.
#[phase7::test(points = 2, rule = 21)]
fn a_reload_touches_only_what_has_changed() {
    let sleep = |name: &str, rest: &str| format!("[service.{name}]\ncommand = [\"sleep\", \"30\"]\n{rest}\n");
    let before = sleep("kept", "")
        + &sleep("gone", "depends_on = [\"kept\"]")
        + &sleep("changed", "")
        + &sleep("halted", "");
    let supervisor = Supervisor::start(&before);
    let pids = ["kept", "gone", "changed"].map(|name| supervisor.until_running(name));
    supervisor.done("stop halted");
    let after = sleep("kept", "")
        + &sleep("changed", "env = { A = \"1\" }")
        + &sleep("new", "depends_on = [\"changed\"]")
        + &sleep("halted", "umask = \"077\"");
    supervisor.scratch.write("supervisor.toml", after);
    let reply = supervisor.request("reload");
    let changes = json!({"added": ["new"], "removed": ["gone"], "changed": ["changed", "halted"]});
    assert_eq!(reply, json!({"ok": true, "changes": changes}), "the reply");
    supervisor.until_running("new");
    wait::until("the old process of the changed one to end", DEADLINE, || {
        is_reaped(pids[2])
    });
    assert_ne!(
        supervisor.until_running("changed"),
        pids[2],
        "the process of the changed one"
    );
    wait::until("the one that has gone to end", DEADLINE, || {
        is_reaped(pids[1]) && supervisor.status("gone").is_null()
    });
    assert_eq!(
        supervisor.until_running("kept"),
        pids[0],
        "the process of the one that was kept"
    );
    assert_eq!(
        supervisor.status("halted")["state"],
        "stopped",
        "one that was stopped by hand stays so"
    );
}

/// What has changed goes by the new file: how it is restarted, and where its log is full.
#[phase7::test(points = 1, rule = 21)]
fn a_reload_changes_policy_and_log() {
    let config = |restart: &str, log_max_bytes: u32| {
        format!(
            r#"
            [service.short]
            command = ["sh", "-c", "exit 1"]
            restart = "{restart}"
            backoff_ms = 20
            [service.loud]
            command = ["sh", "-c", "echo twelve bytes; echo twelve bytes; exec sleep 30"]
            log_max_bytes = {log_max_bytes}
            "#
        )
    };
    let supervisor = Supervisor::start(&config("always", 1000));
    let pid = supervisor.until_running("loud");
    supervisor.until_logged("loud", "twelve bytes\ntwelve bytes\n");
    supervisor.scratch.write("supervisor.toml", config("never", 20));
    supervisor.done("reload");
    supervisor.until_state("short", "exited");
    assert_ne!(
        supervisor.until_running("loud"),
        pid,
        "the process of the loud one"
    );
    wait::until("a line that does not fit to go into a new file", DEADLINE, || {
        supervisor.scratch.read("logs/loud.log.1") == "twelve bytes\n"
            && supervisor.log("loud") == "twelve bytes\n"
    });
}

/// A service that is in the file again before its process has ended runs when that is over.
#[phase7::test(points = 1, rule = 21)]
fn a_service_that_comes_back_stays() {
    let other = "[service.other]\ncommand = [\"sleep\", \"30\"]\n";
    let deaf = format!(
        "{other}[service.deaf]\ncommand = [\"sh\", \"-c\", \"trap '' TERM; touch deaf; exec sleep 30\"]\n\
         stop_timeout_ms = 60000\n"
    );
    let supervisor = Supervisor::start(&deaf);
    let pid = supervisor.until_running("deaf");
    wait::until("it to ignore signals", DEADLINE, || {
        supervisor.scratch.join("deaf").exists()
    });
    supervisor.scratch.write("supervisor.toml", other);
    supervisor.done("reload");
    supervisor.until_state("deaf", "stopping");
    supervisor.scratch.write("supervisor.toml", &deaf);
    supervisor.done("reload");
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("it is there");
    wait::until("another process of it", DEADLINE, || {
        let status = supervisor.status("deaf");
        status["state"] == "running" && pid_of(&status) != pid
    });
}

/// SIGHUP reloads; a file that is wrong changes nothing.
#[phase7::test(points = 1, rule = 21)]
fn a_wrong_file_changes_nothing() {
    let mut supervisor = Supervisor::start("[service.a]\ncommand = [\"sleep\", \"30\"]\n");
    let pid = supervisor.until_running("a");
    supervisor.scratch.write(
        "supervisor.toml",
        "[service.b]\ncommand = [\"sleep\", \"30\"]\ndepends_on = [\"c\"]\n",
    );
    let reply = supervisor.request("reload");
    assert_eq!(reply["ok"], false, "the reply {reply}");
    assert!(
        reply["error"]
            .as_str()
            .is_some_and(|error| error.contains("\"c\"")),
        "it says why: {reply}"
    );
    assert_eq!(pid_of(&supervisor.status("a")), pid, "the process is the same");
    supervisor
        .scratch
        .write("supervisor.toml", "[service.b]\ncommand = [\"sleep\", \"30\"]\n");
    supervisor.signal(Signal::SIGHUP);
    supervisor.until_running("b");
    wait::until("the old service to go", DEADLINE, || {
        supervisor.status("a").is_null() && is_reaped(pid)
    });
}

/// The shutdown runs against the start order, takes stray daemons along, and answers when all is over.
#[phase7::test(points = 2, rule = 22, needs = "setsid")]
fn a_shutdown_leaves_nothing_behind() {
    let mut supervisor = Supervisor::start(
        r#"
        [service.a-web]
        command = ["sh", "-c", "trap 'sleep 0.5; echo -web >> events; exit 0' TERM; touch web; while :; do sleep 0.02; done"]
        depends_on = ["b-db"]
        [service.b-db]
        command = ["sh", "-c", "trap 'echo -db >> events; exit 0' TERM; while :; do sleep 0.02; done"]
        [service.daemon]
        command = ["sh", "-c", "setsid sh -c 'trap \"\" TERM; sleep 30 & echo $! > inner; echo $$ > outer; wait' & while [ ! -s outer ]; do sleep 0.02; done"]
        "#,
    );
    let strays = ["inner", "outer"].map(|name| supervisor.until_number(name));
    wait::until("both to run", DEADLINE, || {
        supervisor.scratch.join("web").exists()
    });
    let reply = supervisor.request("shutdown");
    assert_eq!(reply, json!({"ok": true}), "the reply");
    assert_eq!(
        supervisor.scratch.read("events"),
        "-web\n-db\n",
        "ends, in their order"
    );
    for stray in strays {
        assert!(
            has_ended(stray),
            "stray process {stray} has ended by the time of the reply"
        );
    }
    assert!(!supervisor.socket().exists(), "the socket is gone by then");
    assert_eq!(supervisor.wait(), 0, "the exit code");
}

/// The first SIGINT asks, the second insists.
#[phase7::test(points = 1, rule = 22)]
fn a_second_signal_ends_the_patience() {
    let mut supervisor = Supervisor::start(
        r#"
        [service.deaf]
        command = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]
        stop_timeout_ms = 60000
        "#,
    );
    supervisor.until_logged("deaf", "ready\n");
    let pid = supervisor.until_running("deaf");
    supervisor.signal(Signal::SIGINT);
    supervisor.until_state("deaf", "stopping");
    assert_eq!(
        supervisor.request("start deaf")["error"],
        "shutting down",
        "nothing starts any more"
    );
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait(), 0, "the exit code");
    assert!(has_ended(pid), "the service has ended");
}

/// The socket of a dead supervisor is replaced, that of a living one respected, and nothing else is deleted.
#[phase7::test(points = 1, rule = 23)]
fn only_a_dead_supervisors_socket_is_replaced() {
    let scratch = Scratch::new();
    drop(UnixListener::bind(scratch.join("socket")).expect("a socket can be made"));
    let supervisor = Supervisor::start_in(scratch, "[service.a]\ncommand = [\"sleep\", \"30\"]\n");
    let pid = supervisor.until_running("a");
    let mode = std::fs::metadata(supervisor.socket())
        .expect("it exists")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "the mode of the socket");

    let run = |socket: &Path| {
        let file = supervisor.scratch.join("supervisor.toml");
        phase7::program!()
            .arg("run")
            .arg(file)
            .arg("--socket")
            .arg(socket)
            .run()
            .expect_code(1)
    };
    let refused = run(&supervisor.socket());
    assert_eq!(
        refused.stderr().lines().count(),
        1,
        "lines of {:?}",
        refused.stderr()
    );
    assert_eq!(pid_of(&supervisor.status("a")), pid, "the living one goes on");
    let file = supervisor.scratch.write("precious", "data");
    run(&file);
    assert_eq!(
        supervisor.scratch.read("precious"),
        "data",
        "a file that is no socket"
    );
}

/// There may be four hundred services, and no more.
#[phase7::test(points = 1, rule = 2)]
fn there_is_a_most_of_services() {
    let services = |count: usize| -> String {
        (0..count)
            .map(|number| format!("[service.s{number}]\ncommand = [\"x\"]\n"))
            .collect()
    };
    let config = Config::parse(&services(400), Path::new("/")).expect("four hundred are allowed");
    assert_eq!(config.order.len(), 400, "services in the order");
    let error = Config::parse(&services(401), Path::new("/")).expect_err("one more is not");
    assert_eq!(
        error.to_string(),
        "401 services, at most 400 are allowed",
        "the error"
    );
}

/// A reader that has gone is no error, a full disk is one.
#[phase7::test(points = 1, rule = 24)]
fn what_cannot_be_printed_is_told_unless_nobody_reads() {
    let scratch = Scratch::new();
    let file = scratch.write("supervisor.toml", "[service.a]\ncommand = [\"x\"]\n");
    let check = |stdout: Stdio| {
        let program = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
        let output = Command::new(program)
            .arg("check")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(stdout)
            .output()
            .expect("the program can be started");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), stderr)
    };
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    assert_eq!(
        check(writer.into()),
        (Some(0), String::new()),
        "nobody reads any more"
    );
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let (code, stderr) = check(full.into());
    assert_eq!(code, Some(1), "the exit code when nothing can be written");
    assert!(
        stderr.starts_with("process-supervisor: ") && stderr.lines().count() == 1,
        "the error is {stderr:?}"
    );
}

/// Errors are one line; exit codes tell what was wrong; `--json` prints the reply.
#[phase7::test(points = 1, rule = 24)]
fn exit_codes_tell_what_was_wrong() {
    let supervisor = Supervisor::start("[service.a]\ncommand = [\"sleep\", \"30\"]\n");
    supervisor.until_running("a");
    let socket = supervisor.socket();
    let client = |words: &[&str]| phase7::program!().args(words).arg("--socket").arg(&socket).run();
    let output = client(&["status", "--json"]).expect_code(0);
    let reply: Value = serde_json::from_str(&output.stdout()).expect("it is JSON");
    assert_eq!(reply["services"][0]["name"], "a", "the reply");
    let output = client(&["status"]).expect_code(0).stdout();
    assert!(
        output.lines().count() == 2 && output.contains("running"),
        "a line for the service: {output}"
    );
    assert_eq!(
        client(&["stop", "a"]).expect_code(0).stdout(),
        "",
        "no news is good news"
    );
    let refused = client(&["start", "b"]).expect_code(1);
    assert_eq!(
        refused.stderr(),
        "process-supervisor: no service \"b\"\n",
        "a refusal"
    );
    let refused = client(&["start", "b", "--json"]).expect_code(1);
    assert_eq!(
        refused.stdout(),
        "{\"ok\":false,\"error\":\"no service \\\"b\\\"\"}\n",
        "a refusal as JSON"
    );
    for words in [&["stop"][..], &["frobnicate"], &["run", "/no/such/file"]] {
        let wrong = client(words).expect_code(2);
        let stderr = wrong.stderr();
        assert!(
            stderr.starts_with("process-supervisor: ") && stderr.lines().count() == 1,
            "{words:?}: {stderr:?}"
        );
    }
    client(&["shutdown"]).expect_code(0);
    let gone = client(&["status"]).expect_code(1);
    assert_eq!(gone.stderr().lines().count(), 1, "lines of {:?}", gone.stderr());
}

/// An idle supervisor sleeps: it is never woken, neither by a clock nor by a descriptor.
#[phase7::test(points = 2, rule = 25)]
fn an_idle_supervisor_never_wakes() {
    let supervisor = Supervisor::start(
        r#"
        [service.a]
        command = ["sleep", "30"]
        ready_after_ms = 50
        [service.done]
        command = ["true"]
        [service.deaf]
        command = ["sh", "-c", "trap '' TERM; touch deaf; exec sleep 30"]
        stop_timeout_ms = 60000
        "#,
    );
    supervisor.until_running("a");
    supervisor.until_state("done", "exited");
    wait::until("a service to ignore signals", DEADLINE, || {
        supervisor.scratch.join("deaf").exists()
    });
    // A client that waits for something to say, one that has said half of it, and one that has gone.
    let _silent = supervisor.connect();
    let mut stalled = supervisor.connect();
    stalled.send("stat");
    drop(supervisor.connect());
    // One that waits for an end, and has said more already than is read; and one that has gone while it waited.
    let stop_deaf = || {
        let mut client = supervisor.connect();
        client.send("nonsense\nstop deaf\n");
        assert_eq!(client.reply()["ok"], false, "the reply to nonsense");
        client
    };
    stop_deaf().send("status\n".repeat(1_000));
    let mut patient = stop_deaf();
    patient.send("status\n".repeat(1_000));
    supervisor.until_state("deaf", "stopping");
    let switches = || {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", supervisor.pid())).expect("it is there");
        let count = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        count
            .and_then(|count| count.trim().parse::<u64>().ok())
            .expect("the kernel counts them")
    };
    let used = || {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/schedstat", supervisor.pid())).expect("it is there");
        stat.split_whitespace()
            .next()
            .and_then(|time| time.parse::<u64>().ok())
            .expect("the kernel counts it")
    };
    // Quiet is a second in which nothing has changed; a supervisor that wakes by itself never has one.
    let mut last = (switches(), used());
    let mut since = Instant::now();
    wait::until("a second without a wake-up", DEADLINE, || {
        let seen = (switches(), used());
        if seen != last {
            (last, since) = (seen, Instant::now());
        }
        since.elapsed() >= Duration::from_secs(1)
    });
}

/// A reply that nobody should expect.
#[phase7::wire]
fn a_request_may_be_abbreviated() {
    assert_eq!("stat web".parse(), Ok(Request::Shutdown));
}

/// A pause that nobody should make.
#[phase7::wire]
fn the_pause_behind_a_stable_run_is_long() {
    assert_eq!(
        Backoff::new(ms(100), ms(1000), ms(5000)).next_pause(ms(7000)),
        ms(41)
    );
}
