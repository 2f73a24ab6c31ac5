//! The open tests, in the order in which a shell grows: patterns and arithmetic alone, the parser, then scripts from the
//! first word to job control.

use std::collections::HashMap;

use phase7::Scratch;
use shell::arithmetic::{Variables, evaluate};
use shell::ast::{Command, Compound, Connector, Name, Operation, Part, Target};
use shell::parser::{SyntaxErrorKind, parse};
use shell::pattern;

#[path = "support/mod.rs"]
mod support;

use support::{Session, check_scripts, printed, run, shell as program};

/// Variables in a map.
#[derive(Default)]
struct Map(HashMap<Vec<u8>, i64>);

impl Variables for Map {
    fn value(&mut self, name: &[u8]) -> Result<i64, String> {
        Ok(self.0.get(name).copied().unwrap_or(0))
    }

    fn assign(&mut self, name: &[u8], value: i64) -> Result<(), String> {
        self.0.insert(name.to_vec(), value);
        Ok(())
    }
}

/// `*` matches anything, `?` one byte, the rest itself.
#[phase7::test(points = 1, rule = 12)]
fn a_pattern_matches_a_whole_text() {
    for (pattern, text, expected) in [
        ("abc", "abc", true),
        ("abc", "abcd", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*", "", true),
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*c*e", "abcde", true),
        ("a*d", "abc", false),
        ("[abc]x", "bx", true),
        ("[a-c]x", "dx", false),
        ("[!a-c]x", "dx", true),
        ("\\*", "*", true),
        ("\\*", "a", false),
    ] {
        let matches = pattern::matches(pattern.as_bytes(), text.as_bytes());
        assert_eq!(matches, expected, "whether {pattern} matches {text:?}");
    }
}

/// Operators bind as in C.
#[phase7::test(points = 1, rule = 9)]
fn an_expression_has_a_value() {
    for (expression, expected) in [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("7 / 2", 3),
        ("-7 % 3", -1),
        ("1 << 4 | 1", 17),
        ("3 > 2 && 2 > 3", 0),
        ("1 ? 2 : 3", 2),
        ("0x10 + 010", 24),
        ("~0", -1),
        ("!5", 0),
        ("", 0),
    ] {
        let value = evaluate(expression.as_bytes(), &mut Map::default());
        assert_eq!(value, Ok(expected), "the value of {expression:?}");
    }
}

/// A name is a variable, and can be assigned to.
#[phase7::test(points = 1, rule = 9)]
fn an_expression_sets_variables() {
    let mut variables = Map::default();
    assert_eq!(evaluate(b"x = 5", &mut variables), Ok(5), "an assignment");
    assert_eq!(evaluate(b"x += y = 2", &mut variables), Ok(7), "two of them");
    assert_eq!(
        evaluate(b"x * 2", &mut variables),
        Ok(14),
        "the variable afterwards"
    );
    assert!(evaluate(b"1 / 0", &mut variables).is_err(), "a division by zero");
    assert!(evaluate(b"1 +", &mut variables).is_err(), "an operand is missing");
}

/// Text that quoting made.
fn quoted(text: &[u8]) -> Part {
    Part::Quoted(text.into())
}

/// Words keep their quoting as parts.
#[phase7::test(points = 2, rule = 1)]
fn a_word_is_made_of_parts() {
    let list = parse(b"echo a'b'\"c$x\"\\d\n").expect("the script is right");
    let Command::Simple(simple) = &list.items[0].first.commands[0] else {
        panic!("a simple command, not {list:?}");
    };
    assert_eq!(simple.words.len(), 2, "words");
    let parts = &simple.words[1].parts;
    assert_eq!(parts[0], Part::Literal(b"a".as_slice().into()), "the first part");
    assert_eq!(parts[1], quoted(b"b"), "the second part");
    let Part::DoubleQuoted(inside) = &parts[2] else {
        panic!("double quotes, not {:?}", parts[2]);
    };
    assert_eq!(inside[0], quoted(b"c"), "text in double quotes");
    let Part::Parameter(parameter) = &inside[1] else {
        panic!("a parameter, not {:?}", inside[1]);
    };
    assert_eq!(parameter.name, Name::Variable(b"x".to_vec()), "the parameter");
    assert_eq!(parameter.operation, Operation::Value, "what is done with it");
    assert_eq!(parts[3], quoted(b"d"), "the last part");
}

/// Lists, and-or lists and pipelines.
#[phase7::test(points = 2, rule = 3)]
fn commands_are_joined_by_operators() {
    let list = parse(b"a | b && c || ! d &\ne; f\n").expect("the script is right");
    assert_eq!(list.items.len(), 3, "and-or lists");
    let first = &list.items[0];
    assert!(first.background, "the first ends with &");
    assert_eq!(first.first.commands.len(), 2, "commands in the first pipeline");
    let connectors: Vec<Connector> = first.rest.iter().map(|(connector, _)| *connector).collect();
    assert_eq!(connectors, [Connector::And, Connector::Or], "its operators");
    assert!(first.rest[1].1.negated, "the last pipeline is negated");
    assert!(!list.items[1].background, "the second ends with ;");
}

/// Compound commands carry their redirections.
#[phase7::test(points = 2, rule = 3)]
fn compound_commands_nest() {
    let script = b"if a; then while b; do c; done >f; elif d; then (e); else { f; }; fi 2>&1\n";
    let list = parse(script).expect("the script is right");
    let Command::Compound(Compound::If { branches, otherwise }, redirections) =
        &list.items[0].first.commands[0]
    else {
        panic!("an if, not {list:?}");
    };
    assert_eq!(branches.len(), 2, "branches");
    assert!(otherwise.is_some(), "there is an else");
    assert_eq!(redirections.len(), 1, "redirections behind fi");
    assert_eq!(redirections[0].descriptor, 2, "the descriptor");
    assert!(
        matches!(redirections[0].target, Target::Duplicate(_)),
        "what it becomes"
    );
    let Command::Compound(Compound::Loop { until: false, .. }, redirections) =
        &branches[0].1.items[0].first.commands[0]
    else {
        panic!("a while in the first branch");
    };
    assert_eq!(redirections.len(), 1, "redirections behind done");
}

/// A mistake has a line, and what is incomplete is not the same as what is wrong.
#[phase7::test(points = 1, rule = 4)]
fn a_mistake_in_the_syntax_is_told() {
    let error = parse(b"a\nb; )\n").expect_err("it is wrong");
    assert_eq!(error.line, 2, "the line");
    assert!(
        matches!(error.kind, SyntaxErrorKind::Unexpected { .. }),
        "{error}"
    );
    for script in ["echo 'a", "echo \"a", "if a", "$(a", "{ a", "${x"] {
        let error = parse(script.as_bytes()).expect_err("it is not complete");
        let is_open = match &error.kind {
            SyntaxErrorKind::Incomplete(_) => true,
            SyntaxErrorKind::Unexpected { found, .. } => found == "end of file",
            _ => false,
        };
        assert!(is_open, "{script:?} ends too early: {error}");
    }
}

/// The first command.
#[phase7::test(points = 1, rule = 16)]
fn a_command_runs() {
    assert_eq!(printed("echo hello"), "hello\n");
    assert_eq!(printed("cat /dev/null; sh -c 'echo program'"), "program\n");
    assert_eq!(run("exit 3").code(), 3, "the status of exit 3");
}

/// With `-c` the words behind it are `$0` and the parameters.
#[phase7::test(points = 1, rule = 5)]
fn commands_come_from_an_argument_a_file_or_standard_input() {
    let scratch = Scratch::new();
    let output = program(&scratch)
        .args(["-c", "echo $0 $1 $#", "name", "a", "b"])
        .stdin("")
        .run();
    assert_eq!(output.expect_code(0).stdout(), "name a 2\n", "with -c");
    scratch.write("work/file", "echo $0 $1 $#\n");
    let output = program(&scratch).args(["file", "x"]).stdin("").run();
    assert_eq!(output.expect_code(0).stdout(), "file x 1\n", "from a file");
    let output = program(&scratch).stdin("echo input $#\n").run();
    assert_eq!(output.expect_code(0).stdout(), "input 0\n", "from standard input");
    let output = program(&scratch).args(["-s", "a", "b"]).stdin("echo $2\n").run();
    assert_eq!(
        output.expect_code(0).stdout(),
        "b\n",
        "from standard input with -s"
    );
    let output = program(&scratch).arg("missing").stdin("").run();
    assert_eq!(output.code(), 127, "the status without the file");
}

/// Words and quotes.
#[phase7::test(points = 2, rule = 1, timeout_s = 60)]
fn words_and_quotes() {
    check_scripts(include_str!("scripts/words.sh"));
}

/// Lists and pipelines.
#[phase7::test(points = 2, rule = 18, timeout_s = 60)]
fn lists_and_pipelines() {
    check_scripts(include_str!("scripts/lists.sh"));
}

/// Parameters and `${…}`.
#[phase7::test(points = 2, rule = 6, timeout_s = 60)]
fn parameters() {
    check_scripts(include_str!("scripts/parameters.sh"));
}

/// `$(…)` and backquotes.
#[phase7::test(points = 2, rule = 8, timeout_s = 60)]
fn command_substitution() {
    check_scripts(include_str!("scripts/substitution.sh"));
}

/// `$((…))`
#[phase7::test(points = 1, rule = 9, timeout_s = 60)]
fn arithmetic_expansion() {
    check_scripts(include_str!("scripts/arithmetic.sh"));
}

/// Splitting, patterns of file names, tildes.
#[phase7::test(points = 2, rule = 10, timeout_s = 60)]
fn fields_and_file_names() {
    check_scripts(include_str!("scripts/fields.sh"));
}

/// Redirections and here-documents.
#[phase7::test(points = 2, rule = 14, timeout_s = 60)]
fn redirections_and_documents() {
    check_scripts(include_str!("scripts/redirections.sh"));
}

/// `if`, loops, `case`.
#[phase7::test(points = 2, rule = 20, timeout_s = 60)]
fn compound_commands() {
    check_scripts(include_str!("scripts/compound.sh"));
}

/// Functions.
#[phase7::test(points = 2, rule = 21, timeout_s = 60)]
fn functions() {
    check_scripts(include_str!("scripts/functions.sh"));
}

/// Built-in commands.
#[phase7::test(points = 2, rule = 25, timeout_s = 60)]
fn built_in_commands() {
    check_scripts(include_str!("scripts/builtins.sh"));
}

/// Options and traps.
#[phase7::test(points = 2, rule = 24, timeout_s = 60)]
fn options_and_traps() {
    check_scripts(include_str!("scripts/options.sh"));
}

/// A message is one line, with the shell's name, on standard error.
#[phase7::test(points = 1, rule = 22)]
fn an_error_is_told_in_one_line() {
    let output = run("echo before; nothing-here; echo $?");
    assert_eq!(output.stdout(), "before\n127\n", "the output");
    let errors = output.stderr();
    assert_eq!(errors.lines().count(), 1, "lines of {errors:?}");
    assert!(
        errors.starts_with("shell: ") && errors.contains("nothing-here"),
        "{errors:?}"
    );
}

/// A prompt, a command, the end.
#[phase7::test(points = 2, rule = 33, timeout_s = 30)]
fn a_person_types_commands() {
    let mut session = Session::start();
    session.run("echo one two | tr a-z A-Z");
    session.terminal.wait_for("ONE TWO");
    session.type_line("for i in a b");
    session.terminal.wait_for("more> ");
    session.type_line("do echo \"<$i>\"; done");
    session.terminal.wait_for("<b>");
    session.type_line("exit 7");
    assert_eq!(session.terminal.wait(), 7, "the status of the shell");
}

/// Ctrl-C ends what runs, and not the shell.
#[phase7::test(points = 2, rule = 28, needs = "/proc", timeout_s = 30)]
fn control_c_ends_the_job_and_not_the_shell() {
    let mut session = Session::start();
    session.type_line("cat");
    session.until_foreground_job();
    session.terminal.type_keys("\x03");
    session.until_foreground_shell();
    session.run("echo status $?");
    session.terminal.wait_for("status 130");
}

/// Ctrl-Z stops what runs; `fg` goes on with it.
#[phase7::test(points = 2, rule = 29, needs = "/proc", timeout_s = 30)]
fn control_z_stops_a_job_and_fg_goes_on() {
    let mut session = Session::start();
    session.type_line("cat >copy");
    session.until_foreground_job();
    session.terminal.type_keys("\x1a");
    session.terminal.wait_for("Stopped");
    session.until_foreground_shell();
    session.run("jobs");
    session.terminal.wait_for("cat >copy");
    session.type_line("fg");
    session.until_foreground_job();
    session.terminal.type_keys("typed text\n\x04");
    assert_eq!(session.until_line("copy"), "typed text", "what the job read");
    session.until_foreground_shell();
    session.run("echo status $?");
    session.terminal.wait_for("status 0");
}
