//! Points: what each test earned, each exercise, each module, the course.
//!
//! These types are the report's JSON, version [`FORMAT`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Course, Exercise, Kind, Test};
use crate::run::{Failure, Outcome, Verdict};

/// The version of the JSON that [`Report`] becomes.
pub const FORMAT: u32 = 2;

/// Hex digits of [`ExerciseResult::sources`].
pub const SOURCES_DIGITS: usize = 16;

/// Why an exercise whose brief asks for unsafe code wants a reader.
const FLAG: &str = "unsafe code can search the memory of its own process: read the sources";

/// One graded run over the course or a part of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// What held the code under test in: the sandbox's layers, by name.
    pub sandbox: Vec<String>,
    /// When the run ended, in UTC (RFC 3339).
    pub graded_at: String,
    /// Points over all exercises of the report.
    pub points: Points,
    /// The modules that were graded, in course order.
    pub modules: Vec<ModuleResult>,
    /// The checklist, in its own order.
    pub checklist: Vec<crate::checklist::ItemResult>,
    /// What to do next; absent when everything is earned.
    pub next: Option<NextStep>,
}

/// Points earned of points possible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Points {
    /// What the evidence earned.
    pub earned: u32,
    /// What all tests are worth.
    pub possible: u32,
    /// The part of `possible` that could not be graded here.
    pub not_graded: u32,
}

/// One module's exercises.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ModuleResult {
    /// The directory: `31-cli-tools`.
    pub name: String,
    /// The title of its README.
    pub title: String,
    /// Points over its exercises.
    pub points: Points,
    /// Its graded exercises, in course order.
    pub exercises: Vec<ExerciseResult>,
}

/// One graded exercise.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ExerciseResult {
    /// The package: `file-search`.
    pub name: String,
    /// The directory from the workspace root.
    pub dir: String,
    /// The title of its brief.
    pub title: String,
    /// The start of a hash of the files that were handed in, in hex: what an instructor's decision about them belongs
    /// to.
    pub sources: String,
    /// Points over its tests.
    pub points: Points,
    /// How far it is.
    pub state: State,
    /// The compiler's first error, when it does not compile.
    pub compile_error: Option<String>,
    /// Why it earns nothing until a person has looked at it: a wire that passed, say.
    pub review: Vec<String>,
    /// Why an instructor should read the sources although nothing was found: in-process evidence cannot hold against
    /// unsafe code, for one. Points are not withheld for it.
    pub flag: Option<String>,
    /// Each test, in file order; wires only when they tripped.
    pub tests: Vec<TestResult>,
}

/// How far an exercise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing is earned, and what failed is not yet implemented.
    NotStarted,
    /// Something is earned or tried.
    Started,
    /// Everything that could be graded is earned.
    Complete,
    /// It does not compile.
    DoesNotCompile,
    /// The submission was refused.
    Refused,
    /// Nothing of it could be graded here.
    NotGraded,
}

/// One test's result.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TestResult {
    /// With its target in front: `open::numbers_lines_from_one`.
    pub name: String,
    /// Open, hidden or wire.
    pub kind: Kind,
    /// What it is worth.
    pub possible: u32,
    /// What it earned: all or nothing.
    pub earned: u32,
    /// The rule of the brief that it checks, and its sentence.
    pub rule: u32,
    /// See [`TestResult::rule`].
    pub rule_text: String,
    /// What the test checks, from its doc comment.
    pub doc: String,
    /// The word.
    pub verdict: Verdict,
    /// What it said when it failed.
    pub failure: Option<Failure>,
    /// Wall-clock milliseconds.
    pub duration_ms: u64,
}

/// What the learner does next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NextStep {
    /// The exercise.
    pub exercise: String,
    /// Its directory.
    pub dir: String,
    /// The open test to turn green, in a sentence.
    pub why: String,
    /// The command that shows more.
    pub command: String,
}

impl Points {
    /// Earned per cent of what could be graded, rounded down; 0 when nothing could.
    pub fn percent(self) -> u32 {
        let graded = self.possible.saturating_sub(self.not_graded);
        (u64::from(self.earned) * 100)
            .checked_div(u64::from(graded))
            .unwrap_or(0) as u32
    }

    /// Whether everything that could be graded is earned, and something could.
    pub fn is_full(self) -> bool {
        self.possible > self.not_graded && self.earned + self.not_graded == self.possible
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::default(), |sum, next| Self {
            earned: sum.earned + next.earned,
            possible: sum.possible + next.possible,
            not_graded: sum.not_graded + next.not_graded,
        })
    }
}

impl TestResult {
    /// The result of a test that was run, or that could not be.
    pub fn new(exercise: &Exercise, test: &Test, outcome: Outcome) -> Self {
        let Outcome {
            mut verdict,
            failure,
            duration,
        } = outcome;
        if test.kind == Kind::Wire && verdict == Verdict::Passed {
            verdict = Verdict::WireTripped;
        }
        let rule_text = exercise.brief.rule(test.rule).map(|rule| rule.sentence.clone());
        Self {
            name: test.full_name(),
            kind: test.kind,
            possible: test.points,
            earned: if verdict == Verdict::Passed {
                test.points
            } else {
                0
            },
            rule: test.rule,
            rule_text: rule_text.unwrap_or_default(),
            doc: test.doc.clone(),
            verdict,
            failure,
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl ExerciseResult {
    /// Adds up the tests. A tripped wire or an audit's finding takes every point into review: nothing of it is evidence
    /// any more.
    pub fn new(
        exercise: &Exercise,
        sources: String,
        mut tests: Vec<TestResult>,
        compile_error: Option<String>,
        findings: Vec<String>,
    ) -> Self {
        let tripped: Vec<_> = tests
            .iter()
            .filter(|test| test.verdict == Verdict::WireTripped)
            .collect();
        let mut review: Vec<_> = tripped
            .iter()
            .map(|wire| format!("{} passed, which no honest answer does", wire.name))
            .collect();
        review.extend(
            findings
                .iter()
                .map(|finding| format!("its object code has {finding}")),
        );
        if !review.is_empty() {
            tests.iter_mut().for_each(|test| test.earned = 0);
        }
        tests.retain(|test| test.kind != Kind::Wire || test.verdict == Verdict::WireTripped);
        let not_graded = |test: &&TestResult| matches!(test.verdict, Verdict::NotGraded(_));
        let points = Points {
            earned: tests.iter().map(|test| test.earned).sum(),
            possible: tests.iter().map(|test| test.possible).sum(),
            not_graded: tests.iter().filter(not_graded).map(|test| test.possible).sum(),
        };
        let state = Self::state(points, &tests, compile_error.is_some());
        Self {
            name: exercise.name.clone(),
            dir: exercise.dir.to_string_lossy().into_owned(),
            title: exercise.brief.title.clone(),
            sources,
            points,
            state,
            compile_error,
            review,
            flag: (exercise.manifest.allows_unsafe && points.earned > 0).then(|| FLAG.to_owned()),
            tests,
        }
    }

    fn state(points: Points, tests: &[TestResult], has_compile_error: bool) -> State {
        let graded: Vec<_> = tests
            .iter()
            .filter(|test| !matches!(test.verdict, Verdict::NotGraded(_)))
            .collect();
        let stub = |test: &TestResult| {
            test.failure
                .as_ref()
                .is_some_and(|failure| failure.not_yet_implemented)
        };
        if tests
            .iter()
            .any(|test| matches!(test.verdict, Verdict::Refused(_)))
        {
            State::Refused
        } else if graded.is_empty() {
            State::NotGraded
        } else if points.is_full() {
            State::Complete
        } else if has_compile_error && graded.iter().all(|test| test.verdict == Verdict::DoesNotCompile) {
            State::DoesNotCompile
        } else if points.earned == 0
            && graded.iter().copied().filter(|test| stub(test)).count() * 2 >= graded.len()
        {
            State::NotStarted
        } else {
            State::Started
        }
    }

    /// The first open test that is not green, else the first hidden one.
    pub fn first_failing(&self) -> Option<&TestResult> {
        let graded = |test: &&TestResult| !matches!(test.verdict, Verdict::Passed | Verdict::NotGraded(_));
        self.tests.iter().find(graded)
    }
}

impl Report {
    /// Puts the results of exercises into their modules. The checklist and the next step come from the whole course.
    pub fn new(
        course: &Course,
        results: Vec<ExerciseResult>,
        checklist: Vec<crate::checklist::ItemResult>,
    ) -> Self {
        let mut results: std::collections::BTreeMap<_, _> = results
            .into_iter()
            .map(|result| (result.name.clone(), result))
            .collect();
        let mut modules = Vec::new();
        for module in &course.modules {
            let exercises: Vec<_> = module
                .exercises
                .iter()
                .filter_map(|exercise| results.remove(&exercise.name))
                .collect();
            if !exercises.is_empty() {
                modules.push(ModuleResult {
                    name: module.name.clone(),
                    title: module.title.clone(),
                    points: exercises.iter().map(|exercise| exercise.points).sum(),
                    exercises,
                });
            }
        }
        let next = next_step(&modules);
        Self {
            format: FORMAT,
            sandbox: Vec::new(),
            graded_at: jiff::Timestamp::now()
                .round(jiff::Unit::Second)
                .unwrap_or_default()
                .to_string(),
            points: modules.iter().map(|module| module.points).sum(),
            modules,
            checklist,
            next,
        }
    }

    /// What to say when there is no next step. A learner's copy has no hidden tests, and must not read as if it had.
    pub fn closing(&self) -> &'static str {
        let mut tests = self.exercises().flat_map(|exercise| &exercise.tests);
        if tests.any(|test| test.kind == Kind::Hidden) {
            "Everything that can be graded here is earned."
        } else {
            "Every open test passes. The hidden ones are your instructor's: they check all rules of the briefs."
        }
    }

    /// All exercises of the report.
    pub fn exercises(&self) -> impl Iterator<Item = &ExerciseResult> {
        self.modules.iter().flat_map(|module| &module.exercises)
    }
}

/// The first exercise that was begun and is not complete, else the first that is not.
fn next_step(modules: &[ModuleResult]) -> Option<NextStep> {
    let exercises = || modules.iter().flat_map(|module| &module.exercises);
    let begun = |exercise: &&ExerciseResult| matches!(exercise.state, State::Started | State::DoesNotCompile);
    let open = |exercise: &&ExerciseResult| !matches!(exercise.state, State::Complete | State::NotGraded);
    let exercise = exercises().find(begun).or_else(|| exercises().find(open))?;
    let why = match (exercise.state, exercise.first_failing()) {
        (State::NotStarted, _) => format!("read {}/README.md, then take its first step", exercise.dir),
        (State::DoesNotCompile, _) => "it does not compile yet".to_owned(),
        (State::Refused, _) => "its sources cannot be taken".to_owned(),
        (_, Some(test)) => format!("rule {}: {}", test.rule, test.rule_text),
        (_, None) => String::new(),
    };
    Some(NextStep {
        exercise: exercise.name.clone(),
        dir: exercise.dir.clone(),
        why,
        command: format!("cargo xtask check {}", exercise.name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_graded_neither_helps_nor_hurts() {
        let points = Points {
            earned: 8,
            possible: 20,
            not_graded: 10,
        };
        assert_eq!(points.percent(), 80);
        assert!(!points.is_full());
        assert!(
            !Points {
                earned: 0,
                possible: 5,
                not_graded: 5
            }
            .is_full()
        );
        assert_eq!(
            Points {
                earned: 0,
                possible: 5,
                not_graded: 5
            }
            .percent(),
            0
        );
    }
}
