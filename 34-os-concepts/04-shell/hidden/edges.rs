//! The pure parts with what is huge, deep or malformed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use shell::arithmetic::{Variables, evaluate};
use shell::ast::{Command, Part, Target};
use shell::complete::{Names, complete};
use shell::parser::{Aliases, DEPTH_MAX, Parser, SyntaxErrorKind, WholeText, parse, parse_document};
use shell::pattern;

use phase7::Scratch;

/// Variables that must not be touched.
struct Untouched;

impl Variables for Untouched {
    fn value(&mut self, name: &[u8]) -> Result<i64, String> {
        panic!("{} is asked for", String::from_utf8_lossy(name));
    }

    fn assign(&mut self, name: &[u8], value: i64) -> Result<(), String> {
        panic!("{} is set to {value}", String::from_utf8_lossy(name));
    }
}

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

/// A pattern with many stars is still quick: its time is a product, not a power.
#[phase7::test(points = 2, rule = 12, timeout_s = 20)]
fn many_stars_take_no_power_of_time() {
    let text = vec![b'a'; 3000];
    let pattern = [b"*a".repeat(300), b"b".to_vec()].concat();
    let started = Instant::now();
    assert!(!pattern::matches(&pattern, &text), "there is no b");
    assert!(
        pattern::matches(&b"*a".repeat(300), &text),
        "without the b it matches"
    );
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
}

/// Brackets with everything that may be in them.
#[phase7::test(points = 2, rule = 12)]
fn brackets_have_their_own_rules() {
    for (pattern, text, expected) in [
        ("[]a]", "]", true),
        ("[!]a]", "]", false),
        ("[a-]", "-", true),
        ("[-a]", "-", true),
        ("[a\\-c]", "b", false),
        ("[a\\-c]", "-", true),
        ("[[:alpha:]_]", "_", true),
        ("[[:alpha:]_]", "x", true),
        ("[[:digit:][:upper:]]", "x", false),
        ("[^a]", "b", true),
        ("[\\]]", "]", true),
        ("[", "[", true),
        ("[a", "[a", true),
        ("a[", "a[", true),
        ("[z-a]", "m", false),
        ("[*]", "*", true),
        ("[*]", "x", false),
        ("[!a]*", "", false),
        ("\\[a]", "[a]", true),
        ("**", "", true),
        ("?*?", "a", false),
    ] {
        let matches = pattern::matches(pattern.as_bytes(), text.as_bytes());
        assert_eq!(matches, expected, "whether {pattern} matches {text:?}");
    }
}

/// What `&&`, `||` and `?:` leave out is not evaluated.
#[phase7::test(points = 2, rule = 9)]
fn what_is_left_out_touches_nothing() {
    for (expression, expected) in [
        ("0 && x", 0),
        ("0 && (x = 1)", 0),
        ("1 || x++0", 1),
        ("1 || x / 0", 1),
        ("1 ? 2 : x", 2),
        ("0 ? x : 3", 3),
        ("0 ? x = 1 : 3", 3),
        ("0 && 1 / 0", 0),
        ("0 ? 1 ? x : y : 7", 7),
    ] {
        let expression = expression.replace("x++0", "x + 0");
        let value = evaluate(expression.as_bytes(), &mut Untouched);
        assert_eq!(value, Ok(expected), "the value of {expression:?}");
    }
}

/// Numbers wrap around, and nothing overflows.
#[phase7::test(points = 2, rule = 9)]
fn the_largest_numbers_do_not_end_the_shell() {
    for (expression, expected) in [
        ("9223372036854775807 + 1", i64::MIN),
        ("(-9223372036854775807 - 1) / -1", i64::MIN),
        ("(-9223372036854775807 - 1) % -1", 0),
        ("-(-9223372036854775807 - 1)", i64::MIN),
        ("9223372036854775807 * 2", -2),
        ("1 << 63", i64::MIN),
        ("0x7fffffffffffffff", i64::MAX),
        ("1 ? 2, 3 : 4", -1),
    ] {
        if expression.contains(',') {
            assert!(
                evaluate(expression.as_bytes(), &mut Map::default()).is_err(),
                "{expression:?}"
            );
            continue;
        }
        let value = evaluate(expression.as_bytes(), &mut Map::default());
        assert_eq!(value, Ok(expected), "the value of {expression:?}");
    }
    for expression in [
        "1 +", "(1", "1)", "08", "0x", "1 2", "= 1", "1 = 2", "x y", "@", "1 ? 2", "1a",
    ] {
        let value = evaluate(expression.as_bytes(), &mut Map::default());
        assert!(value.is_err(), "{expression:?} is {value:?}");
    }
}

/// However deep something nests, the answer is an error and not a crash.
#[phase7::test(points = 3, rule = 26, timeout_s = 60)]
fn what_nests_too_deep_is_an_error() {
    // As much stack as a program has; a test's thread may have less.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(nest);
    thread
        .expect("a thread can be made")
        .join()
        .expect("every answer was right");
}

fn nest() {
    let count = 200_000;
    for (open, what) in [
        ("(", "subshells"),
        ("{ ", "groups"),
        ("if ", "conditions"),
        ("$(", "substitutions"),
        ("\"$(", "quoted substitutions"),
        ("${x-", "parameters"),
        ("while ", "loops"),
        ("case x in x) ", "cases"),
        ("f() { ", "functions"),
    ] {
        let error = parse(open.repeat(count).as_bytes()).expect_err(what);
        assert_eq!(error.kind, SyntaxErrorKind::TooDeep, "{what}, {count} deep");
    }
    for open in ["(", "-", "!", "1 ? (", "x = "] {
        let value = evaluate(open.repeat(count).as_bytes(), &mut Map::default());
        assert!(value.is_err(), "{open:?} {count} times is {value:?}");
    }
    let nested = ["(".repeat(50), "a".into(), ")".repeat(50)].concat();
    assert!(
        DEPTH_MAX >= 100 && parse(nested.as_bytes()).is_ok(),
        "fifty levels are no trouble"
    );
}

/// Text in which nothing is expanded.
fn quoted(text: &[u8]) -> Part {
    Part::Quoted(text.into())
}

/// A document's body is read behind the line, in order, and its delimiter says whether it is expanded.
#[phase7::test(points = 2, rule = 15)]
fn documents_are_read_behind_their_line() {
    let list =
        parse(b"a <<X <<'Y' | b <<-Z\none $x\nX\ntwo $x\nY\n\t\tthree\n\tZ\nc\n").expect("it is right");
    assert_eq!(list.items.len(), 2, "commands");
    let commands = &list.items[0].first.commands;
    let body = |command: usize, redirection: usize| {
        let Command::Simple(simple) = &commands[command] else {
            panic!("a simple command");
        };
        let Target::HereDocument(body) = &simple.redirections[redirection].target else {
            panic!("a document");
        };
        body.get().expect("it has been read").parts.clone()
    };
    let first = body(0, 0);
    assert_eq!(first[0], quoted(b"one "), "text of the first");
    assert!(matches!(first[1], Part::Parameter(_)), "the first is expanded");
    assert_eq!(body(0, 1).as_slice(), [quoted(b"two $x\n")], "the second is not");
    assert_eq!(
        body(1, 0).as_slice(),
        [quoted(b"three\n")],
        "the third has lost its tabs"
    );
    let quotes = parse_document(b"\"$x\" 'y'").expect("it is right");
    assert_eq!(quotes.parts[0], quoted(b"\""), "quotes are text there");
}

/// An alias is text in front of the parser, and never replaces itself.
#[phase7::test(points = 2, rule = 2)]
fn an_alias_is_replaced_where_a_command_begins() {
    let aliases = Aliases::default();
    for (name, text) in [
        ("ll", "ls -l "),
        ("self", "self b"),
        ("one", "two x"),
        ("two", "one y"),
        ("both", "echo 1; echo 2"),
        ("if", "no"),
    ] {
        aliases.borrow_mut().insert(name.into(), text.into());
    }
    for (script, expected) in [
        ("ll x", "ls -l x"),
        ("ll ll x", "ls -l ls -l x"),
        ("ll x ll", "ls -l x ll"),
        ("echo ll", "echo ll"),
        ("self a", "self b a"),
        ("one", "one y x"),
        ("v=1 ll", "ls -l"),
        ("ll;", "ls -l"),
        ("llx", "llx"),
        ("both", "echo 1"),
    ] {
        let mut input = WholeText(Some(script.into()));
        let list = Parser::new(&mut input, aliases.clone()).next_command();
        let list = list.expect("it is right").expect("it is a command");
        let Command::Simple(simple) = &list.items[0].first.commands[0] else {
            panic!("a simple command, not {list:?}");
        };
        let words: Vec<String> = simple.words.iter().map(|word| text_of(&word.parts)).collect();
        assert_eq!(words.join(" "), expected, "what {script:?} becomes");
    }
    for script in ["'ll' x", "\\ll x", "\"ll\" x"] {
        let mut input = WholeText(Some(script.into()));
        let list = Parser::new(&mut input, aliases.clone()).next_command();
        let list = list.expect("it is right").expect("it is a command");
        let Command::Simple(simple) = &list.items[0].first.commands[0] else {
            panic!("a simple command, not {list:?}");
        };
        assert_eq!(simple.words.len(), 2, "words of {script:?}, which is no alias");
    }
    let list = parse(b"a 2>f 3 >g x4>h").expect("it is right");
    let Command::Simple(simple) = &list.items[0].first.commands[0] else {
        panic!("a simple command, not {list:?}");
    };
    let descriptors: Vec<i32> = simple
        .redirections
        .iter()
        .map(|redirection| redirection.descriptor)
        .collect();
    assert_eq!(descriptors, [2, 1, 1], "descriptors");
    assert_eq!(simple.words.len(), 3, "words beside them");
}

/// The text of literal parts.
fn text_of(parts: &[Part]) -> String {
    let texts = parts.iter().map(|part| match part {
        Part::Literal(text) => String::from_utf8_lossy(text).into_owned(),
        other => panic!("a literal, not {other:?}"),
    });
    texts.collect()
}

/// Lines are counted through quotes, documents and continued lines.
#[phase7::test(points = 1, rule = 4)]
fn mistakes_are_on_their_line() {
    for (script, line) in [
        ("a\n\n\n)", 4),
        ("a 'b\nc'\n)", 3),
        ("a \\\nb\n)", 3),
        ("a <<X\none\ntwo\nX\n)", 5),
        ("# comment\n)", 2),
        ("if a; then\nb\n)", 3),
    ] {
        let error = parse(script.as_bytes()).expect_err("it is wrong");
        assert_eq!(error.line, line, "the line of the mistake in {script:?}");
    }
    for script in ["${x!}", "${}", "${x:y}", "${1x}"] {
        let error = parse(script.as_bytes()).expect_err("it is wrong");
        assert_eq!(error.kind, SyntaxErrorKind::BadSubstitution, "{script}");
    }
}

/// Any bytes at all: the parser answers.
#[phase7::test(points = 2, rule = 4, timeout_s = 60)]
fn any_bytes_are_parsed_or_refused() {
    let alphabet = b"a1 \n\t'\"\\$`(){}[]<>&|;#=*?~!-+%:ifdoneswhlrtcp\x00\xff";
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..20_000 {
        let mut script = Vec::new();
        for _ in 0..24 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            script.push(alphabet[usize::try_from(state % alphabet.len() as u64).expect("small")]);
        }
        // Whether it is right does not matter; that there is an answer does.
        let _ = parse(&script);
        let _ = parse_document(&script);
        let _ = evaluate(&script, &mut Map::default());
        let _ = pattern::matches(&script, &script);
    }
}

/// Completion: commands first in a command, paths behind, variables behind a dollar.
#[phase7::test(points = 2, rule = 34)]
fn a_word_is_completed_by_its_place() {
    let scratch = Scratch::new();
    scratch.write("bin/mytool", "");
    scratch.write("bin/mynote", "");
    for (name, mode) in [("bin/mytool", 0o755), ("bin/mynote", 0o644)] {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(scratch.join(name), permissions).expect("modes can be set");
    }
    scratch.write("sub/one file", "");
    scratch.write("sub/other", "");
    scratch.write("sub/.hidden", "");
    let text = |text: &str| text.as_bytes().to_vec();
    let path = scratch.join("bin").to_string_lossy().into_owned();
    let names = Names::new(
        [text("echo"), text("exit")].into_iter(),
        [text("mine")].into_iter(),
        [text("HOME"), text("HISTFILE")].into_iter(),
        path.as_bytes(),
        b"/home/me",
    );
    let directory = scratch.join("sub").to_string_lossy().into_owned();
    for (line, expected) in [
        ("e", vec!["echo", "exit"]),
        ("my", vec!["mytool"]),
        ("true; mi", vec!["mine"]),
        ("true | (my", vec!["mytool"]),
        ("if my", vec!["mytool"]),
        ("echo $H", vec!["HISTFILE", "HOME"]),
        ("nothing-like-it", vec![]),
    ] {
        assert_eq!(
            complete(line, &names).candidates,
            expected,
            "completions of {line:?}"
        );
    }
    let completion = complete(&format!("cat {directory}/o"), &names);
    let expected = [format!("{directory}/one\\ file"), format!("{directory}/other")];
    assert_eq!(completion.candidates, expected, "paths");
    assert_eq!(completion.start, 4, "where they go");
    let completion = complete(&format!("cat {directory}/one\\ f"), &names);
    assert_eq!(
        completion.candidates,
        expected[..1],
        "a quoted blank is part of the word"
    );
    let parent = scratch.path().to_string_lossy().into_owned();
    let completion = complete(&format!("cat {parent}/su"), &names);
    assert_eq!(
        completion.candidates,
        [format!("{parent}/sub/")],
        "a directory has its slash"
    );
}
