//! What a class tells about itself and about the course: what fails most, where time goes, what waits for a person.
//!
//! ```text
//! grades → Figures → analytics.md, analytics.html
//! ```
//!
//! It is the instructor's. Shares are of those who handed the exercise in and whose test could be graded.

mod groups;
mod markdown;
mod normal;
mod page;
mod share;
mod waiting;

pub use groups::Group;
pub use share::Share;
pub use waiting::Waiting;

use std::collections::BTreeMap;

use super::ExerciseInfo;
use super::grade::LearnerGrades;
use super::marks::Marks;
use crate::score::State;

/// Everything that the analytics say.
pub struct Figures<'a> {
    /// How many there are, and how many of them handed something in.
    pub learners: usize,
    /// See [`Figures::learners`].
    pub handed_in: usize,
    /// Final per cent of those who handed in: average, median, and how many are in each tenth.
    pub average: Marks,
    /// See [`Figures::average`].
    pub median: Marks,
    /// See [`Figures::average`]; the last tenth has 100 % in it.
    pub tenths: [usize; 10],
    /// One for each exercise.
    pub exercises: Vec<ExerciseFigures<'a>>,
    /// Tests that somebody fails, the worst first.
    pub tests: Vec<Share>,
    /// Rules that somebody breaks, the worst first.
    pub rules: Vec<Share>,
    /// The tests that took longest, summed over the class.
    pub slowest: Vec<(String, u64)>,
    /// Equal failures.
    pub groups: Vec<Group>,
    /// What waits for a person.
    pub waiting: Waiting,
}

/// One exercise over the class.
pub struct ExerciseFigures<'a> {
    /// The exercise.
    pub info: &'a ExerciseInfo,
    /// How many handed it in, and how many have all of it.
    pub handed_in: usize,
    /// See [`ExerciseFigures::handed_in`].
    pub complete: usize,
    /// How many do not compile.
    pub broken: usize,
    /// Per cent earned on average, before lateness, by those who handed it in.
    pub average: Marks,
    /// Milliseconds that its tests took in all.
    pub duration_ms: u64,
}

impl<'a> Figures<'a> {
    /// The figures of a class.
    pub fn new(grades: &[LearnerGrades<'a>]) -> Self {
        let mut percents: Vec<_> = grades
            .iter()
            .filter(|learner| learner.handed_in())
            .map(LearnerGrades::percent)
            .collect();
        percents.sort_unstable();
        let mut tenths = [0; 10];
        for percent in &percents {
            tenths[(percent.0 as usize / 100).min(9)] += 1;
        }
        let (tests, rules) = share::shares(grades);
        let count = grades.first().map_or(0, |learner| learner.exercises.len());
        Self {
            learners: grades.len(),
            handed_in: percents.len(),
            average: average(&percents),
            median: median(&percents),
            tenths,
            exercises: (0..count).filter_map(|place| exercise(grades, place)).collect(),
            tests,
            rules,
            slowest: slowest(grades),
            groups: groups::groups(grades),
            waiting: Waiting::new(grades),
        }
    }
}

/// The average, rounded half up; 0 of nothing.
pub fn average(sorted: &[Marks]) -> Marks {
    let sum: Marks = sorted.iter().copied().sum();
    let count = sorted.len() as u64;
    Marks((sum.0 + count / 2).checked_div(count).unwrap_or(0))
}

/// The one in the middle, or the average of the two there.
pub fn median(sorted: &[Marks]) -> Marks {
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => Marks(0),
        count if count % 2 == 1 => sorted[half],
        _ => average(&sorted[half - 1..=half]),
    }
}

fn exercise<'a>(grades: &[LearnerGrades<'a>], place: usize) -> Option<ExerciseFigures<'a>> {
    let info = grades.first()?.exercises[place].info;
    let handed: Vec<_> = grades
        .iter()
        .map(|learner| &learner.exercises[place])
        .filter_map(|grade| grade.result().map(|result| (grade, result)))
        .collect();
    let state = |wanted: State| {
        handed
            .iter()
            .filter(|(grade, result)| grade.standing.counts() && result.state == wanted)
            .count()
    };
    let percents: Vec<_> = handed
        .iter()
        .map(|(grade, _)| grade.raw.percent_of(grade.possible))
        .collect();
    Some(ExerciseFigures {
        info,
        handed_in: handed.len(),
        complete: state(State::Complete),
        broken: state(State::DoesNotCompile),
        average: average(&percents),
        duration_ms: handed
            .iter()
            .flat_map(|(_, result)| &result.tests)
            .map(|test| test.duration_ms)
            .sum(),
    })
}

fn slowest(grades: &[LearnerGrades]) -> Vec<(String, u64)> {
    let mut sums = BTreeMap::<String, u64>::new();
    for grade in grades.iter().flat_map(|learner| &learner.exercises) {
        for test in grade.result().iter().flat_map(|result| &result.tests) {
            *sums
                .entry(format!("{} {}", grade.info.name, test.name))
                .or_default() += test.duration_ms;
        }
    }
    let mut sums: Vec<_> = sums.into_iter().filter(|(_, sum)| *sum > 0).collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    sums
}

/// Milliseconds for people.
fn seconds(duration_ms: u64) -> String {
    match duration_ms {
        ..60_000 => format!("{}.{} s", duration_ms / 1000, duration_ms % 1000 / 100),
        _ => format!("{} min {} s", duration_ms / 60_000, duration_ms / 1000 % 60),
    }
}

/// `analytics.md`.
pub fn markdown(figures: &Figures) -> String {
    markdown::text(figures)
}

/// `analytics.html`.
pub fn page(figures: &Figures) -> String {
    page::text(figures)
}

#[cfg(test)]
mod tests;
