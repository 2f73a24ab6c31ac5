//! `mutants.toml`: it can be read, and stands only where there is a solution. Whether it is true, `mutants` finds out.

use std::path::Path;

use super::{Problem, has_solution, line_of};
use crate::catalogue::Exercise;
use crate::mutants::survivor::{self, FILE};

/// What is wrong with the explained survivors of `exercise`.
pub fn problems(root: &Path, exercise: &Exercise) -> Vec<Problem> {
    let file = exercise.dir.join(FILE);
    let survivors = match survivor::load(&root.join(&exercise.dir)) {
        Ok(survivors) => survivors,
        Err(error) => return vec![Problem::of(&file, format!("{error:#}"))],
    };
    if survivors.is_empty() || !has_solution(root, exercise) {
        return Vec::new();
    }
    let solution = root.join(&exercise.dir).join("solution");
    let text = std::fs::read_to_string(root.join(&file)).unwrap_or_default();
    let is_there = |name: &str| {
        name.split_once(": ")
            .is_some_and(|(source, _)| solution.join(source).is_file())
    };
    survivors
        .iter()
        .filter(|survivor| !is_there(&survivor.mutant))
        .map(|survivor| {
            let what = format!("{:?} begins with no file of the solution", survivor.mutant);
            Problem::at(&file, line_of(&text, &survivor.mutant), what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn problems_of(text: &str) -> Vec<String> {
        let (root, course) = sample::exercise(&[("solution/src/lib.rs", ""), (FILE, text)]);
        sample::words(&problems(root.path(), course.exercise("b").unwrap()))
    }

    #[test]
    fn a_survivor_stands_in_a_file_of_the_solution() {
        let text = "[[survivor]]\nmutant = \"src/lib.rs: replace a with b in f\"\nwhy = \"So.\"\n";
        assert_eq!(problems_of(text), [""; 0]);
        let found = problems_of(&text.replace("src/lib.rs", "src/gone.rs"));
        assert!(found[0].starts_with("31-a/01-b/mutants.toml:2: "), "{found:?}");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let found = problems_of("[[survivor]]\nmutant = \"m\"\n");
        assert!(found[0].contains("why"), "{found:?}");
    }
}
