//! The candidates for one exercise, by the place where they were found: there may be one such place, not two.

use std::collections::BTreeMap;

use super::refused::Refused;
use crate::submission::{FILES_MAX, Found, Submission, shown};

/// Candidates: by place, then by path within the exercise.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<String, BTreeMap<String, Found>>);

impl Places {
    /// Adds what is at `path` in `place`; it is read only if it may matter.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn add(
        &mut self,
        place: String,
        path: String,
        read: impl FnOnce() -> Result<Found, Refused>,
    ) -> Result<(), Refused> {
        let files = self.0.entry(place).or_default();
        // One more than may be taken is enough to refuse them all.
        if files.len() > FILES_MAX {
            return Ok(());
        }
        if let Some(found) = files.get_mut(&path) {
            *found = Found::Twice;
        } else {
            files.insert(path, read()?);
        }
        Ok(())
    }

    /// The submission of the one place that has something of `src`; of two, none is taken.
    pub fn choose(self) -> Option<Submission> {
        let is_source = |path: &String| path == "src" || path.starts_with("src/");
        let mut places: Vec<_> = self
            .0
            .into_iter()
            .filter(|(_, files)| files.keys().any(is_source))
            .collect();
        let shown = |(place, _): &(String, _)| shown(format!("{place}/src").trim_start_matches('/'));
        if let [first, second, ..] = &places[..] {
            let why = format!("it is there twice: {} and {}", shown(first), shown(second));
            return Some(Submission::refused(&why));
        }
        places.pop().map(|(_, files)| Submission::from_found(files))
    }
}
