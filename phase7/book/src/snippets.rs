//! The Rust in the book compiles: every ```` ```rust ```` block of a page, unless it is marked `ignore`.
//!
//! The blocks are items against the standard library alone. A line that starts with `# ` is compiled and not shown,
//! as mdBook has it. All blocks become the modules of one crate, so that one compilation serves the whole book.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The blocks of a page that shall compile, each with the line where it starts.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if info.as_ref() == "rust" => {
                block = Some((text[..range.start].matches('\n').count() + 2, String::new()));
            }
            Event::Text(code) => {
                if let Some((_, body)) = &mut block {
                    body.push_str(&code);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            _ => {}
        }
    }
    blocks
}

/// A block as a module that is named after its page and `line`, so that an error leads there.
fn module(page: &str, line: usize, code: &str) -> String {
    let name: String = page
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    let mut module = format!("mod {name}_line_{line} {{\n");
    for text in code.lines() {
        let shown = text
            .strip_prefix("# ")
            .unwrap_or(if text == "#" { "" } else { text });
        let _ = writeln!(module, "{shown}");
    }
    module + "}\n"
}

#[test]
fn every_snippet_compiles() {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("text");
    let mut source = "#![allow(dead_code, unused)]\n#![deny(unsafe_op_in_unsafe_fn)]\n".to_owned();
    let mut count = 0;
    for entry in std::fs::read_dir(&text).expect("the text can be read") {
        let path = entry.expect("the text can be read").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let page = path.file_stem().expect("a file has a name").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("a page can be read");
            for (line, code) in blocks(&text) {
                source += &module(&page, line, &code);
                count += 1;
            }
        }
    }
    assert!(count > 0, "the book has snippets");
    compile(&source).unwrap_or_else(|errors| panic!("{errors}"));
}

/// Compiles `source` as a library; what the compiler says when it does not.
fn compile(source: &str) -> Result<(), String> {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let file = directory.path().join("book.rs");
    std::fs::write(&file, source).expect("it can be written");
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .arg("--out-dir")
        .arg(directory.path())
        .arg(&file)
        .output()
        .expect("the compiler can be started");
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn blocks_are_found_with_their_lines_and_ignored_ones_are_not() {
    let text = "# A\n\n```rust\nfn a() {}\n```\n\n```rust,ignore\nfn b() {}\n```\n\n```text\nc\n```\n";
    assert_eq!(blocks(text), [(4, "fn a() {}\n".to_owned())]);
}

#[test]
fn a_block_that_does_not_compile_is_told_by_page_and_line() {
    let source = module(
        "cli-tools",
        12,
        "# use std::io;\nfn a() -> io::Result<u8> { Ok(\"a\") }\n",
    );
    let errors = compile(&source).expect_err("a string is no number");
    assert!(errors.contains("mismatched types"), "{errors}");
    assert!(source.contains("mod cli_tools_line_12 {"), "{source}");
}
