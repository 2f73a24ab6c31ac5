//! What a person at the terminal sees and types.

use phase7::{Scratch, wait};

use super::support::{DEADLINE, Session};

/// A mistake costs the line and not the shell.
#[phase7::test(points = 2, rule = 22, timeout_s = 30)]
fn errors_do_not_end_an_interactive_shell() {
    let mut session = Session::start();
    for (line, status) in [
        ("if then", 2),
        ("echo ${nothing?missing}", 2),
        ("readonly r=1; r=2; echo no", 2),
        (": </nothing/here", 2),
        ("echo $((1/0))", 2),
        ("set -u; echo $nothing; set +u", 2),
        ("shift 99", 2),
        ("exec nothing-of-that-name", 127),
        ("f() { f; }; f", 2),
    ] {
        session.run(line);
        session.run(&format!("false; {line}"));
        session.type_line(line);
        session.run(&format!("echo status $? of '{}'", line.len()));
        session
            .terminal
            .wait_for(&format!("status {status} of {}", line.len()));
        session.run("set +u; clear 2>/dev/null");
    }
    session.type_line("exit 3");
    assert_eq!(session.terminal.wait(), 3, "the status of the shell");
}

/// The prompt is expanded each time.
#[phase7::test(points = 1, rule = 33, timeout_s = 30)]
fn a_prompt_is_expanded() {
    let mut session = Session::start();
    session.type_line("PS1='<$x$((n=n+1))> '");
    session.terminal.wait_for("<1> ");
    session.type_line("x=here");
    session.terminal.wait_for("<here2> ");
    session.type_line("PS2='and $x> '");
    session.terminal.wait_for("<here3> ");
    session.type_line("echo 'a");
    session.terminal.wait_for("and here> ");
    session.type_line("b'");
    session.terminal.wait_for("\na\nb\n");
}

/// The line is edited, and older lines come back.
#[phase7::test(points = 2, rule = 34, timeout_s = 30)]
fn lines_are_edited_and_remembered() {
    let mut session = Session::start();
    session.terminal.type_keys(
        "echo wrnog\x7f\x7f\x7f\x7frong-way\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D",
    );
    session.terminal.type_keys("the-\r");
    session.terminal.wait_for("\nthe-wrong-way");
    session.run("x=first");
    session.type_line("echo $x-$x");
    session.terminal.wait_for("first-first");
    session.type_line("x=second");
    session.terminal.type_keys("\x1b[A\x1b[A\r");
    session.terminal.wait_for("second-second");
}

/// The history outlives the shell, if there is a file for it.
#[phase7::test(points = 2, rule = 34, timeout_s = 30)]
fn the_history_is_kept_in_a_file() {
    let scratch = Scratch::new();
    let history = scratch.join("history").to_string_lossy().into_owned();
    let mut session = Session::start_with(scratch, &[("HISTFILE", history.as_str())]);
    session.type_line("echo remembered-$((40+2))");
    session.terminal.wait_for("remembered-42");
    session.type_line("exit");
    session.terminal.wait();
    let Session { scratch, .. } = session;
    assert!(
        scratch.read("history").contains("echo remembered-$((40+2))"),
        "{:?}",
        scratch.read("history")
    );
    let mut session = Session::start_with(scratch, &[("HISTFILE", history.as_str())]);
    session.terminal.type_keys("\x1b[A\x1b[A\r");
    session.terminal.wait_for("remembered-42");
}

/// Tab completes commands and paths.
#[phase7::test(points = 2, rule = 34, timeout_s = 30)]
fn tab_completes() {
    let scratch = Scratch::new();
    scratch.write("a-long-name/inside", "content of it\n");
    let mut session = Session::start_with(scratch, &[]);
    session.terminal.type_keys("cat a-l\tins\t\r");
    session.terminal.wait_for("content of it");
    session.run("remarkable() { echo rema\"\"rked; }");
    session.terminal.type_keys("remark\t\r");
    session.terminal.wait_for("remarked");
    session.run("uncommon_name=un-common");
    session.terminal.type_keys("echo $uncomm\t\r");
    session.terminal.wait_for("\nun-common");
}

/// Ctrl-C drops what has been typed, however many lines; Ctrl-D on an empty line is the end.
#[phase7::test(points = 2, rule = 32, timeout_s = 30)]
fn control_c_drops_the_line_and_control_d_ends() {
    let mut session = Session::start();
    session.terminal.type_keys("echo dro\"\"pped\x03");
    until_prompts(&session, 2);
    session.run("echo status $?");
    session.terminal.wait_for("status 130");
    session.type_line("for i in 1 2; do");
    session.terminal.wait_for("more> ");
    session.terminal.type_keys("echo dro\"\"pped\x03");
    until_prompts(&session, 5);
    session.run("echo next");
    session.terminal.wait_for("\nnext");
    assert!(
        !session.terminal.screen().contains("dropped"),
        "{}",
        session.terminal.screen()
    );
    session.type_line("(exit 4)");
    until_prompts(&session, 8);
    session.terminal.type_keys("\x04");
    assert_eq!(session.terminal.wait(), 4, "the status of the shell");
}

/// Waits for so many prompts: what is typed with Ctrl-C, right behind it, may be dropped with the line.
#[track_caller]
fn until_prompts(session: &Session, count: usize) {
    wait::until("the next prompt", DEADLINE, || {
        session.terminal.screen().matches("ready>").count() == count
    });
}

/// Traps run between lines, and `ENV` names commands for the beginning.
#[phase7::test(points = 1, rule = 33, timeout_s = 30)]
fn the_environment_file_is_read() {
    let scratch = Scratch::new();
    scratch.write("start", "hello() { echo from the file; }\n");
    let mut session = Session::start_with(scratch, &[("ENV", "$HOME/start")]);
    session.run("hello");
    session.terminal.wait_for("\nfrom the file");
    session.run("trap 'echo tra\"\"pped' USR1; kill -USR1 $$");
    session.terminal.wait_for("trapped");
    session.type_line("trap 'echo le\"\"aving' EXIT");
    session.type_line("exit");
    session.terminal.wait_for("leaving");
}
