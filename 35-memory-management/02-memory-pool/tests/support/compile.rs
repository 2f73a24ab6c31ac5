//! Small programs that use the pools and the heap, given to the compiler: some must run, some must not compile.
//!
//! A case is a file of `tests/ui`. It names the library `memory_pool`; where the reference is tested, the
//! library's name is another one, and a line at the end of the case says so.

use std::path::{Path, PathBuf};

/// Compiles the cases and runs the good ones.
///
/// The bad ones must fail with the messages that stand beside them in `.stderr` files. Those messages are about
/// the borrows of the case: nothing in them comes from inside the library.
#[track_caller]
pub fn check(good: &[&str], bad: &[&str]) {
    let cases = trybuild::TestCases::new();
    for name in good {
        cases.pass(case(name));
    }
    for name in bad {
        cases.compile_fail(case(name));
    }
}

/// A copy of the case, which the compiler may have, with the alias where one is needed.
fn case(name: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory());
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_PKG_NAME"));
    std::fs::create_dir_all(&to).expect("cargo made the directory above for tests to write in");

    let read = |file: &Path| std::fs::read_to_string(file).expect("the course has this case");
    let mut source = read(&from.join(name).with_extension("rs"));
    if is_reference() {
        source.push_str("\nextern crate memory_pool_solution as memory_pool;\n");
    }
    let copy = to.join(name).with_extension("rs");
    std::fs::write(&copy, source).expect("the directory can be written");
    let messages = from.join(name).with_extension("stderr");
    if messages.exists() {
        std::fs::write(copy.with_extension("stderr"), read(&messages)).expect("the directory can be written");
    }
    copy
}

/// Where the cases are, seen from the package.
fn directory() -> &'static str {
    if is_reference() { "../tests/ui" } else { "tests/ui" }
}

fn is_reference() -> bool {
    env!("CARGO_PKG_NAME").ends_with("-solution")
}
