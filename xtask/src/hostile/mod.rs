//! Hostile submissions: a corpus of attacks on the grader, and the judge of what they get.
//!
//! ```text
//! attack → ground → pack → (intake → grader) → judge, harm → a row for each attack
//! ```
//!
//! - [`attack`]: the corpus, a file an attack, with the verdict that it must get
//! - [`ground`]: the tiny course that attacks are handed in for, and the honest answers
//! - [`pack`]: hand-ins as folders, archives and repositories, however wrong
//! - [`judge`]: verdict, points and reasons, from the report
//! - [`harm`]: canaries, processes, connections
//! - [`reports`]: what report files may not hold
//!
//! Attacks run in batches, between and beside honest neighbours, who must earn every point.

pub mod attack;
pub mod ground;
mod harm;
mod judge;
mod pack;
mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::attack::{Attack, Form};
use self::ground::{Listeners, Tokens};
use self::harm::Guard;
use crate::batch;
use crate::broom;
use crate::catalogue::Course;
use crate::class::policy::Policy;
use crate::class::{ClassReport, Entry, output};
use crate::intake::{self, Sources};

/// Attacks that are graded together.
const BATCH: usize = 30;

/// Honest neighbours of each batch: one sorts before every attack, one among them, one behind.
const NEIGHBOURS: [&str; 3] = ["0-neighbour", "m-neighbour", "zz-neighbour"];

/// What one attack got.
#[derive(Debug, Clone)]
pub struct Row {
    /// The attack's name; for the neighbours, theirs.
    pub name: String,
    /// What it does.
    pub attack: String,
    /// The exercise that it was handed in for.
    pub exercise: String,
    /// The verdict that it got.
    pub verdict: String,
    /// What it earned.
    pub points: u32,
    /// What is wrong with that; nothing, if all is well.
    pub problems: Vec<String>,
    /// Whether it got what no deadline explains: points that it must not have, or harm to others.
    pub is_breach: bool,
}

/// What a run of the corpus needs.
pub struct Ground<'a> {
    /// The tiny course, laid by [`ground::lay`].
    pub course: &'a Course,
    /// The workspace that the corpus is read from.
    pub workspace: &'a Path,
    /// A directory of the judge's own.
    pub scratch: &'a Path,
    /// Directories in which nothing may change once a first batch has been graded.
    pub frozen: Vec<PathBuf>,
    /// Where the grader leaves its reports, if it writes any.
    pub reports: Option<PathBuf>,
    /// The attacks to run, by name; none is all.
    pub only: &'a [String],
}

impl Row {
    /// The row as a line: the verdict and what it earned.
    pub fn seen(&self) -> String {
        let plural = if self.points == 1 { "" } else { "s" };
        format!(
            "{}, {} point{plural} in {}: {}",
            self.verdict, self.points, self.exercise, self.attack
        )
    }
}

/// Lets the attacks loose on this very grader, as a class is graded: with `only`, those of these names.
///
/// # Errors
/// As [`run`].
pub fn verify(workspace: &Path, only: &[String], tell: impl FnMut(Row)) -> Result<()> {
    let scratch = workspace.join("target/verify/hostile");
    // An earlier run may have been ended among its attacks.
    remove(&scratch.join("course/target/grade/units"))?;
    let root = ground::lay(workspace, &scratch)?;
    let course = Course::load(&root)?;
    let exercises: Vec<_> = course.exercises().collect();
    let out = scratch.join("out");
    let ground = Ground {
        course: &course,
        workspace,
        scratch: &scratch,
        frozen: [
            "90-hostile",
            "phase7",
            "Cargo.toml",
            "Cargo.lock",
            "target/grade/base",
        ]
        .map(|part| root.join(part))
        .to_vec(),
        reports: Some(out.clone()),
        only,
    };
    let take = |class: &Path| {
        let sources = Sources {
            submissions: Some(class),
            repositories: None,
            roster: None,
            only: None,
            scratch: &scratch.join("tmp"),
        };
        intake::take(&course, &sources)
    };
    let grade = |entries| {
        // The reports of one batch are judged with that batch.
        remove(&out)?;
        let options = batch::Options {
            directory: &out,
            fresh: true,
            quiet: true,
            require_sandbox: true,
        };
        let (report, _) = batch::grade(&course, &exercises, entries, &options)?;
        output::write_all(&report, &Policy::default(), jiff::Timestamp::now(), &out)?;
        Ok(report)
    };
    run(&ground, take, grade, tell)
}

/// Lets the attacks loose on a grader; a row for each, as soon as its batch is done, and one for each batch's neighbours.
///
/// `take` reads a folder of hand-ins; `grade` grades what was taken.
///
/// # Errors
/// When the corpus cannot be read, or the grader itself fails: no attack may bring that about.
pub fn run(
    ground: &Ground<'_>,
    mut take: impl FnMut(&Path) -> Result<Vec<Entry>>,
    mut grade: impl FnMut(Vec<Entry>) -> Result<ClassReport>,
    mut tell: impl FnMut(Row),
) -> Result<()> {
    let exercises: BTreeSet<_> = ground
        .course
        .exercises()
        .map(|exercise| exercise.name.as_str())
        .collect();
    let mut attacks = attack::load(
        &ground.workspace.join(ground::DIRECTORY).join("attacks"),
        &exercises,
    )?;
    if !ground.only.is_empty() {
        attacks.retain(|attack| ground.only.contains(&attack.name));
    }
    let honest = ground::honest_answers(ground.course)?;
    let mark = format!("hostile-{}", std::process::id());
    let listeners = Listeners::open(&mark)?;
    let tokens = Tokens {
        mark,
        canary: std::env::temp_dir().join(format!("canary-of-{}", std::process::id())),
        port: listeners.port()?,
        course: ground.course.root.clone(),
    };
    let arena = Arena {
        ground,
        honest,
        tokens,
        listeners,
    };

    // Without an attack, so that whatever the grader prepares for all is there.
    let first = take(&arena.hand_in(&[], 0)?)?;
    tell(arena.neighbours(&grade(first)?, 0)?);
    let guard = Guard::new(
        ground
            .frozen
            .iter()
            .cloned()
            .chain([ground.course.root.clone()])
            .collect(),
        &arena.tokens,
    )?;
    for (number, batch) in attacks.chunks(BATCH).enumerate() {
        let class = arena.hand_in(batch, number + 1)?;
        let report =
            grade(take(&class)?).with_context(|| format!("the grader did not outlive {}", names(batch)))?;
        for attack in batch {
            tell(arena.row(attack, &report));
        }
        let mut neighbours = arena.neighbours(&report, number + 1)?;
        neighbours
            .problems
            .extend(guard.problems(&arena.listeners, &arena.tokens)?);
        if !neighbours.problems.is_empty() {
            neighbours.problems.push(format!("beside {}", names(batch)));
        }
        tell(neighbours);
        remove(&class)?;
    }
    let canary = &arena.tokens.canary;
    std::fs::remove_file(canary).with_context(|| format!("cannot remove {}", canary.display()))
}

/// The ground, and everything that is set up on it once.
struct Arena<'a> {
    ground: &'a Ground<'a>,
    honest: BTreeMap<String, String>,
    tokens: Tokens,
    listeners: Listeners,
}

impl Arena<'_> {
    /// Packs a batch and its neighbours; the class's folder.
    fn hand_in(&self, batch: &[Attack], number: usize) -> Result<PathBuf> {
        let class = self.ground.scratch.join("class");
        remove(&class)?;
        for name in NEIGHBOURS {
            let mut entries = Vec::new();
            for exercise in self.ground.course.exercises() {
                // No two alike, so that each is graded for itself.
                let items = format!("// Batch {number}, {name}.");
                let text = ground::answer(&self.honest[&exercise.name], &items, "");
                let path = exercise.dir.join("src/lib.rs");
                entries.push(attack::Entry::file(&path.to_string_lossy(), text));
            }
            pack::pack(&class, name, Form::Directory, &entries)?;
        }
        for attack in batch {
            let exercise = self.ground.course.exercise(&attack.exercise)?;
            let marked = &self.honest[&exercise.name];
            let entries = ground::entries(attack, &exercise.dir, marked, &self.tokens);
            pack::pack(&class, &attack.name, attack.form, &entries)?;
        }
        Ok(class)
    }

    /// The row of an attack.
    fn row(&self, attack: &Attack, report: &ClassReport) -> Row {
        let entry = report
            .entries
            .iter()
            .find(|entry| entry.learner.id == attack.name);
        let (verdict, points, problems) = match entry {
            Some(entry) => (
                judge::verdict(attack, entry),
                judge::points(entry),
                judge::judge(attack, entry),
            ),
            None => ("lost".to_owned(), 0, vec!["it is not in the report".to_owned()]),
        };
        Row {
            name: attack.name.clone(),
            attack: attack.attack.clone(),
            exercise: attack.exercise.clone(),
            verdict,
            points,
            problems,
            is_breach: points > attack.points,
        }
    }

    /// The row of a batch's neighbours, with what is wrong about its reports.
    fn neighbours(&self, report: &ClassReport, number: usize) -> Result<Row> {
        let exercises = self.honest.len();
        let mut problems = judge::unclean(report)?;
        let mut points = 0;
        for name in NEIGHBOURS {
            match report.entries.iter().find(|entry| entry.learner.id == name) {
                Some(entry) => {
                    problems.extend(judge::neighbour(entry, exercises));
                    points += judge::points(entry);
                }
                None => problems.push(format!("{name} is not in the report")),
            }
        }
        if let Some(directory) = &self.ground.reports {
            problems.extend(reports::problems(directory, &self.tokens.mark)?);
        }
        Ok(Row {
            name: format!("neighbours-{number}"),
            attack: "honest answers before, among and behind the attacks".to_owned(),
            exercise: "all exercises".to_owned(),
            verdict: if problems.is_empty() { "passed" } else { "harmed" }.to_owned(),
            points,
            problems,
            is_breach: true,
        })
    }
}

fn names(batch: &[Attack]) -> String {
    let names: Vec<_> = batch.iter().map(|attack| attack.name.as_str()).collect();
    names.join(", ")
}

fn remove(directory: &Path) -> Result<()> {
    broom::remove(directory).with_context(|| format!("cannot remove {}", directory.display()))
}
