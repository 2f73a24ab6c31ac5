//! `matrix.html`: the tests down, the learners across; a letter in each cell, and a colour beside it.

use super::{ExerciseRows, absent, find, letter, rows};
use crate::catalogue::Kind;
use crate::class::cell::one_line;
use crate::class::grade::LearnerGrades;
use crate::class::page::{self, Width};
use crate::report::escape::html;
use crate::report::words;
use crate::run::Verdict;
use crate::score::TestResult;

/// The letters and what they stand for.
const LEGEND: [(char, &str, &str); 13] = [
    ('P', "passed", "passed"),
    ('F', "failed", "failed"),
    ('Y', "not-yet", "not yet written"),
    ('T', "failed", "timed out"),
    ('K', "failed", "killed by a signal"),
    ('M', "failed", "out of memory"),
    ('O', "failed", "too much output"),
    ('E', "tripped", "no evidence"),
    ('W', "tripped", "wire tripped"),
    ('C', "not-yet", "does not compile"),
    ('R', "not-yet", "refused"),
    ('G', "not-graded", "not graded here"),
    ('–', "none", "not handed in"),
];

/// The page.
pub fn text(grades: &[LearnerGrades]) -> String {
    let rows = rows(grades);
    let count: usize = rows.iter().map(|exercise| exercise.tests.len()).sum();
    let legend: String = LEGEND
        .iter()
        .map(|(letter, class, words)| {
            format!("<li><span class=\"cell {class}\">{letter}</span> {words}</li>")
        })
        .collect();
    let head: String = grades.iter().map(learner).collect();
    let body: String = rows.iter().map(|exercise| section(exercise, grades)).collect();
    let body = format!(
        "<header class=\"plain\">\n<p class=\"course\">phase7</p>\n<h1>Tests by learner</h1>\n\
         <p class=\"when\">{count} tests, {} learners. Hidden tests stand here by name: this page is the instructor’s.</p>\n\
         <ul class=\"legend\">{legend}</ul>\n</header>\n<main class=\"scroll both\">\n<table class=\"matrix\">\n\
         <caption>A row for each test, a column for each learner</caption>\n\
         <thead><tr><th scope=\"col\" class=\"corner\">Test</th><th scope=\"col\" class=\"share\">Pass</th>{head}</tr></thead>\n\
         {body}</table>\n</main>\n",
        grades.len()
    );
    page::page("phase7: tests by learner", Width::Window, &body)
}

fn learner(learner: &LearnerGrades) -> String {
    let who = &learner.entry.learner;
    format!(
        "<th scope=\"col\" class=\"who\" title=\"{}\"><span>{}</span></th>",
        html(&one_line(who.name.as_deref().unwrap_or(&who.id))),
        html(&one_line(&who.id))
    )
}

/// An exercise: a row with everyone's points, then its tests.
fn section(exercise: &ExerciseRows, grades: &[LearnerGrades]) -> String {
    let Some(first) = grades.first() else {
        return String::new();
    };
    let info = first.exercises[exercise.place].info;
    let points: String = grades
        .iter()
        .map(|learner| {
            let grade = &learner.exercises[exercise.place];
            let earned = grade
                .result()
                .map_or_else(|| "–".to_owned(), |result| result.points.earned.to_string());
            format!("<td title=\"{}\">{earned}</td>", html(grade.word()))
        })
        .collect();
    let tests: String = exercise
        .tests
        .iter()
        .map(|test| row(exercise.place, test, grades))
        .collect();
    format!(
        "<tbody>\n<tr class=\"exercise-row\"><th scope=\"rowgroup\">{}</th><td class=\"share\">of {}</td>{points}</tr>\n{tests}</tbody>\n",
        html(&info.name),
        info.possible
    )
}

fn row(place: usize, test: &TestResult, grades: &[LearnerGrades]) -> String {
    let found: Vec<_> = grades
        .iter()
        .map(|learner| find(learner, place, &test.name))
        .collect();
    let (mut passed, mut graded) = (0, 0);
    for test in found.iter().flatten() {
        // Nobody is meant to pass a wire.
        let counts = test.kind != Kind::Wire && !matches!(test.verdict, Verdict::NotGraded(_));
        graded += usize::from(counts);
        passed += usize::from(test.verdict == Verdict::Passed);
    }
    let share = (passed * 100)
        .checked_div(graded)
        .map_or_else(|| "–".to_owned(), |share| format!("{share} %"));
    let cells: String = found
        .iter()
        .zip(grades)
        .map(|(found, learner)| match found {
            Some(test) => cell(test),
            None => none(absent(learner, place, test)),
        })
        .collect();
    let rule = if test.rule > 0 {
        format!(" <span class=\"number\">rule {}</span>", test.rule)
    } else {
        String::new()
    };
    format!(
        "<tr><th scope=\"row\" title=\"{}\"><code>{}</code>{rule}</th><td class=\"share\">{share}</td>{cells}</tr>\n",
        html(&test.rule_text),
        html(&test.name)
    )
}

fn cell(test: &TestResult) -> String {
    let (letter, class) = letter(test);
    if test.verdict == Verdict::Passed {
        return format!("<td class=\"cell {class}\">{letter}</td>");
    }
    format!(
        "<td class=\"cell {class}\" title=\"{}\">{letter}</td>",
        html(&words::verdict(test))
    )
}

fn none(word: &str) -> String {
    match word {
        "" => "<td class=\"cell\"></td>".to_owned(),
        "refused" => "<td class=\"cell not-yet\" title=\"refused\">R</td>".to_owned(),
        word => format!("<td class=\"cell none\" title=\"{}\">–</td>", html(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::{fixture, grade};

    fn made() -> String {
        let (class, policy) = (fixture::class(), fixture::policy());
        text(&grade::grades(&class, &policy))
    }

    #[test]
    fn the_page_is_sound_and_has_everyone() {
        let page = made();
        crate::class::page::tests::is_sound(&page);
        assert_eq!(page.matches("class=\"who\"").count(), 30);
        assert!(page.contains(fixture::WIRE) && page.contains("title=\"wire tripped\">W</td>"));
        // A cell for each learner in each row of a test.
        assert_eq!(page.matches("<td class=\"cell").count(), 25 * 30);
    }

    #[test]
    fn the_points_of_what_was_accepted_are_shown() {
        let class = fixture::class();
        let cell = |policy: &crate::class::policy::Policy| {
            let page = text(&grade::grades(&class, policy));
            let row = page
                .lines()
                .find(|line| line.contains("\"rowgroup\">process-supervisor<"));
            row.unwrap().split("<td").nth(14).unwrap().to_owned()
        };
        assert_eq!(cell(&fixture::policy()), " title=\"review\">0</td>");
        let accepted = fixture::reviewed(fixture::SET_ASIDE, fixture::SUPERVISOR, true);
        assert_eq!(cell(&accepted), " title=\"complete\">20</td>");
    }

    #[test]
    fn a_class_of_nobody_has_a_page() {
        crate::class::page::tests::is_sound(&text(&[]));
    }
}
