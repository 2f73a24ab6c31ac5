//! Job control: process groups, and who has the terminal.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use phase7::wait;

use super::support::{DEADLINE, Session, children, stat};

/// All of a pipeline is in one group of its own, and that group has the terminal.
#[phase7::test(points = 3, rule = 28, needs = "/proc", timeout_s = 30)]
fn a_pipeline_is_one_process_group() {
    let mut session = Session::start();
    let shell = stat(session.terminal.id()).expect("the shell runs");
    session.type_line("cat | cat | cat");
    let job = session.until_foreground_job();
    let processes = session.until_children("three processes", |children| {
        children.len() == 3 && children.iter().all(|child| child.name == "cat")
    });
    assert!(
        processes.iter().all(|process| process.group == job),
        "all in group {job}: {processes:?}"
    );
    assert_ne!(job, shell.group, "the shell is in another group");
    assert!(
        processes.iter().any(|process| process.pid == job),
        "the group is named by one of them"
    );
    session.terminal.type_keys("\x03");
    session.until_foreground_shell();
    session.until_children("all of them to end", <[_]>::is_empty);
    session.run("echo status $?");
    session.terminal.wait_for("status 130");
}

/// However a command ends, the terminal is the shell's again before the next prompt.
#[phase7::test(points = 2, rule = 28, needs = "/proc", timeout_s = 60)]
fn the_terminal_comes_back_after_every_command() {
    let mut session = Session::start();
    for command in [
        "true",
        "cat /dev/null | cat",
        "nothing-of-that-name",
        "(exit 3)",
        "sh -c 'kill -TERM $$'",
        "sh -c 'kill -STOP $$'",
        "x=$(sh -c :)",
        "sh -c : &",
        "(sh -c : & exec sh -c :)",
        "cat <missing",
    ] {
        session.run(command);
        assert_eq!(
            session.foreground(),
            session.terminal.id(),
            "the foreground behind {command}"
        );
    }
}

/// A pipeline stops as a whole and goes on as a whole.
#[phase7::test(points = 3, rule = 29, needs = "/proc", timeout_s = 30)]
fn a_pipeline_stops_and_goes_on_as_one() {
    let mut session = Session::start();
    session.type_line("cat | cat >copy");
    session.until_foreground_job();
    session.until_children("two processes", |children| {
        children.len() == 2 && children.iter().all(|child| child.name == "cat")
    });
    session.terminal.type_keys("\x1a");
    session.until_foreground_shell();
    session.until_children("both to stop", |children| {
        children.len() == 2 && children.iter().all(|child| child.state == 'T')
    });
    session.run("echo status $?");
    session.terminal.wait_for("status 148");
    session.type_line("fg %1");
    session.until_foreground_job();
    session.until_children("both to go on", |children| {
        children.len() == 2 && children.iter().all(|child| child.state != 'T')
    });
    session.terminal.type_keys("through\n\x04");
    assert_eq!(
        session.until_line("copy"),
        "through",
        "what went through the pipe"
    );
    session.until_foreground_shell();
    session.until_children("both to end", <[_]>::is_empty);
}

/// `bg` lets a stopped job go on without the terminal, and its end is told.
#[phase7::test(points = 2, rule = 29, needs = "/proc", timeout_s = 30)]
fn bg_goes_on_behind_the_prompt() {
    let mut session = Session::start();
    session.run("mkfifo p");
    session.type_line("sh -c 'echo started >began; read x <p; echo went on >went'");
    session.until_foreground_job();
    assert_eq!(session.until_line("began"), "started", "the job's first line");
    session.terminal.type_keys("\x1a");
    session.until_foreground_shell();
    session.run("bg");
    session.run("jobs");
    session.terminal.wait_for("Running");
    assert_eq!(
        session.foreground(),
        session.terminal.id(),
        "the shell has the terminal"
    );
    session.terminal.wait_for("caught-up-3.\nready>");
    // Not by the shell: the job ends while it waits for a line, and the next one has nothing on it.
    session.scratch.write("p", "\n");
    assert_eq!(session.until_line("went"), "went on", "what the job wrote");
    session.until_children("the job to end", |children| {
        children.iter().all(|child| child.state == 'Z')
    });
    session.type_line("");
    session.terminal.wait_for("Done");
    session.run("jobs");
    session.until_children("it to be reaped", <[_]>::is_empty);
}

/// Who is in the background and reads from the terminal is stopped, not the shell, and `fg` lets it read.
#[phase7::test(points = 2, rule = 31, needs = "/proc", timeout_s = 30)]
fn a_background_job_that_reads_stops() {
    let mut session = Session::start();
    session.run("cat >copy &");
    session.until_children("it to stop", |children| {
        children.iter().any(|child| child.state == 'T')
    });
    session.run("jobs");
    session.terminal.wait_for("Stopped (SIGTTIN)");
    session.type_line("fg");
    session.until_foreground_job();
    session.terminal.type_keys("now\n\x04");
    assert_eq!(session.until_line("copy"), "now", "what it read");
    session.until_foreground_shell();
}

/// Modes that a killed or a stopped job has left are not the shell's, and come back with `fg`.
#[phase7::test(points = 3, rule = 30, needs = "/proc", timeout_s = 30)]
fn a_job_has_its_own_terminal_modes() {
    let mut session = Session::start();
    session.type_line("sh -c 'stty -echo -icanon min 1; echo set >began; exec cat >copy'");
    session.until_foreground_job();
    assert_eq!(session.until_line("began"), "set", "the modes are set");
    session.terminal.type_keys("\x1a");
    session.until_foreground_shell();
    session.run("stty -a | grep -ow -e '-*icanon' -e '-*echo' | tr '\\n' '.'; echo");
    session.terminal.wait_for("icanon.echo.");
    session.type_line("fg");
    session.until_foreground_job();
    // Without canonical mode a byte arrives without its newline.
    wait::until("the byte to arrive", DEADLINE, || {
        session.terminal.type_keys("x");
        session.scratch.read("copy").contains('x')
    });
    session.terminal.type_keys("\x03");
    session.until_foreground_shell();
    session.run("stty -a | grep -ow -e '-*icanon' -e '-*echo' | tr '\\n' '_'; echo");
    session.terminal.wait_for("icanon_echo_");
    // What a command sets on purpose stays.
    session.run("stty -echoctl");
    session.run("stty -a | grep -ow -e '-*echoctl'");
    session.terminal.wait_for("\n-echoctl");
}

/// Jobs are named by number, by text, and as the current and the one before.
#[phase7::test(points = 2, rule = 29, needs = "/proc", timeout_s = 30)]
fn jobs_have_names() {
    let mut session = Session::start();
    session.run("mkfifo a b c");
    for name in ["a", "b", "c"] {
        session.run(&format!("cat {name} &"));
    }
    session.until_children("three jobs", |children| children.len() == 3);
    session.run("jobs");
    session.terminal.wait_for("[3] +");
    session.terminal.wait_for("[2] -");
    session.run("kill %?b; wait %2; echo killed $?");
    session.terminal.wait_for("killed 143");
    session.run("kill -9 %1; wait %1; echo killed $?");
    session.terminal.wait_for("killed 137");
    session.run("kill '%cat c'; wait %+; echo third $?");
    session.terminal.wait_for("third 143");
    session.run("fg %7; echo no such job $?");
    session.terminal.wait_for("no such job 2");
}

/// Ctrl-C ends the loop and not only the program that runs in it.
#[phase7::test(points = 2, rule = 32, needs = "/proc", timeout_s = 30)]
fn control_c_ends_the_whole_line() {
    let mut session = Session::start();
    session.type_line("while true; do cat; echo a\"\"gain; done; echo be\"\"hind");
    session.until_foreground_job();
    session.terminal.type_keys("\x03");
    session.until_foreground_shell();
    session.run("echo status $?");
    session.terminal.wait_for("status 130");
    session.type_line("while :; do : >began; done; echo be\"\"hind");
    // The loop runs in the shell itself: there is no other process.
    wait::until("the loop to run", DEADLINE, || {
        session.scratch.join("began").exists()
    });
    session.terminal.type_keys("\x03");
    session.run("echo second $?");
    session.terminal.wait_for("second 130");
    let screen = session.terminal.screen();
    assert!(
        !screen.contains("again") && !screen.contains("behind"),
        "{screen}"
    );
}

/// The shell outlives what is sent to it, and its children do not.
#[phase7::test(points = 2, rule = 32, needs = "/proc", timeout_s = 30)]
fn the_shell_itself_is_not_ended_or_stopped() {
    let mut session = Session::start();
    for signal in [
        Signal::SIGTERM,
        Signal::SIGQUIT,
        Signal::SIGTSTP,
        Signal::SIGTTIN,
        Signal::SIGTTOU,
        Signal::SIGINT,
    ] {
        session.terminal.signal(signal);
        session.run(&format!("echo after {signal}"));
        session.terminal.wait_for(&format!("after {signal}"));
    }
    // A child has the defaults.
    session.run("sh -c 'kill -TERM $$'; echo child $?");
    session.terminal.wait_for("child 143");
    session.run("(kill -QUIT $(sh -c 'echo $PPID')) 2>/dev/null; echo subshell $?");
    session.terminal.wait_for("subshell 131");
}

/// Stopped jobs are not left behind by mistake.
#[phase7::test(points = 2, rule = 35, needs = "/proc", timeout_s = 30)]
fn leaving_stopped_jobs_behind_takes_two_attempts() {
    let mut session = Session::start();
    session.type_line("cat");
    session.until_foreground_job();
    session.terminal.type_keys("\x1a");
    session.until_foreground_shell();
    session.type_line("exit");
    session.terminal.wait_for("There are stopped jobs.");
    session.run("echo still here");
    session.type_line("exit 5");
    session.type_line("exit 6");
    assert_eq!(session.terminal.wait(), 6, "the status of the second attempt");
}

/// A hangup ends the jobs, the stopped ones too, and then the shell.
#[phase7::test(points = 3, rule = 35, needs = "/proc", timeout_s = 30)]
fn a_hangup_reaches_every_job() {
    let mut session = Session::start();
    session.run("mkfifo p");
    session
        .run("sh -c 'trap \"echo hup >running; exit\" HUP; echo a >ready1; while :; do read x <p; done' &");
    session.run("sh -c 'trap \"echo hup >stopped; exit\" HUP; echo b >ready2; kill -STOP $$; read x' &");
    session.until_line("ready1");
    session.until_line("ready2");
    session.until_children("one to stop", |children| {
        children.iter().any(|child| child.state == 'T')
    });
    session.run("jobs");
    let jobs: Vec<i32> = children(session.terminal.id())
        .iter()
        .map(|child| child.pid)
        .collect();
    session.terminal.signal(Signal::SIGHUP);
    assert_eq!(session.terminal.wait(), 129, "the status of the shell");
    assert_eq!(session.until_line("running"), "hup", "what the running job got");
    assert_eq!(session.until_line("stopped"), "hup", "what the stopped job got");
    wait::until("the jobs to end", DEADLINE, || {
        jobs.iter().all(|pid| {
            kill(Pid::from_raw(*pid), None).is_err() || stat(*pid).is_none_or(|stat| stat.state == 'Z')
        })
    });
}
