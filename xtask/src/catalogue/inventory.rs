//! The pinned inventory: which tests an exercise has, what each is worth, and which rule it checks.
//!
//! Read from the pristine sources, never from a binary that a learner's code is part of. A test file is parsed
//! with its `mod` declarations followed, and every function that carries `#[phase7::test(…)]` or
//! `#[phase7::wire]` is taken, named as libtest names it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::{Attribute, Expr, Item, ItemFn, ItemMod, Lit, Meta, Token, punctuated::Punctuated};

/// Wall-clock seconds of a test that does not say, and of a wire.
const TIMEOUT_S: u64 = 10;

/// Where a test stands and what it is for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In `tests/open.rs`: the learner has it.
    Open,
    /// In `hidden/hidden.rs`: the instructor has it.
    Hidden,
    /// In `hidden/hidden.rs`, and must fail.
    Wire,
}

impl Kind {
    /// The Cargo test target that holds tests of this kind.
    pub fn target(self) -> &'static str {
        match self {
            Kind::Open => "open",
            Kind::Hidden | Kind::Wire => "hidden",
        }
    }
}

/// One test of an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Open, hidden or wire.
    pub kind: Kind,
    /// The name that libtest lists: module path below the crate, then the function.
    pub name: String,
    /// What it is worth; 0 for a wire.
    pub points: u32,
    /// The rule of the brief that it checks; 0 for a wire.
    pub rule: u32,
    /// Wall-clock seconds that it may take.
    pub timeout_s: u64,
    /// Tools that it cannot run without.
    pub needs: Vec<String>,
    /// The first paragraph of its doc comment.
    pub doc: String,
    /// The file it stands in, relative to the exercise, and the line.
    pub file: PathBuf,
    /// See [`Test::file`].
    pub line: usize,
}

impl Test {
    /// The name with its target in front: `hidden::frames::cut_anywhere`.
    pub fn full_name(&self) -> String {
        format!("{}::{}", self.kind.target(), self.name)
    }
}

/// All tests of the exercise in `directory`. A learner's copy has no hidden ones.
///
/// # Errors
/// When a test file cannot be read or parsed, or a test is declared wrongly; the message names file and line.
pub fn load(directory: &Path) -> Result<Vec<Test>> {
    let mut tests = Vec::new();
    for (target, file) in [("open", "tests/open.rs"), ("hidden", "hidden/hidden.rs")] {
        let path = directory.join(file);
        if target == "hidden" && !path.exists() {
            continue;
        }
        let mut reader = Reader {
            exercise: directory,
            target,
            tests: &mut tests,
        };
        reader.file(&path, &mut Vec::new(), true)?;
    }
    let mut seen = std::collections::BTreeSet::new();
    for test in &tests {
        if !seen.insert(test.full_name()) {
            bail!("{} is declared twice", test.full_name());
        }
    }
    Ok(tests)
}

/// Walks the items of one test target.
struct Reader<'a> {
    exercise: &'a Path,
    target: &'static str,
    tests: &'a mut Vec<Test>,
}

impl Reader<'_> {
    /// Reads one file; `owns_directory` as for `mod.rs` and crate roots, whose modules stand beside them.
    fn file(&mut self, path: &Path, modules: &mut Vec<String>, owns_directory: bool) -> Result<()> {
        let text = super::read(path)?;
        let file = syn::parse_file(&text).map_err(|error| {
            let start = error.span().start();
            anyhow::anyhow!("{}:{}: {error}", path.display(), start.line)
        })?;
        let parent = path.parent().context("a test file stands in a directory")?;
        let base = if owns_directory {
            parent.to_owned()
        } else {
            parent.join(path.file_stem().unwrap_or_default())
        };
        self.items(&file.items, path, &base, modules)
    }

    fn items(&mut self, items: &[Item], path: &Path, base: &Path, modules: &mut Vec<String>) -> Result<()> {
        for item in items {
            match item {
                Item::Fn(function) => self.function(function, path, modules)?,
                Item::Mod(module) => self.module(module, path, base, modules)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn module(
        &mut self,
        module: &ItemMod,
        path: &Path,
        base: &Path,
        modules: &mut Vec<String>,
    ) -> Result<()> {
        let name = module.ident.to_string();
        modules.push(name.clone());
        match &module.content {
            Some((_, items)) => self.items(items, path, &base.join(&name), modules)?,
            None => {
                let (file, owns_directory) = match path_attribute(&module.attrs) {
                    Some(relative) => (path.parent().unwrap_or(base).join(relative), true),
                    None if base.join(&name).join("mod.rs").exists() => {
                        (base.join(&name).join("mod.rs"), true)
                    }
                    None => (base.join(format!("{name}.rs")), false),
                };
                self.file(&file, modules, owns_directory)?;
            }
        }
        modules.pop();
        Ok(())
    }

    fn function(&mut self, function: &ItemFn, path: &Path, modules: &[String]) -> Result<()> {
        for attribute in &function.attrs {
            let is = |name: &str| {
                let segments: Vec<_> = attribute
                    .path()
                    .segments
                    .iter()
                    .map(|part| part.ident.to_string())
                    .collect();
                segments == ["phase7", name]
            };
            let line = function.sig.ident.span().start().line;
            let place = || format!("{}:{line}: {}", path.display(), function.sig.ident);
            if is("wire") && self.target == "open" {
                bail!("{}: a wire is hidden, or it is no wire", place());
            }
            if !is("test") && !is("wire") {
                continue;
            }
            let name = modules
                .iter()
                .cloned()
                .chain([function.sig.ident.to_string()])
                .collect::<Vec<_>>()
                .join("::");
            let mut test = Test {
                kind: if is("wire") {
                    Kind::Wire
                } else if self.target == "open" {
                    Kind::Open
                } else {
                    Kind::Hidden
                },
                name,
                points: 0,
                rule: 0,
                timeout_s: TIMEOUT_S,
                needs: Vec::new(),
                doc: doc(&function.attrs),
                file: path.strip_prefix(self.exercise).unwrap_or(path).to_owned(),
                line,
            };
            if is("test") {
                read_arguments(attribute, &mut test).with_context(place)?;
            }
            self.tests.push(test);
        }
        Ok(())
    }
}

/// Fills in what `#[phase7::test(…)]` says.
fn read_arguments(attribute: &Attribute, test: &mut Test) -> Result<()> {
    let arguments = attribute
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .map_err(|error| anyhow::anyhow!("cannot read the attribute: {error}"))?;
    for argument in arguments {
        let Meta::NameValue(pair) = argument else {
            bail!("arguments are `name = value`")
        };
        let Expr::Lit(value) = &pair.value else {
            bail!("values are literals")
        };
        match (
            pair.path
                .require_ident()
                .map(ToString::to_string)
                .unwrap_or_default()
                .as_str(),
            &value.lit,
        ) {
            ("points", Lit::Int(value)) => test.points = value.base10_parse()?,
            ("rule", Lit::Int(value)) => test.rule = value.base10_parse()?,
            ("timeout_s", Lit::Int(value)) => test.timeout_s = value.base10_parse()?,
            ("needs", Lit::Str(value)) => {
                test.needs = value
                    .value()
                    .split(',')
                    .map(|tool| tool.trim().to_owned())
                    .collect();
            }
            (name, _) => bail!("unknown or malformed argument `{name}`"),
        }
    }
    if test.points == 0 || test.rule == 0 {
        bail!("a test names points and rule, both 1 or more");
    }
    Ok(())
}

/// The value of `#[path = "…"]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => string(&pair.value),
        _ => None,
    })
}

/// The first paragraph of the doc comment.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => string(&pair.value),
        _ => None,
    });
    lines
        .map(|line| line.trim().to_owned())
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn string(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_from(files: &[(&str, &str)]) -> Result<Vec<Test>> {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        load(directory.path())
    }

    #[test]
    fn names_follow_the_modules() {
        let tests = load_from(&[
            (
                "tests/open.rs",
                "mod a { #[phase7::test(points = 2, rule = 1)] fn x() {} }\nmod b;",
            ),
            (
                "tests/b.rs",
                "/// Said.\n#[phase7::test(points = 1, rule = 3, needs = \"q, r\")] fn y() {}\nmod c;",
            ),
            (
                "tests/b/c.rs",
                "#[phase7::test(points = 1, rule = 3, timeout_s = 60)] fn z() {}",
            ),
            (
                "hidden/hidden.rs",
                "#[phase7::wire] fn w() {}\nfn not_a_test() {}",
            ),
        ])
        .unwrap();
        let names: Vec<_> = tests.iter().map(Test::full_name).collect();
        assert_eq!(names, ["open::a::x", "open::b::y", "open::b::c::z", "hidden::w"]);
        assert_eq!((tests[1].doc.as_str(), tests[1].needs.len()), ("Said.", 2));
        assert_eq!((tests[2].timeout_s, tests[3].kind), (60, Kind::Wire));
    }

    #[test]
    fn a_malformed_test_names_file_and_line() {
        let error = load_from(&[("tests/open.rs", "\n#[phase7::test(points = 1)]\nfn x() {}")]).unwrap_err();
        assert!(error.to_string().contains("open.rs:3: x"), "{error}");
    }

    #[test]
    fn an_open_wire_is_refused() {
        assert!(load_from(&[("tests/open.rs", "#[phase7::wire] fn x() {}")]).is_err());
    }
}
