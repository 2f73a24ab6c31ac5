//! Children and what they inherit, standard input that is shared, and what would crash a careless shell.

use phase7::Scratch;

use super::support::{check_scripts, printed, run, shell};

/// A program in a script sees 0, 1 and 2 and what the script has opened, nothing of the shell's own.
#[phase7::test(points = 2, rule = 13, needs = "/proc", timeout_s = 30)]
fn children_inherit_no_descriptor_of_the_shell() {
    let list = "ls -l /proc/self/fd | sed -n 's/.* \\([0-9]*\\) -> .*/\\1/p' | sort -n | tr '\\n' ' '";
    for script in [
        list.to_owned(),
        format!("{{ {list}; }} 2>/dev/null >f; cat f"),
        format!("while :; do x=$({list}); echo \"$x\"; break; done 9>f </dev/null"),
        format!("f() {{ {list}; }} 9>f; f <f | cat"),
        "ls -l /proc/self/fd <<E | grep -c ' -> '\ntext\nE\n".into(),
        "ls -l /proc/self/fd >f & wait; grep -c ' -> ' f".into(),
        "(exec 8>f; ls -l /proc/self/fd) >g; grep -c ' -> ' g".into(),
    ] {
        // The machine's own shell says what tests inherit from whoever runs them.
        let scratch = Scratch::new();
        let other = phase7::Program::new("/bin/sh")
            .args(["-c", &script])
            .dir(scratch.path())
            .stdin("")
            .run();
        assert_eq!(
            printed(&script),
            other.expect_code(0).stdout(),
            "the descriptors in {script}"
        );
    }
}

/// Thousands of redirections, pipes and substitutions leave nothing open.
#[phase7::test(points = 2, rule = 13, timeout_s = 60)]
fn descriptors_are_given_back() {
    let script = "ulimit -n 256
        i=0
        while [ $i -lt 400 ]; do
          { :; } >f 3>g 4<f
          x=$(read y <f; echo a)
          echo a | read x
          : <<E
document
E
          i=$((i+1))
        done
        ( : >f ) 2>/dev/null
        echo done $i";
    assert_eq!(printed(script), "done 400\n");
}

/// A function that calls itself for ever ends with an error, as does anything like it.
#[phase7::test(points = 3, rule = 26, timeout_s = 120)]
fn endless_recursion_is_an_error() {
    for script in [
        "f() { f; }; f; echo no",
        "f() { (f); }; x=1; f() { eval f; }; f; echo no",
        "x='eval \"$x\"'; eval \"$x\"; echo no",
        "f() { if f; then :; fi; }; f; echo no",
        "f() { f || f; }; f; echo no",
        "f() { while f; do :; done; }; f; echo no",
        "f() { case a in a) f;; esac; }; f; echo no",
    ] {
        let output = run(script);
        assert_eq!(
            (output.stdout(), output.code()),
            (String::new(), 2),
            "what comes of {script:?}"
        );
        assert!(output.stderr().starts_with("shell: "), "{:?}", output.stderr());
    }
    let scratch = Scratch::new();
    scratch.write("work/self", ". ./self\n");
    let output = shell(&scratch).args(["-c", ". ./self; echo no"]).stdin("").run();
    assert_eq!(
        (output.stdout(), output.code()),
        (String::new(), 2),
        "a file that reads itself"
    );
}

/// A shell that reads its script from standard input leaves the rest to the commands.
#[phase7::test(points = 2, rule = 5, timeout_s = 30)]
fn standard_input_is_shared_with_the_commands() {
    let scratch = Scratch::new();
    let script =
        "read x\nfor read\necho \"<$x>\"\nhead -n 1\nfor head\nsh -c 'read y; echo $y'\nfor sh\necho end\n";
    scratch.write("work/script", script);
    let from_file = run(&format!(
        "cd {}; {} <script",
        scratch.join("work").display(),
        super::support::SHELL
    ));
    assert!(
        from_file.stdout().starts_with("<for read>\n"),
        "from a file: {:?}",
        from_file.stdout()
    );
    // From a pipe head would take all that is there, so that only what reads byte by byte can share it.
    let script = "read x\nfor read\necho \"<$x>\"\nsh -c 'read y; echo $y'\nfor sh\ncat\nleft\nover\n";
    let output = shell(&scratch).stdin(script).run();
    assert_eq!(
        output.expect_code(0).stdout(),
        "<for read>\nfor sh\nleft\nover\n",
        "from a pipe"
    );
}

/// A command of the first line is run although the second is wrong.
#[phase7::test(points = 1, rule = 5)]
fn commands_run_before_the_next_is_read() {
    let scratch = Scratch::new();
    for arguments in [vec!["-s"], vec!["-c", "echo before\n)\necho after"]] {
        let output = shell(&scratch)
            .args(&arguments)
            .stdin("echo before\n)\necho after\n")
            .run();
        assert_eq!(
            (output.stdout().as_str(), output.code()),
            ("before\n", 2),
            "{arguments:?}"
        );
        assert!(output.stderr().contains("line 2: "), "{:?}", output.stderr());
    }
}

/// Ended children do not stay, and the status of each is known as long as somebody may ask.
#[phase7::test(points = 2, rule = 19, needs = "/proc", timeout_s = 60)]
fn every_child_is_reaped() {
    let script = "i=0
        while [ $i -lt 50 ]; do (exit 3) & i=$((i+1)); done
        wait
        read a b c rest </proc/$$/stat
        cat /proc/$$/task/$$/children | wc -w | tr -d ' '
        (exit 7) & p=$!
        sh -c :; : | :; x=$(sh -c :)
        wait $p; echo $?
        : & (i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; : >late) &
        wait; ls late";
    // The three commands of the pipeline are children, too.
    let output = printed(script);
    let lines: Vec<&str> = output.lines().collect();
    assert!(
        lines[0].parse().is_ok_and(|count: usize| count < 10),
        "children left: {lines:?}"
    );
    assert_eq!(
        lines[1..],
        ["7", "late"],
        "the status of an older child, and a file that a slow one made"
    );
}

/// A signal that comes before `wait` has begun to wait is not lost.
#[phase7::test(points = 2, rule = 27, timeout_s = 120)]
fn wait_never_misses_a_signal() {
    let script = "mkfifo p
        trap 'got=yes' USR1
        i=0
        while [ $i -lt 150 ]; do
          got=no
          (kill -USR1 $$; exec cat p >/dev/null) &
          wait $!
          s=$?
          [ $got = yes ] && [ $s -gt 128 ] || echo \"round $i: $got $s\"
          echo >p
          wait
          i=$((i+1))
        done
        echo $i";
    assert_eq!(printed(script), "150\n");
}

/// Signals end children by their default, whatever the shell itself does with them.
#[phase7::test(points = 2, rule = 27, timeout_s = 30)]
fn children_have_their_own_signals() {
    check_scripts(
        "### a trap is not in a child
trap 'echo trapped' TERM
(sh -c 'kill -TERM $PPID'; echo no) 2>/dev/null
echo $?
--- stdout
143
### a pipe's writer is ended by SIGPIPE
(sh -c 'kill -PIPE $$'; echo $?)
--- stdout
141
### an ignored signal stays ignored
trap '' INT
sh -c 'kill -INT $$; echo alive'
(trap 'echo no' INT; kill -INT $$; echo still)
--- stdout
alive
still
### in the background SIGINT and SIGQUIT are ignored without job control
sh -c 'kill -INT $$; kill -QUIT $$; echo alive' &
wait $!
--- stdout
alive
",
    );
}

/// A here-document of megabytes, and a substitution of megabytes, are no trouble.
#[phase7::test(points = 2, rule = 15, timeout_s = 60)]
fn large_texts_pass_through() {
    let document = "0123456789abcdef\n".repeat(150_000);
    let scratch = Scratch::new();
    scratch.write(
        "work/s",
        format!("cat <<'X' | wc -c\n{document}X\nx=$(cat s)\necho ${{#x}}\n"),
    );
    let output = shell(&scratch).arg("s").stdin("").run();
    let output = output.expect_code(0).stdout();
    let numbers: Vec<usize> = output
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    assert_eq!(numbers[0], document.len(), "bytes of the document");
    assert!(numbers[1] > document.len(), "bytes of the script: {numbers:?}");
}

/// Descriptors of two digits are as good as others.
#[phase7::test(points = 1, rule = 13)]
fn any_descriptor_up_to_99_can_be_redirected() {
    assert_eq!(
        printed("exec 12>f; echo twelve >&12; exec 12>&-; cat f"),
        "twelve\n",
        "12"
    );
    assert_eq!(
        printed("{ echo a >&99; } 99>f; cat f; echo b 2>/dev/null >&99; echo $?"),
        "a\n2\n",
        "99"
    );
    assert_eq!(
        printed("exec 10>&1 11>&10; { echo c >&11; } 10>f; cat f"),
        "c\n",
        "10 and 11"
    );
}
