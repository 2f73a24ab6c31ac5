//! The completion checklist: prose that people read, and rules that the grader ticks.
//!
//! An item of `checklist.md` is a list entry with a box, a name in bold and a rule in words:
//!
//! ```text
//! - [ ] **Built multiple CLI tools**: two exercises of `31-cli-tools` at 80 % or more.
//! - [ ] **Created custom allocators**: `bump-allocator` at 80 % or more.
//! - [ ] **Optimized memory usage**: two of `memory-pool`, `cache-friendly` and `file-search` at 80 % or more.
//! ```
//!
//! A count is a word from *one* to *ten*, *every*, or a number. Other lines are prose and are left alone.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::catalogue::Course;
use crate::score::ExerciseResult;
use crate::store;

/// One item with its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The line in the file, from 1.
    pub line: usize,
    /// Whether the box is ticked in the file.
    pub ticked: bool,
    /// The name in bold.
    pub name: String,
    /// The rule as it is written.
    pub rule: String,
    /// How many of the exercises must reach the mark.
    count: usize,
    /// The exercises that count.
    exercises: Vec<String>,
    /// The mark, in per cent.
    percent: u32,
}

/// One item, evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ItemResult {
    /// The item's name.
    pub name: String,
    /// The rule as it is written.
    pub rule: String,
    /// Whether the rule holds.
    pub ticked: bool,
    /// How many exercises have reached the mark.
    pub reached: usize,
    /// How many must.
    pub wanted: usize,
}

/// Reads the checklist of `course`.
///
/// # Errors
/// When a rule cannot be read or names what the course does not have; the message says in which line.
pub fn load(course: &Course) -> Result<Vec<Item>> {
    let text = crate::catalogue::read(&path(&course.root))?;
    parse(&text, course)
}

fn path(root: &Path) -> std::path::PathBuf {
    root.join("checklist.md")
}

fn parse(text: &str, course: &Course) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let Some((ticked, rest)) = boxed(line) else {
            continue;
        };
        let mut entry = rest.to_owned();
        while let Some((_, more)) =
            lines.next_if(|(_, line)| line.starts_with("  ") && !line.trim_start().starts_with("- "))
        {
            entry.push(' ');
            entry.push_str(more.trim());
        }
        let place = || format!("checklist.md:{}", index + 1);
        let (name, rule) = entry
            .strip_prefix("**")
            .and_then(|entry| entry.split_once("**:"))
            .with_context(|| format!("{}: an item is `- [ ] **Name**: rule`", place()))?;
        let rule = rule.trim();
        let (count, exercises, percent) = read_rule(rule, course).with_context(place)?;
        items.push(Item {
            line: index + 1,
            ticked,
            name: name.to_owned(),
            rule: rule.to_owned(),
            count,
            exercises,
            percent,
        });
    }
    if items.is_empty() {
        bail!("checklist.md has no item");
    }
    Ok(items)
}

/// A line that starts an item: whether it is ticked, and what follows the box.
fn boxed(line: &str) -> Option<(bool, &str)> {
    match line.strip_prefix("- [ ] ") {
        Some(rest) => Some((false, rest)),
        None => line.strip_prefix("- [x] ").map(|rest| (true, rest)),
    }
}

/// Count, exercises and mark of a rule.
fn read_rule(rule: &str, course: &Course) -> Result<(usize, Vec<String>, u32)> {
    const SHAPE: &str = "a rule reads `two exercises of `MODULE` at 80 % or more` or `two of `A`, `B` and `C` at 80 % or more`";
    let sentence = rule.split(". ").next().unwrap_or(rule).trim_end_matches('.');
    let (subject, mark) = sentence.rsplit_once(" at ").context(SHAPE)?;
    let percent = mark
        .trim_end_matches("or more")
        .trim()
        .trim_end_matches('%')
        .trim();
    let percent: u32 = percent
        .parse()
        .ok()
        .filter(|percent| (1..=100).contains(percent))
        .context(SHAPE)?;
    let names: Vec<_> = subject.split('`').skip(1).step_by(2).collect();
    if names.is_empty() {
        bail!("the rule names no exercise and no module: {SHAPE}");
    }
    let mut exercises = Vec::new();
    for name in &names {
        match course.modules.iter().find(|module| module.name == **name) {
            Some(module) => exercises.extend(module.exercises.iter().map(|exercise| exercise.name.clone())),
            None => exercises.push(course.exercise(name)?.name.clone()),
        }
    }
    let first = subject
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let count = match number(&first) {
        Some(count) => count,
        None if first == "every" => exercises.len(),
        None if first.starts_with('`') => exercises.len(),
        None => bail!("{first:?} is no count: {SHAPE}"),
    };
    Ok((count, exercises, percent))
}

fn number(word: &str) -> Option<usize> {
    const WORDS: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let spelled = WORDS.iter().position(|name| *name == word).map(|index| index + 1);
    spelled.or_else(|| word.parse().ok())
}

/// Holds the items against results; exercises that are not among them have reached nothing.
pub fn evaluate(items: &[Item], results: &[ExerciseResult]) -> Vec<ItemResult> {
    let reached = |item: &Item| {
        let counts = |result: &&ExerciseResult| {
            item.exercises.contains(&result.name)
                && result.points.percent() >= item.percent
                && result.review.is_empty()
        };
        results.iter().filter(counts).count()
    };
    let evaluate = |item: &Item| {
        let reached = reached(item);
        ItemResult {
            name: item.name.clone(),
            rule: item.rule.clone(),
            ticked: item.count > 0 && reached >= item.count,
            reached,
            wanted: item.count,
        }
    };
    items.iter().map(evaluate).collect()
}

/// Writes the ticks into the file and touches nothing else in it. Returns how many boxes changed.
///
/// # Errors
/// When it cannot be read or written.
pub fn write_ticks(course: &Course, items: &[Item], results: &[ItemResult]) -> Result<usize> {
    let path = path(&course.root);
    let text = crate::catalogue::read(&path)?;
    let (ticked, changed) = with_ticks(&text, items, results);
    if changed > 0 {
        store::write_whole(&path, ticked.as_bytes())?;
    }
    Ok(changed)
}

fn with_ticks(text: &str, items: &[Item], results: &[ItemResult]) -> (String, usize) {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut changed = 0;
    for (item, result) in items.iter().zip(results) {
        if item.ticked != result.ticked {
            let mark = if result.ticked { "- [x] " } else { "- [ ] " };
            let line = &mut lines[item.line - 1];
            line.replace_range(..mark.len(), mark);
            changed += 1;
        }
    }
    (lines.concat(), changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Exercise, Module};

    fn course() -> Course {
        let exercise = |name: &str| Exercise {
            name: name.to_owned(),
            dir: format!("31-cli-tools/01-{name}").into(),
            manifest: crate::catalogue::Manifest {
                package: name.to_owned(),
                ..crate::catalogue::Manifest::default()
            },
            brief: crate::catalogue::Brief::default(),
            tests: Vec::new(),
        };
        let exercises = vec![exercise("a"), exercise("b")];
        let module = Module {
            name: "31-cli-tools".to_owned(),
            title: "CLI tools".to_owned(),
            exercises,
        };
        Course {
            root: "/".into(),
            modules: vec![module],
        }
    }

    #[test]
    fn both_forms_of_a_rule_are_read() {
        let text = "# List\n\n- [ ] **Tools**: two exercises of\n  `31-cli-tools` at 80 % or more.\n  - `a`: prose\n- [x] **One**: `b` at 50 % or more.\n";
        let items = parse(text, &course()).unwrap();
        assert_eq!((items[0].count, items[0].percent, items[0].line), (2, 80, 3));
        assert_eq!(items[0].exercises, ["a", "b"]);
        assert_eq!((items[1].count, items[1].ticked), (1, true));
    }

    #[test]
    fn an_unknown_exercise_is_an_error_that_says_where() {
        let error = parse("\n- [ ] **X**: `zebra` at 80 % or more.\n", &course()).unwrap_err();
        assert!(
            format!("{error:#}").contains("checklist.md:2: there is no exercise \"zebra\""),
            "{error:#}"
        );
    }

    #[test]
    fn ticks_change_and_nothing_else_does() {
        let text = "intro\r\n- [ ] **A**: `a` at 80 % or more.  \n- [x] **B**: `b` at 80 % or more.";
        let items = parse(text, &course()).unwrap();
        let mut results = evaluate(&items, &[]);
        results[0].ticked = true;
        let (ticked, changed) = with_ticks(text, &items, &results);
        assert_eq!(changed, 2);
        assert_eq!(
            ticked,
            "intro\r\n- [x] **A**: `a` at 80 % or more.  \n- [ ] **B**: `b` at 80 % or more."
        );
    }
}
