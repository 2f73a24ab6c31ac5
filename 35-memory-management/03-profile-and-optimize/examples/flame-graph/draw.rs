//! From a profile to folded stacks, and from these to a picture.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};

use inferno::collapse::Collapse;
use inferno::collapse::perf::{Folder, Options as PerfOptions};
use inferno::flamegraph::{self, Options};

/// Draws the profile in this file into that one.
pub fn draw(profile: &str, svg: &str) -> io::Result<()> {
    let text = fs::read_to_string(profile)?;
    let mut options = Options::default();
    options.title = profile.to_owned();
    let folded = if text.starts_with("# callgrind format") {
        options.count_name = "instructions".to_owned();
        fold_callgrind(&text)?
    } else {
        let mut folded = Vec::new();
        Folder::from(PerfOptions::default()).collapse(text.as_bytes(), &mut folded)?;
        String::from_utf8_lossy(&folded).into_owned()
    };
    flamegraph::from_reader(&mut options, folded.as_bytes(), fs::File::create(svg)?)
}

/// One line for each stack, the outermost function first, with its own cost: `main;report;parse 123`.
fn fold_callgrind(text: &str) -> io::Result<String> {
    let mut names: HashMap<&str, &str> = HashMap::new();
    let mut costs: HashMap<&str, u64> = HashMap::new();
    let mut function = "";
    let mut is_call = false;
    for line in text.lines() {
        if let Some((key, name)) = line.split_once("fn=") {
            // `(12) name` where it comes first, `(12)` from then on; `cfn=` names the function that is called.
            let (id, name) = name.split_once(' ').unwrap_or((name, ""));
            if !name.is_empty() {
                names.insert(id, name);
            }
            if key.is_empty() {
                function = names.get(id).copied().unwrap_or(id);
            }
        } else if line.starts_with("calls=") {
            // The next line is what the call costs, and that is counted where it is spent.
            is_call = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            let cost = line.split(' ').nth(1).and_then(|cost| cost.parse::<u64>().ok());
            if !std::mem::take(&mut is_call) {
                *costs.entry(function).or_default() += cost.unwrap_or(0);
            }
        }
    }
    if costs.keys().all(|stack| !stack.contains('\'')) {
        let message = "no callers in this profile: run callgrind with --separate-callers=40";
        return Err(io::Error::new(ErrorKind::InvalidData, message));
    }
    let mut folded: Vec<String> = costs
        .iter()
        .map(|(stack, cost)| format!("{} {cost}", outermost_first(stack)))
        .collect();
    folded.sort();
    Ok(folded.join("\n"))
}

/// Turns `parse'report'main` around. A quote after `<`, `&` or a blank begins a lifetime, and a number is how deep a
/// recursion was.
fn outermost_first(stack: &str) -> String {
    let mut frames: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for character in stack.chars() {
        match frames.last_mut() {
            Some(frame) if character != '\'' || "<& ".contains(before) => frame.push(character),
            _ => frames.push(String::new()),
        }
        before = character;
    }
    let is_name = |frame: &&String| !frame.chars().all(|character| character.is_ascii_digit());
    let frames: Vec<String> = frames
        .iter()
        .rev()
        .filter(is_name)
        .map(|frame| frame.replace(';', ":"))
        .collect();
    frames.join(";")
}
