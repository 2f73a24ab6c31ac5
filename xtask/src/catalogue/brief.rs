//! The brief of an exercise: its title, its numbered rules, its hints.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// What the grader takes from a `README.md`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brief {
    /// The first heading.
    pub title: String,
    /// The first paragraph below it.
    pub summary: String,
    /// The headings of second level, in order.
    pub sections: Vec<String>,
    /// The numbered rules, in order.
    pub rules: Vec<Rule>,
    /// The folded hints, in order.
    pub hints: Vec<Hint>,
}

/// One rule of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its number.
    pub number: u32,
    /// Its first paragraph, on one line.
    pub sentence: String,
}

/// One folded hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The rules that it helps with; none when it helps with all.
    pub rules: Vec<u32>,
    /// What the summary line says after the rules.
    pub title: String,
    /// The Markdown between summary and end.
    pub body: String,
}

impl Brief {
    /// Reads a brief.
    ///
    /// # Errors
    /// When it cannot be read, has no title, or a number of its rules is missing or doubled.
    pub fn load(path: &Path) -> Result<Self> {
        Self::parse(&super::read(path)?).with_context(|| format!("{} is no brief", path.display()))
    }

    /// The rule numbered `number`.
    pub fn rule(&self, number: u32) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.number == number)
    }

    /// The number (from 1) of the first hint that helps with `rule`.
    pub fn hint_for(&self, rule: u32) -> Option<usize> {
        self.hints
            .iter()
            .position(|hint| hint.rules.contains(&rule))
            .map(|index| index + 1)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut brief = Brief::default();
        let mut section = String::new();
        let mut fenced = false;
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            if let Some(title) = line.strip_prefix("# ") {
                brief.title = title.trim().to_owned();
                while lines.next_if(|line| line.trim().is_empty()).is_some() {}
                brief.summary = paragraph(&mut lines);
            } else if let Some(title) = line.strip_prefix("## ") {
                title.trim().clone_into(&mut section);
                brief.sections.push(section.clone());
            } else if section == "Rules"
                && let Some((number, start)) = numbered(line)
            {
                let rest = paragraph(&mut lines);
                let sentence = format!("{start} {rest}").trim().to_owned();
                brief.rules.push(Rule { number, sentence });
            } else if section == "Hints" && line.trim_start().starts_with("<details>") {
                brief.hints.push(hint(line, &mut lines)?);
            }
        }
        if brief.title.is_empty() {
            bail!("it has no title");
        }
        for (index, rule) in brief.rules.iter().enumerate() {
            if rule.number as usize != index + 1 {
                bail!("rule {} stands where rule {} is expected", rule.number, index + 1);
            }
        }
        Ok(brief)
    }
}

/// The lines up to the next blank one, list item, heading or fence, joined.
fn paragraph<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> String {
    let mut words = Vec::new();
    let goes_on = |line: &&str| {
        let line = line.trim();
        let is_item = line.starts_with("- ") || line.starts_with("* ") || numbered(line).is_some();
        !line.is_empty()
            && !line.starts_with('#')
            && !line.starts_with("```")
            && !line.starts_with('|')
            && !is_item
    };
    while let Some(line) = lines.next_if(goes_on) {
        words.push(line.trim());
    }
    words.join(" ")
}

/// `12. text` as its number and text; only at the start of a line.
fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, text) = line.split_once(". ")?;
    Some((number.parse().ok()?, text.trim()))
}

/// One `<details>` block, whose summary reads `Hint 1 (rules 2, 3): title`.
fn hint<'a>(first: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Hint> {
    let mut block = String::from(first.trim_start().trim_start_matches("<details>"));
    let mut closed = false;
    for line in lines {
        if line.trim() == "</details>" {
            closed = true;
            break;
        }
        block.push('\n');
        block.push_str(line);
    }
    if !closed {
        bail!("a hint's <details> is never closed");
    }
    let (summary, body) = block
        .split_once("</summary>")
        .context("a hint has no <summary>")?;
    let summary = summary.trim().trim_start_matches("<summary>").trim();
    let (head, title) = summary.split_once(':').unwrap_or((summary, ""));
    let numbers = head
        .split_once('(')
        .map_or("", |(_, numbers)| numbers)
        .replace(" to ", "–");
    let mut rules = Vec::new();
    for part in
        numbers.split(|character: char| !character.is_ascii_digit() && character != '–' && character != '-')
    {
        let (from, to) = part.split_once(['–', '-']).unwrap_or((part, part));
        if let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) {
            rules.extend(from..=to.min(from + 100));
        }
    }
    Ok(Hint {
        rules,
        title: title.trim().to_owned(),
        body: body.trim_matches('\n').trim_end().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRIEF: &str = "\
# File search

Finds lines.
Fast.

## Rules

### Matching

1. A line is
   what ends in a newline.

   More on it.
2. Numbers start at 1.

## Hints

<details><summary>Hint 1 (rules 1 to 3, 5–6): where a line ends</summary>

Look for `\\n`.

</details>
";

    #[test]
    fn rules_and_hints_are_found() {
        let brief = Brief::parse(BRIEF).unwrap();
        assert_eq!(brief.title, "File search");
        assert_eq!(brief.summary, "Finds lines. Fast.");
        assert_eq!(brief.rules[0].sentence, "A line is what ends in a newline.");
        assert_eq!(brief.rules[1].sentence, "Numbers start at 1.");
        assert_eq!(brief.hints[0].rules, [1, 2, 3, 5, 6]);
        assert_eq!(brief.hints[0].title, "where a line ends");
        assert_eq!(brief.hints[0].body, "Look for `\\n`.");
        assert_eq!(brief.hint_for(2), Some(1));
    }

    #[test]
    fn a_doubled_rule_is_an_error() {
        let text = BRIEF.replace("2. Numbers", "1. Numbers");
        assert!(
            Brief::parse(&text)
                .unwrap_err()
                .to_string()
                .contains("rule 1 stands where rule 2")
        );
    }
}
