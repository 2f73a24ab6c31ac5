//! The roster: who is in the class, and every name that a platform may know them by.
//!
//! A CSV with a header row. Columns: `id` (required), `name`, `email`, `aliases` (or any column whose name starts
//! with `alias`; several in a cell with `;` or spaces between), `submitted` (RFC 3339). Others are not read.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::limits::LEARNERS_MAX;
use super::table::{Row, Table};
use crate::class::{Learner, Submitted};
use crate::submission::NAME_MAX;

/// The learners of a class.
#[derive(Debug, Default)]
pub struct Roster {
    members: Vec<Member>,
    /// Ids, addresses and aliases in lower case.
    by_key: BTreeMap<String, usize>,
    /// Names in lower case; nothing for one that two have.
    by_name: BTreeMap<String, Option<usize>>,
}

/// One learner of the roster.
#[derive(Debug)]
pub struct Member {
    /// Who it is.
    pub learner: Learner,
    /// When they handed in, if the roster says so.
    pub submitted: Option<Submitted>,
}

impl Roster {
    /// Reads the roster at `path`.
    ///
    /// # Errors
    /// `file:line: what is wrong`: no column `id`, an id that is missing or there twice, a name that leads to two
    /// learners.
    pub fn read(path: &Path) -> Result<Self> {
        let table = Table::read(path)?;
        let columns = Columns::of(&table)?;
        let mut roster = Self::default();
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        for row in table.rows() {
            let at = table.at(row.line);
            let member = columns.member(row).with_context(|| at.clone())?;
            let index = roster.members.len();
            if index == LEARNERS_MAX {
                bail!("{at}: more than {LEARNERS_MAX} learners");
            }
            for key in columns.keys(row, &member) {
                let first = *lines.entry(key.clone()).or_insert(row.line);
                if *roster.by_key.entry(key.clone()).or_insert(index) != index {
                    bail!("{at}: {key:?} is taken already by line {first}");
                }
            }
            if let Some(name) = &member.learner.name {
                let same = roster.by_name.entry(plain_name(name)).or_insert(Some(index));
                *same = same.filter(|first| *first == index);
            }
            roster.members.push(member);
        }
        Ok(roster)
    }

    /// All learners, in the roster's order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The learner behind an id, an address or an alias.
    pub fn by_key(&self, key: &str) -> Option<&Member> {
        let index = self.by_key.get(&key.trim().to_lowercase())?;
        self.members.get(*index)
    }

    /// The learner of that full name, if only one has it.
    pub fn by_name(&self, name: &str) -> Option<&Member> {
        let index = (*self.by_name.get(&plain_name(name))?)?;
        self.members.get(index)
    }
}

/// Where the table has what.
struct Columns {
    id: usize,
    name: Vec<usize>,
    email: Vec<usize>,
    aliases: Vec<usize>,
    submitted: Vec<usize>,
}

impl Columns {
    fn of(table: &Table) -> Result<Self> {
        Ok(Self {
            id: table.column("id")?,
            name: table.columns(|name| name == "name"),
            email: table.columns(|name| name == "email"),
            aliases: table.columns(|name| name.starts_with("alias")),
            submitted: table.columns(|name| name == "submitted"),
        })
    }

    fn member(&self, row: &Row) -> Result<Member> {
        let first = |columns: &[usize]| {
            columns
                .iter()
                .find_map(|column| row.cell(*column))
                .map(str::to_owned)
        };
        let id = row.cell(self.id).context("a learner without an id")?;
        if !is_id(id) {
            bail!("{id:?} cannot be an id: at most {NAME_MAX} bytes, no slash");
        }
        let submitted = match first(&self.submitted) {
            Some(text) => Some(Submitted {
                at: text
                    .parse()
                    .with_context(|| format!("{text:?} is no time like 2026-11-02T13:05:59Z"))?,
                told_by: "roster".to_owned(),
            }),
            None => None,
        };
        Ok(Member {
            learner: Learner {
                id: id.to_owned(),
                name: first(&self.name),
                email: first(&self.email),
            },
            submitted,
        })
    }

    /// Everything that leads to the learner of a row, in lower case.
    fn keys(&self, row: &Row, member: &Member) -> Vec<String> {
        let aliases = self.aliases.iter().filter_map(|column| row.cell(*column));
        let aliases = aliases
            .flat_map(|cell| cell.split([';', ' ']))
            .filter(|alias| !alias.is_empty());
        let own = [Some(member.learner.id.as_str()), member.learner.email.as_deref()];
        own.into_iter()
            .flatten()
            .chain(aliases)
            .map(str::to_lowercase)
            .collect()
    }
}

/// Whether a learner can go by this id: it becomes a file name in more than one place.
pub fn is_id(text: &str) -> bool {
    let plain = !text.is_empty() && text.len() <= NAME_MAX && text != "." && text != "..";
    plain && !text.contains(['/', '\\']) && !text.chars().any(char::is_control)
}

/// A name for comparing: case and spaces tell nobody apart.
fn plain_name(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(text: &str) -> Result<Roster> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("roster.csv");
        std::fs::write(&path, text).unwrap();
        let roster = Roster::read(&path);
        roster.map_err(|error| {
            let text = format!("{error:#}").replace(&format!("{}/", directory.path().display()), "");
            anyhow::anyhow!(text)
        })
    }

    #[test]
    fn every_name_leads_to_the_learner() {
        let text =
            "id,name,email,aliases,alias_git\ns001,Learner A,A@example.org,12345; lastfirst,octo\ns002,,,,\n";
        let roster = roster(text).unwrap();
        for key in ["s001", "S001", "a@example.org", "12345", "lastfirst", "Octo"] {
            assert_eq!(roster.by_key(key).unwrap().learner.id, "s001", "{key}");
        }
        assert!(roster.by_key("Learner A").is_none());
        assert_eq!(roster.by_name(" learner  a").unwrap().learner.id, "s001");
        assert_eq!(roster.members().len(), 2);
    }

    #[test]
    fn a_time_can_be_told() {
        let roster = roster("id;submitted\ns1;2026-11-02T13:05:59+01:00\n").unwrap();
        let submitted = roster.members()[0].submitted.clone().unwrap();
        assert_eq!(
            (submitted.at.to_string().as_str(), submitted.told_by.as_str()),
            ("2026-11-02T12:05:59Z", "roster")
        );
    }

    #[test]
    fn two_of_a_name_are_joined_by_nothing() {
        let roster = roster("id,name\ns1,Learner A\ns2,learner a\n").unwrap();
        assert!(roster.by_name("Learner A").is_none());
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, expected) in [
            (
                "id\ns1\n\ns1\n",
                "roster.csv:4: \"s1\" is taken already by line 2",
            ),
            (
                "id,aliases\ns1,x\ns2,X\n",
                "roster.csv:3: \"x\" is taken already by line 2",
            ),
            ("id,name\n,nobody\n", "roster.csv:2: a learner without an id"),
            (
                "id\n../x\n",
                "roster.csv:2: \"../x\" cannot be an id: at most 255 bytes, no slash",
            ),
            (
                "name\nx\n",
                "roster.csv:1: it has no column \"id\"; its columns are name",
            ),
        ] {
            assert_eq!(roster(text).unwrap_err().to_string(), expected);
        }
        let error = roster("id,submitted\ns1,yesterday\n").unwrap_err().to_string();
        assert!(
            error.starts_with("roster.csv:2: \"yesterday\" is no time like"),
            "{error}"
        );
    }
}
