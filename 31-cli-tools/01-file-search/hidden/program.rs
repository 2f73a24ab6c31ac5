//! Rules 22 to 28: the program among others.

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use file_search::search::{Line, SearchError, SearchOptions, Searcher, Sink};
use phase7::process::Signal;
use phase7::{Scratch, wait};

use super::PROGRAM;
use super::support::{matcher, search, told};

/// One line for each error, then the rest of the search, then 2.
#[phase7::test(points = 1, rule = 22)]
fn errors_beat_matches_in_the_exit_code() {
    let files = Scratch::new();
    std::os::unix::fs::symlink("loop", files.join("loop")).expect("a link can be made");
    files.write("a", "x\n");
    let output = search()
        .args(["--sort=path", "x", "loop", "a", "gone"])
        .dir(files.path())
        .run()
        .expect_code(2);
    let errors = output.stderr();
    let errors: Vec<&str> = errors.lines().collect();
    assert_eq!(output.stdout(), "a:x\n", "what can be read is searched");
    assert_eq!(errors.len(), 2, "a line for each: {errors:?}");
    assert!(
        errors.iter().any(|line| line.starts_with("file-search: loop: ")),
        "a link to itself: {errors:?}"
    );
    assert!(
        errors.contains(&"file-search: gone: No such file or directory"),
        "a file that is not there: {errors:?}"
    );
    let alone = search()
        .args(["x", "gone"])
        .dir(files.path())
        .run()
        .expect_code(2);
    assert_eq!(
        alone.stderr(),
        "file-search: gone: No such file or directory\n",
        "as the only source"
    );
}

/// A directory that cannot be read is an error, and what stands beside it is searched.
#[phase7::test(points = 1, rule = 22)]
fn a_closed_directory_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let files = Scratch::new();
    files.write("tree/closed/file", "no\n");
    files.write("tree/open/file", "x\n");
    let closed = files.join("tree/closed");
    let permit = |mode| std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(mode));
    permit(0).expect("the owner may close it");
    let is_open_to_root = std::fs::read_dir(&closed).is_ok();
    let output = search().args(["x", "tree"]).dir(files.path()).run();
    permit(0o755).expect("the owner may open it");
    let (code, error) = if is_open_to_root {
        (0, "")
    } else {
        (2, "file-search: tree/closed: Permission denied\n")
    };
    assert_eq!(
        output.stdout(),
        "tree/open/file:x\n",
        "what can be read is searched"
    );
    assert_eq!(
        (output.code(), output.stderr().as_str()),
        (code, error),
        "exit code and error"
    );
}

/// A source that fails half-way: an interrupted read is tried again, another error ends the search.
#[phase7::test(points = 1, rule = 22)]
fn a_read_that_fails_is_an_error_and_an_interrupted_one_is_none() {
    struct Failing(Vec<Result<&'static [u8], ErrorKind>>);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            // Nothing is left: fail rather than end, so that a search that goes on for ever is noticed.
            let bytes = self.0.pop().expect("a search ends at an error, and at the end")?;
            buffer[..bytes.len()].copy_from_slice(bytes);
            Ok(bytes.len())
        }
    }
    let options = SearchOptions::default();
    let interrupted = vec![Ok(&b""[..]), Ok(b"x\n"), Err(ErrorKind::Interrupted), Ok(b"x\n")];
    let (lines, summary) = told("x", options, Failing(interrupted));
    assert_eq!(
        (lines.len(), summary.selected),
        (2, 2),
        "lines around an interruption"
    );

    struct Nothing;
    impl Sink for Nothing {
        fn line(&mut self, _: &Line<'_>) -> std::io::Result<()> {
            Ok(())
        }
    }
    let broken = Failing(vec![Err(ErrorKind::TimedOut), Ok(b"x\n")]);
    let result = Searcher::new(matcher("x"), options).search(broken, &mut Nothing);
    let kind = match result {
        Err(SearchError::Read(error)) => Some(error.kind()),
        _ => None,
    };
    assert_eq!(
        kind,
        Some(ErrorKind::TimedOut),
        "the kind of the error of the source"
    );
}

/// Output that cannot be written is an error, not a silent success.
#[phase7::test(points = 1, rule = 22)]
fn a_full_disk_is_reported() {
    let files = Scratch::new();
    files.write("a", "x\n");
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let mut command = Command::new(PROGRAM);
    command
        .args(["x", "a"])
        .current_dir(files.path())
        .env("FILE_SEARCH_CONFIG", "")
        .stdout(full);
    let output = command
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        errors, "file-search: standard output: No space left on device\n",
        "standard error"
    );
    assert_eq!(output.status.code(), Some(2), "the exit code");
}

/// What is wrong is said in a line; nothing is searched.
#[phase7::test(points = 1, rule = 23)]
fn a_wrong_command_line_is_refused() {
    let refused = |arguments: &[&str]| {
        let output = search().args(arguments).stdin("x\n").run().expect_code(2);
        assert_eq!(output.stdout(), "", "nothing is searched with {arguments:?}");
        output.stderr()
    };
    let error = refused(&["-e", "x", "-e", "a{2,1}"]);
    assert!(error.starts_with("file-search: invalid pattern"), "{error:?}");
    assert!(
        error.contains("a{2,1}") && error.lines().count() == 1,
        "one line, with the pattern: {error:?}"
    );
    assert!(
        refused(&["-g", "a{b", "x"]).contains("a{b"),
        "a glob that is none"
    );
    assert!(
        refused(&["--no-such-flag", "x"]).contains("--no-such-flag"),
        "an unknown flag"
    );
    assert!(
        refused(&["-A", "many", "x"]).contains("many"),
        "a number that is none"
    );
    assert!(
        refused(&["--json", "-c", "x"]).contains("--json"),
        "JSON has no counts"
    );
    assert!(refused(&[]).to_lowercase().contains("pattern"), "no pattern");
}

/// The strongest source decides, flag by flag.
#[phase7::test(points = 1, rule = 24)]
fn defaults_are_overridden_flag_by_flag() {
    let files = Scratch::new();
    let config = files.write("config/file-search/config", "-A 2\n-n\n-g !*.bak\n");
    let run = |options: &str, flags: &[&str]| {
        let program = search()
            .env("FILE_SEARCH_CONFIG", &config)
            .env("FILE_SEARCH_OPTS", options);
        program
            .args(flags)
            .arg("x")
            .stdin("a\nx\nb\nc\nd\n")
            .run()
            .expect_code(0)
            .stdout()
    };
    assert_eq!(run("", &[]), "2:x\n3-b\n4-c\n", "the file");
    assert_eq!(run("-A1", &[]), "2:x\n3-b\n", "the environment");
    assert_eq!(
        run("-A1", &["-C0"]),
        "2:x\n",
        "a -C on the command line beats a -A below it"
    );
    assert_eq!(
        run("-C 1", &["-A0"]),
        "1-a\n2:x\n",
        "a -A takes from -C only its half"
    );
    let home = search()
        .env_remove("FILE_SEARCH_CONFIG")
        .env("XDG_CONFIG_HOME", files.join("config"));
    assert_eq!(
        home.arg("x").stdin("x\n").run().stdout(),
        "1:x\n",
        "the file in its usual place"
    );
}

/// What two sources say is said, and not unsaid.
#[phase7::test(points = 1, rule = 24)]
fn switches_add_up() {
    let files = Scratch::new();
    files.write(".a", "a b\nX x\n");
    for (switch, expected) in [
        ("-i", "a:X x\n"),
        ("-v", ".a:a b\n"),
        ("-n", ".a:2:X x\n"),
        ("-c", ".a:1\n"),
        ("-l", ".a\n"),
        ("-o", ".a:x\n"),
        ("--hidden", "./.a:X x\n"),
        ("--json", "{"),
        ("-w", ""),
    ] {
        let (pattern, path) = match switch {
            "-w" => ("[a-z] [a-z]|X ", ".a"),
            "--hidden" => ("x", "."),
            "-i" => ("X X", ".a"),
            _ => ("x", ".a"),
        };
        let program = search()
            .env("FILE_SEARCH_OPTS", switch)
            .args([switch, pattern, path])
            .args(if path == ".a" { &["/dev/null"][..] } else { &[] });
        let output = program.dir(files.path()).run();
        let printed = output.stdout();
        match switch {
            "-w" => assert_eq!(printed, ".a:a b\n", "-w, twice"),
            "-c" => assert!(printed.contains(expected), "-c, twice: {printed:?}"),
            _ => assert!(
                printed.contains(expected) && printed.lines().count() == 1,
                "{switch}, twice: {printed:?}"
            ),
        }
    }
}

/// Defaults that cannot be used are errors that name their place.
#[phase7::test(points = 1, rule = 24)]
fn wrong_defaults_name_their_place() {
    let files = Scratch::new();
    let config = files.write("config", "-n\n\n--colour always\n");
    let program = search().env("FILE_SEARCH_CONFIG", &config).arg("x").stdin("x\n");
    let error = program.run().expect_code(2).stderr();
    let place = format!("file-search: {}:3: ", config.display());
    assert!(
        error.starts_with(&place) && error.lines().count() == 1,
        "{error:?} begins with {place:?}"
    );
    let error = search()
        .env("FILE_SEARCH_OPTS", "-n x")
        .arg("x")
        .stdin("x\n")
        .run()
        .expect_code(2)
        .stderr();
    assert!(
        error.starts_with("file-search: FILE_SEARCH_OPTS: "),
        "a pattern is no default: {error:?}"
    );
    let gone = files.join("gone");
    let error = search()
        .env("FILE_SEARCH_CONFIG", &gone)
        .arg("x")
        .stdin("x\n")
        .run()
        .expect_code(2)
        .stderr();
    assert!(
        error.starts_with(&format!("file-search: {}: ", gone.display())),
        "a named file must exist: {error:?}"
    );
    let home = |directory: &str| {
        let program = search().env_remove("FILE_SEARCH_CONFIG");
        let program = program.env("XDG_CONFIG_HOME", files.join(directory));
        program.arg("x").stdin("x\n").run()
    };
    assert_eq!(
        home("empty").expect_code(0).stdout(),
        "x\n",
        "the usual one need not"
    );
    files.write("home/file-search/config/file", "");
    let error = home("home").expect_code(2).stderr();
    assert!(
        error.starts_with("file-search: ") && error.contains("/home/file-search/config: "),
        "what cannot be read is an error in the usual place too: {error:?}"
    );
}

/// `file-search … | head -n 1` ends well.
#[phase7::test(points = 1, rule = 25)]
fn a_closed_pipe_is_success() {
    let files = Scratch::new();
    files.write("large", "a line that matches\n".repeat(200_000));
    for flags in [&["-n", "line", "large"][..], &["line", "large", "large", "large"]] {
        let mut command = Command::new(PROGRAM);
        command
            .args(flags)
            .current_dir(files.path())
            .env("FILE_SEARCH_CONFIG", "")
            .stdin(Stdio::null());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the pipe is open");
        assert!(
            line.ends_with(":a line that matches\n"),
            "the first line: {line:?}"
        );
        drop(stdout);
        let ended = wait::until_some("the program's end", wait::DEADLINE, || {
            child.try_wait().ok().flatten()
        });
        let errors = child
            .stderr
            .take()
            .map(std::io::read_to_string)
            .transpose()
            .expect("standard error is text");
        assert_eq!(
            (ended.code(), errors.as_deref()),
            (Some(0), Some("")),
            "exit code and errors with {flags:?}"
        );
    }
    let mut command = Command::new(PROGRAM);
    command
        .args(["-j1", "--sort=path", "line", "large", "-"])
        .current_dir(files.path())
        .env("FILE_SEARCH_CONFIG", "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // Held open: whoever goes on to the next source waits there for ever.
    let stdin = child.stdin.take();
    drop(child.stdout.take());
    let ended = wait::until_some("the program's end before its next source", wait::DEADLINE, || {
        child.try_wait().ok().flatten()
    });
    drop(stdin);
    assert_eq!(ended.code(), Some(0), "the exit code");
}

/// Ctrl-C in the middle of a search leaves the terminal without colours.
#[phase7::test(points = 1, rule = 26)]
fn an_interrupt_resets_the_colors() {
    let mut running = search().args(["--color=always", "x"]).spawn();
    running.write("ax\n");
    running.wait_for_line("a\x1b[1;31mx\x1b[0m");
    running.signal(Signal::SIGINT);
    let reset = running.wait_for_stdout("the reset", |text| {
        text.split_once('\n')
            .map(|(_, rest)| rest.to_owned())
            .filter(|rest| !rest.is_empty())
    });
    assert_eq!(reset, "\x1b[0m", "what is printed behind the line");
    wait::until("the program's end", wait::DEADLINE, || running.has_ended());
    assert_eq!(running.wait().code(), 130, "the exit code");

    let mut running = search().args(["--color=never", "x"]).spawn();
    running.write("ax\n");
    running.wait_for_line("ax");
    running.signal(Signal::SIGINT);
    wait::until("the program's end", wait::DEADLINE, || running.has_ended());
    let output = running.wait();
    assert_eq!(
        (output.stdout().as_str(), output.code()),
        ("ax\n", 130),
        "without colours"
    );
}

/// Ctrl-C while nobody reads what is printed.
#[phase7::test(points = 1, rule = 26)]
fn an_interrupt_ends_a_program_that_waits_to_write() {
    let files = Scratch::new();
    files.write("large", "a line that matches\n".repeat(200_000));
    let mut command = Command::new(PROGRAM);
    command
        .args(["--color=always", "line", "large"])
        .current_dir(files.path())
        .env("FILE_SEARCH_CONFIG", "")
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdout = child.stdout.take().expect("standard output is piped");
    // Once something has come, the pipe will be full, and the program waits in `write`, or soon will.
    stdout.read_exact(&mut [0; 1]).expect("the pipe is open");
    let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
    nix::sys::signal::kill(pid, Signal::SIGINT).expect("the program runs");
    let ended = wait::until_some("the program's end", wait::DEADLINE, || {
        child.try_wait().ok().flatten()
    });
    let code = ended.code().or(ended.signal().map(|signal| 128 + signal));
    assert_eq!(code, Some(130), "the exit code, as a shell sees it");
}

/// What a packager installs.
#[phase7::test(points = 1, rule = 27)]
fn completions_and_a_manual_page_are_generated() {
    let generated = |what: &str| search().args(["--generate", what]).run().expect_code(0).stdout();
    for shell in ["complete-bash", "complete-zsh", "complete-fish"] {
        let script = generated(shell);
        for word in ["file-search", "ignore-case", "after-context", "generate"] {
            assert!(script.contains(word), "{shell} knows {word}");
        }
    }
    let page = generated("man");
    assert!(
        page.contains(".TH file-search 1") && page.contains("\\-\\-ignore\\-case"),
        "a page in roff: {page:.300}"
    );
    assert!(
        page.contains("FILE_SEARCH_OPTS"),
        "the page names the environment"
    );
}

/// Memory does not grow with the input.
#[phase7::test(points = 2, rule = 28, timeout_s = 30)]
fn a_long_input_is_searched_in_little_memory() {
    let mut running = phase7::Program::new("sh")
        .args(["-c", "ulimit -v 200000; exec \"$0\" -c needle", PROGRAM])
        .env("FILE_SEARCH_CONFIG", "")
        .env_remove("FILE_SEARCH_OPTS")
        .deadline(Duration::from_secs(25))
        .spawn();
    let mut block = b"a line of hay that is some fifty bytes long ......\n".repeat(20_000);
    block.extend_from_slice(b"needle\n");
    for _ in 0..240 {
        running.write(&block);
    }
    let output = running.wait().expect_code(0);
    assert_eq!(
        output.stdout(),
        "240\n",
        "lines found in 240 MB with 200 MB of address space"
    );

    // Two sources: what one prints must not mix with the other's, and must not wait for its end either.
    let mut running = phase7::Program::new("sh")
        .args([
            "-c",
            "ulimit -v 200000; exec \"$0\" ^x - /dev/null | wc -c",
            PROGRAM,
        ])
        .env("FILE_SEARCH_CONFIG", "")
        .env_remove("FILE_SEARCH_OPTS")
        .deadline(Duration::from_secs(25))
        .spawn();
    let mut line = b"x".repeat(300_000);
    line.push(b'\n');
    for _ in 0..800 {
        running.write(&line);
    }
    let output = running.wait().expect_code(0);
    let expected = 800 * ("(standard input):".len() + line.len());
    assert_eq!(
        output.stdout().trim(),
        expected.to_string(),
        "bytes printed of lines that all match"
    );
}
