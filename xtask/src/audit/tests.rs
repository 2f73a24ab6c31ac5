//! The audit against what rustc really makes: tiny crates, each compiled as the grader compiles a learner's library.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// Compiles `source` to a library in `directory`.
fn compile(directory: &Path, source: &str) -> PathBuf {
    let file = directory.join("sample.rs");
    let library = directory.join("libsample.rlib");
    std::fs::write(&file, source).unwrap();
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(compiler)
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--crate-name",
            "sample",
        ])
        .args([
            "-C",
            "debuginfo=0",
            "-C",
            "codegen-units=4",
            "--cap-lints",
            "allow",
        ])
        .arg(&file)
        .arg("-o")
        .arg(&library)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    library
}

/// What the audit says about a library made of `source`, a line each.
fn lines(source: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let library = compile(directory.path(), source);
    inspect(&library)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// Each of `cases` is flagged, with a line that holds the words.
fn check(cases: &[(&str, &str)]) {
    for (words, source) in cases {
        let lines = lines(source);
        assert!(
            lines.iter().any(|line| line.contains(words)),
            "{words}: {lines:?}\n{source}"
        );
    }
}

#[test]
fn what_runs_before_and_after_main_is_found() {
    check(&[
        (
            "a constructor, which runs before main: section .init_array",
            "extern \"C\" fn f() {} #[used] #[unsafe(link_section = \".init_array\")] static F: extern \"C\" fn() = f;",
        ),
        (
            "section .init_array.00001",
            "extern \"C\" fn f() {} #[used] #[unsafe(link_section = \".init_array.00001\")] static F: extern \"C\" fn() = f;",
        ),
        (
            "section .preinit_array",
            "extern \"C\" fn f() {} #[used] #[unsafe(link_section = \".preinit_array\")] static F: extern \"C\" fn() = f;",
        ),
        (
            "section .ctors.65535",
            "extern \"C\" fn f() {} #[used] #[unsafe(link_section = \".ctors.65535\")] static F: extern \"C\" fn() = f;",
        ),
        (
            "a destructor, which runs after the verdict: section .fini_array",
            "extern \"C\" fn f() {} #[used] #[unsafe(link_section = \".fini_array\")] static F: extern \"C\" fn() = f;",
        ),
        (
            "before main: section .init",
            "core::arch::global_asm!(\".section .init, \\\"ax\\\"\", \"nop\", \".text\");",
        ),
        (
            "before main: section .data.table",
            "core::arch::global_asm!(\".section .data.table, \\\"aw\\\", @init_array\", \".quad 0\", \".text\");",
        ),
        (
            "an ifunc, whose resolver runs before main: symbol quick",
            "core::arch::global_asm!(\".type quick, @gnu_indirect_function\", \"quick: ret\");",
        ),
    ]);
}

#[test]
fn what_takes_the_place_of_another_symbol_is_found() {
    check(&[
        (
            "an unmangled symbol, which others would call in place of their own: exit",
            "#[unsafe(no_mangle)] pub extern \"C\" fn exit(_: i32) -> ! { loop {} }",
        ),
        (
            "in place of their own: malloc",
            "#[unsafe(export_name = \"malloc\")] pub extern \"C\" fn quick(_: usize) -> *mut u8 { core::ptr::null_mut() }",
        ),
        (
            "in place of their own: environ",
            "#[unsafe(no_mangle)] pub static mut environ: usize = 0;",
        ),
        (
            "in place of their own: clock_gettime",
            "core::arch::global_asm!(\".weak clock_gettime\", \"clock_gettime: ret\");",
        ),
        (
            "a symbol of unusual binding: only",
            "core::arch::global_asm!(\".data\", \".type only, @gnu_unique_object\", \"only: .quad 0\", \".text\");",
        ),
        (
            "in place of their own: buffer",
            "core::arch::global_asm!(\".comm buffer, 8, 8\");",
        ),
        (
            "a symbol that belongs to the tests or their harness: _ZN6phase7",
            "#[unsafe(export_name = \"_ZN6phase78evidence8complete17h0123456789abcdefE\")] pub fn complete() {}",
        ),
        (
            "a global allocator",
            "#[global_allocator] static A: std::alloc::System = std::alloc::System;",
        ),
    ]);
}

#[test]
fn sections_with_a_meaning_of_their_own_are_found() {
    check(&[
        (
            "a section that the compiler does not make of itself: attack",
            "#[used] #[unsafe(link_section = \"attack\")] static A: u8 = 1;",
        ),
        (
            "make of itself: .deplibs",
            "#[used] #[unsafe(link_section = \".deplibs\")] static A: [u8; 2] = *b\"m\\0\";",
        ),
        (
            "an executable stack",
            "core::arch::global_asm!(\".section .note.GNU-stack, \\\"x\\\", @progbits\", \".text\");",
        ),
        (
            "code that can be written to: section .text.soft",
            "core::arch::global_asm!(\".section .text.soft, \\\"awx\\\"\", \"nop\", \".text\");",
        ),
        (
            "a personality routine other than Rust's",
            "core::arch::global_asm!(\".section .data.DW.ref.rust_eh_personality, \\\"aw\\\"\", \".quad other\", \".text\", \"other: ret\");",
        ),
    ]);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_word_to_valgrind_is_found_wherever_it_stands() {
    let request = "core::arch::asm!(\"rol rdi, 3\", \"rol rdi, 13\", \"rol rdi, 61\", \"rol rdi, 51\", \"xchg rbx, rbx\", \
                   in(\"rax\") 0, inout(\"rdx\") 0 => _)";
    check(&[
        (
            "code that tells valgrind what to count: section .text.",
            &format!("pub fn stop() {{ unsafe {{ {request} }} }}"),
        ),
        (
            "code that tells valgrind what to count: section .text.",
            &format!(
                "pub fn generic<T>(t: T) -> T {{ unsafe {{ {request} }}; t }} pub fn user() -> u8 {{ generic(1) }}"
            ),
        ),
    ]);
}

#[test]
fn a_name_cannot_speak_to_the_terminal() {
    let lines = lines("#[used] #[unsafe(link_section = \"\\u{1b}[2J\\n::error::x\")] static A: u8 = 1;");
    assert!(
        lines.iter().all(|line| !line.contains(['\u{1b}', '\n'])) && !lines.is_empty(),
        "{lines:?}"
    );
}

#[test]
fn many_findings_are_counted_and_not_all_shown() {
    let functions: String = (0..99)
        .map(|index| format!("#[unsafe(no_mangle)] pub extern \"C\" fn f{index}() {{}}\n"))
        .collect();
    let lines = lines(&functions);
    assert_eq!(lines.len(), FINDINGS_MAX + 1);
    assert_eq!(lines[FINDINGS_MAX], "and more: 99 findings in all");
}

#[test]
fn what_a_brief_asks_for_is_clean() {
    for source in [
        "",
        "use std::collections::BTreeMap; pub fn words(text: &str) -> BTreeMap<String, Vec<usize>> { \
         let mut map = BTreeMap::<String, Vec<usize>>::new(); \
         for (at, word) in text.split(' ').enumerate() { map.entry(word.to_owned()).or_default().push(at) } \
         map.values_mut().for_each(|places| places.sort_by(|a, b| b.cmp(a))); map }",
        "use std::cell::{Cell, RefCell}; thread_local! { pub static A: Cell<u32> = const { Cell::new(1) }; \
         static B: RefCell<Vec<String>> = RefCell::new(vec![]); } pub fn f() { B.with(|b| b.borrow_mut().push(format!(\"{}\", A.get()))) }",
        "pub static S: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new()); \
         pub static mut M: [u8; 9000] = [0; 9000]; pub static T: [u16; 4] = [1, 2, 3, 4]; #[used] static U: u8 = 1; \
         pub static L: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| \"l\".into());",
        "use std::alloc::{GlobalAlloc, Layout, System}; pub struct Mine; \
         unsafe impl GlobalAlloc for Mine { unsafe fn alloc(&self, l: Layout) -> *mut u8 { unsafe { System.alloc(l) } } \
         unsafe fn dealloc(&self, p: *mut u8, l: Layout) { unsafe { System.dealloc(p, l) } } }",
        "pub extern \"C\" fn callback(n: i32) -> i32 { n } pub fn handed() -> extern \"C\" fn(i32) -> i32 { callback } \
         unsafe extern \"C\" { fn getpid() -> i32; } pub fn id() -> i32 { unsafe { getpid() } } \
         pub fn stamp() -> u64 { let n: u64; unsafe { core::arch::asm!(\"mov {}, 7\", out(reg) n) }; n }",
        "pub trait Shape { fn area(&self) -> f64; } pub struct Circle(pub f64); impl Shape for Circle { fn area(&self) -> f64 { self.0 } } \
         impl Drop for Circle { fn drop(&mut self) { println!(\"gone\") } } \
         pub fn all() -> Vec<Box<dyn Shape>> { vec![Box::new(Circle(1.0))] } \
         pub async fn later(n: u8) -> u8 { n } pub fn caught() -> bool { std::panic::catch_unwind(|| all().len()).is_ok() }",
    ] {
        assert_eq!(lines(source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn what_is_no_library_is_a_finding_and_what_is_no_file_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lib.rlib");
    std::fs::write(&path, "text").unwrap();
    assert_eq!(
        inspect(&path).unwrap()[0].to_string(),
        "a member that is no object file: the library itself"
    );
    std::fs::write(
        &path,
        "!<arch>\nnot.o/          0           0     0     644     4         `\ntext",
    )
    .unwrap();
    assert_eq!(
        inspect(&path).unwrap()[0].to_string(),
        "a member that is no object file: not.o"
    );
    let link = directory.path().join("link.rlib");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(inspect(&link).is_err());
    let pipe = directory.path().join("pipe.rlib");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(
        inspect(&pipe)
            .unwrap_err()
            .to_string()
            .contains("not a regular file")
    );
}
