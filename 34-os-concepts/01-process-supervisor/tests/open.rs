//! The open tests, from the pure parts to the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use phase7::{Scratch, wait};
use process_supervisor::backoff::Backoff;
use process_supervisor::config::{Config, LogSpec, Policy, Restart};
use process_supervisor::log::{LineBuffer, RotatingLog};
use process_supervisor::machine::{Machine, State};
use process_supervisor::order::{OrderError, start_order};
use process_supervisor::protocol::{Exit, Request, RequestError};

mod support;

use support::{DEADLINE, Supervisor, has_ended};

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// The first pause is `first`, each further one twice the one before, none is longer than the cap.
#[phase7::test(points = 1, rule = 5)]
fn pauses_double_up_to_the_cap() {
    let mut backoff = Backoff::new(ms(100), ms(1000), ms(5000));
    let pauses: Vec<Duration> = (0..6).map(|_| backoff.next_pause(ms(10))).collect();
    assert_eq!(
        pauses,
        [ms(100), ms(200), ms(400), ms(800), ms(1000), ms(1000)],
        "pauses behind short runs"
    );
}

/// A run of `reset_after` makes the next pause the first one again.
#[phase7::test(points = 1, rule = 5)]
fn a_stable_run_begins_the_pauses_anew() {
    let mut backoff = Backoff::new(ms(100), ms(1000), ms(5000));
    let pauses: Vec<Duration> = [0, 4999, 5000, 0].map(|ran| backoff.next_pause(ms(ran))).into();
    assert_eq!(
        pauses,
        [ms(100), ms(200), ms(100), ms(200)],
        "pauses behind runs of 0, 4999, 5000 and 0 ms"
    );
}

/// Dependencies come first; among those that could be next the alphabetically first does.
#[phase7::test(points = 1, rule = 3)]
fn services_start_behind_their_dependencies() {
    let graph = BTreeMap::from([
        ("app", BTreeSet::from(["db", "cache"])),
        ("cache", BTreeSet::new()),
        ("db", BTreeSet::from(["disk"])),
        ("disk", BTreeSet::new()),
        ("web", BTreeSet::from(["app"])),
    ]);
    let order = start_order(&graph).expect("there is no cycle");
    assert_eq!(order, ["cache", "disk", "db", "app", "web"], "the start order");
}

/// A cycle is told from its alphabetically first service on.
#[phase7::test(points = 1, rule = 4)]
fn a_cycle_is_told_service_by_service() {
    let graph = BTreeMap::from([
        ("b", BTreeSet::from(["c"])),
        ("c", BTreeSet::from(["a"])),
        ("a", BTreeSet::from(["b"])),
        ("free", BTreeSet::new()),
    ]);
    let error = start_order(&graph).expect_err("a cycle has no order");
    assert_eq!(
        error.to_string(),
        "dependency cycle: a -> b -> c -> a",
        "the error"
    );
}

/// Everything but `command` has a default.
#[phase7::test(points = 1, rule = 1)]
fn a_service_needs_no_more_than_a_command() {
    let config = Config::parse(
        "[service.web]\ncommand = [\"httpd\", \"-f\"]\n",
        Path::new("/etc/sv"),
    );
    let config = config.expect("a command is enough");
    let web = &config.services["web"];
    assert_eq!(web.command, ["httpd", "-f"], "the command");
    assert_eq!(web.depends_on, BTreeSet::new(), "the dependencies");
    assert!(web.autostart, "it starts with the supervisor");
    assert_eq!(web.policy.restart, Restart::OnFailure, "the restart policy");
    let pauses = (
        web.policy.backoff,
        web.policy.backoff_max,
        web.policy.backoff_reset,
    );
    assert_eq!(pauses, (ms(100), ms(30_000), ms(10_000)), "the pauses");
    assert_eq!(
        (web.policy.stop_signal, web.policy.stop_timeout),
        (Signal::SIGTERM, ms(10_000)),
        "the stop"
    );
    assert_eq!(web.dir, Path::new("/etc/sv"), "the working directory");
    let log = LogSpec {
        path: "/etc/sv/logs/web.log".into(),
        max_bytes: 1 << 20,
        keep: 3,
    };
    assert_eq!(web.log, log, "the log");
}

/// An error is one line, and says where.
#[phase7::test(points = 1, rule = 2)]
fn a_mistake_in_the_file_is_named_in_one_line() {
    let error = |text: &str| {
        Config::parse(text, Path::new("/"))
            .expect_err("it is wrong")
            .to_string()
    };
    let unknown = error("[service.web]\ncommand = [\"a\"]\nrestrat = \"always\"\n");
    assert!(
        unknown.starts_with("line 3: ") && unknown.contains("restrat"),
        "an unknown key: {unknown}"
    );
    assert_eq!(unknown.lines().count(), 1, "lines of {unknown:?}");
    let signal = error("[service.web]\ncommand = [\"a\"]\nstop_signal = \"TREM\"\n");
    assert!(
        signal.starts_with("service \"web\": stop_signal: ") && signal.contains("TREM"),
        "a signal: {signal}"
    );
}

/// A dependency that is not there is named with the service that has it.
#[phase7::test(points = 1, rule = 4)]
fn an_unknown_dependency_is_named() {
    let graph = BTreeMap::from([("web", BTreeSet::from(["db"]))]);
    let unknown = OrderError::Unknown {
        service: "web".into(),
        dependency: "db".into(),
    };
    assert_eq!(start_order(&graph), Err(unknown), "the order");
}

/// One word, and a name where there must be one.
#[phase7::test(points = 1, rule = 18)]
fn a_request_is_a_line_of_words() {
    assert_eq!("status".parse(), Ok(Request::Status));
    assert_eq!(" stop  web\r\n".parse(), Ok(Request::Stop("web".into())));
    assert_eq!(
        "restart".parse::<Request>(),
        Err(RequestError::OneName("restart"))
    );
    assert_eq!(
        "start a b".parse::<Request>(),
        Err(RequestError::OneName("start"))
    );
    assert_eq!(
        "reload now".parse::<Request>(),
        Err(RequestError::NoName("reload"))
    );
    assert_eq!(
        "STATUS".parse::<Request>(),
        Err(RequestError::Unknown("STATUS".into()))
    );
    assert_eq!(" \n".parse::<Request>(), Err(RequestError::Empty));
}

/// Lines come out whole, however they came in; the end of the stream ends the last.
#[phase7::test(points = 1, rule = 15)]
fn bytes_become_lines() {
    let mut buffer = LineBuffer::default();
    let mut lines: Vec<String> = Vec::new();
    for bytes in ["one\ntw", "o", "\n\nthr", "ee"] {
        buffer.push(bytes.as_bytes(), |line| {
            lines.push(String::from_utf8_lossy(line).into_owned())
        });
    }
    assert_eq!(lines, ["one\n", "two\n", "\n"], "lines before the end");
    buffer.finish(|line| lines.push(String::from_utf8_lossy(line).into_owned()));
    assert_eq!(lines.last().map(String::as_str), Some("three\n"), "the last line");
}

/// A line that does not fit goes to a new file; the oldest file goes.
#[phase7::test(points = 1, rule = 16)]
fn a_full_log_is_rotated() {
    let scratch = Scratch::new();
    let spec = LogSpec {
        path: scratch.join("logs/web.log"),
        max_bytes: 10,
        keep: 2,
    };
    let mut log = RotatingLog::open(spec).expect("a log can be made");
    for line in ["aaaa\n", "bbbb\n", "cc\n", "dddddddd\n", "eee\n"] {
        log.append(line.as_bytes()).expect("a line can be added");
    }
    log.flush().expect("lines can be written");
    assert_eq!(scratch.read("logs/web.log"), "eee\n", "the log");
    assert_eq!(scratch.read("logs/web.log.1"), "dddddddd\n", "the one before");
    assert_eq!(scratch.read("logs/web.log.2"), "cc\n", "the oldest");
    assert!(
        !scratch.join("logs/web.log.3").exists(),
        "no more than two are kept"
    );
}

fn policy(restart: Restart) -> Policy {
    Policy {
        restart,
        backoff: ms(100),
        backoff_max: ms(1000),
        backoff_reset: ms(5000),
        ready_after: ms(0),
        stop_signal: Signal::SIGTERM,
        stop_timeout: ms(2000),
    }
}

/// What follows an end depends on the policy and on how it ended.
#[phase7::test(points = 1, rule = 6)]
fn the_policy_decides_what_follows_an_end() {
    let failures = [Exit::Code(1), Exit::Signal(9)];
    let again = State::Backoff { until: ms(1100) };
    for (restart, exit, expected) in [
        (Restart::Always, Exit::Code(0), again),
        (Restart::Always, failures[0], again),
        (Restart::OnFailure, Exit::Code(0), State::Exited),
        (Restart::OnFailure, failures[0], again),
        (Restart::OnFailure, failures[1], again),
        (Restart::Never, failures[1], State::Exited),
    ] {
        let mut machine = Machine::new(policy(restart));
        machine.start();
        machine.started(7, ms(500));
        machine.exited(exit, ms(1000));
        assert_eq!(machine.state(), expected, "{restart:?} behind {exit:?}");
        assert_eq!(machine.last_exit(), Some(exit), "the last exit");
    }
}

/// A service that pauses waits for its dependencies again when the pause is over.
#[phase7::test(points = 1, rule = 6)]
fn the_pause_ends_at_its_deadline() {
    let mut machine = Machine::new(policy(Restart::OnFailure));
    machine.start();
    machine.spawn_failed(ms(1000));
    assert_eq!(
        machine.last_exit(),
        Some(Exit::Code(127)),
        "a program that cannot be started"
    );
    assert_eq!(
        machine.deadline(ms(1000)),
        Some(ms(1100)),
        "when it has something to do"
    );
    assert_eq!(machine.tick(ms(1099)), None, "no signal is due");
    assert_eq!(
        machine.state(),
        State::Backoff { until: ms(1100) },
        "before the deadline"
    );
    assert_eq!(machine.tick(ms(1100)), None, "no signal is due");
    assert_eq!(machine.state(), State::Waiting, "at the deadline");
    assert_eq!(machine.restarts(), 1, "restarts");
}

/// First the stop signal, and SIGKILL when the timeout has passed.
#[phase7::test(points = 1, rule = 7)]
fn a_stop_becomes_a_kill_at_its_deadline() {
    let mut machine = Machine::new(policy(Restart::Always));
    machine.start();
    machine.started(7, ms(0));
    assert_eq!(
        machine.stop(false, ms(1000)),
        Some(Signal::SIGTERM),
        "the first signal"
    );
    assert_eq!(machine.deadline(ms(1000)), Some(ms(3000)), "when patience ends");
    assert_eq!(machine.tick(ms(2999)), None, "before the deadline");
    assert_eq!(machine.tick(ms(3000)), Some(Signal::SIGKILL), "at the deadline");
    assert_eq!(
        (machine.tick(ms(9000)), machine.deadline(ms(9000))),
        (None, None),
        "once is enough"
    );
    machine.exited(Exit::Signal(9), ms(9001));
    assert_eq!(
        machine.state(),
        State::Stopped,
        "no policy starts what was stopped"
    );
}

/// `check` prints the start order, and refuses a cycle with exit code 2.
#[phase7::test(points = 1, rule = 24)]
fn check_prints_the_start_order() {
    let scratch = Scratch::new();
    let good = scratch.write(
        "good",
        "[service.a]\ncommand=[\"x\"]\ndepends_on=[\"b\"]\n[service.b]\ncommand=[\"x\"]\n",
    );
    let output = phase7::program!().arg("check").arg(good).run().expect_code(0);
    assert_eq!(output.stdout(), "b\na\n", "the start order");
    let bad = scratch.write("bad", "[service.a]\ncommand=[\"x\"]\ndepends_on=[\"a\"]\n");
    let output = phase7::program!().arg("check").arg(&bad).run().expect_code(2);
    let message = format!(
        "process-supervisor: {}: dependency cycle: a -> a\n",
        bad.display()
    );
    assert_eq!(output.stderr(), message, "the error");
}

/// A service runs, what it prints is in its log, and the status tells its process.
#[phase7::test(points = 2, rule = 19)]
fn a_service_runs_and_is_logged() {
    let supervisor = Supervisor::start(
        r#"
        [service.hello]
        command = ["sh", "-c", "echo out; echo $$ >&2; exec sleep 30"]
        "#,
    );
    let pid = supervisor.until_running("hello");
    supervisor.until_logged("hello", &format!("out\n{pid}\n"));
    let status = supervisor.status("hello");
    assert_eq!(status["restarts"], 0, "restarts in {status}");
    assert_eq!(
        status["last_exit"],
        serde_json::Value::Null,
        "the last exit in {status}"
    );
    assert!(status["uptime_ms"].is_u64(), "the uptime in {status}");
}

/// A service that fails is started again, and its end is told.
#[phase7::test(points = 1, rule = 6)]
fn a_service_that_fails_is_started_again() {
    let supervisor = Supervisor::start(
        r#"
        [service.flaky]
        command = ["sh", "-c", "echo run; [ -e third ] && exec sleep 30; [ -e second ] && touch third; touch second; exit 3"]
        backoff_ms = 1
        "#,
    );
    supervisor.until_logged("flaky", "run\nrun\nrun\n");
    let status = supervisor.until_state("flaky", "running");
    assert_eq!(status["restarts"], 2, "restarts in {status}");
    assert_eq!(status["last_exit"]["code"], 3, "the last exit in {status}");
}

/// `stop` is answered when the service is down, `start` brings it back.
#[phase7::test(points = 1, rule = 20)]
fn a_service_is_stopped_and_started() {
    let supervisor = Supervisor::start("[service.a]\ncommand = [\"sleep\", \"30\"]\nrestart = \"always\"\n");
    let first = supervisor.until_running("a");
    supervisor.done("stop a");
    let status = supervisor.status("a");
    assert_eq!(status["state"], "stopped", "the state in {status}");
    assert_eq!(status["last_exit"]["signal"], 15, "the last exit in {status}");
    assert!(support::is_reaped(first), "its process is gone");
    supervisor.done("start a");
    assert_ne!(supervisor.until_running("a"), first, "its process is another");
    let reply = supervisor.request("stop b");
    assert_eq!(reply["error"], "no service \"b\"", "the reply to an unknown name");
}

/// SIGTERM stops every service; then the supervisor ends with 0, and its socket is gone.
#[phase7::test(points = 1, rule = 22)]
fn sigterm_stops_everything() {
    let mut supervisor = Supervisor::start(
        r#"
        [service.polite]
        command = ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"]
        [service.other]
        command = ["sleep", "30"]
        "#,
    );
    supervisor.until_logged("polite", "ready\n");
    let other = supervisor.until_running("other");
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait(), 0, "the exit code");
    assert!(
        supervisor.log("polite").ends_with("bye\n"),
        "last words: {}",
        supervisor.log("polite")
    );
    wait::until("the other service to end", DEADLINE, || has_ended(other));
    assert!(!supervisor.socket().exists(), "the socket is gone");
}
