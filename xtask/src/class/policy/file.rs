//! Reading `class.toml`: what is wrong in it is told with its line.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use toml::{Spanned, Value};

use super::reader::Reader;
use super::table::{ExtensionTable, File, LateTable, ScaleTable, VisibilityTable};
use super::{Extension, Late, Policy, Rate, To, Unit, moment};
use crate::class::ExerciseInfo;
use crate::report::visibility::Visibility;

/// Bytes of the longest policy.
const SIZE_MAX: u64 = 1 << 20;

/// Days of the longest extension.
const DAYS_MAX: i64 = 3650;

impl Policy {
    /// Reads a policy. `exercises` are all of the course, whether they are graded this time or not.
    ///
    /// # Errors
    /// Names file and line.
    pub fn read(path: &Path, exercises: &[ExerciseInfo]) -> Result<Self> {
        let read = || -> Result<String> {
            let size = std::fs::metadata(path)?.len();
            anyhow::ensure!(size <= SIZE_MAX, "it is larger than {} KiB", SIZE_MAX >> 10);
            Ok(std::fs::read_to_string(path)?)
        };
        let text = read().with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text, &path.display().to_string(), exercises)
    }

    /// Understands the text of a policy that stands in the file `name`.
    ///
    /// # Errors
    /// As [`Policy::read`].
    pub fn parse(text: &str, name: &str, exercises: &[ExerciseInfo]) -> Result<Self> {
        let mut reader = Reader {
            text,
            name,
            exercises,
            timezone: None,
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            reader.error(&span, &anyhow!("{}", error.message()))
        })?;
        reader.timezone = file.timezone.map(|zone| reader.timezone(&zone)).transpose()?;
        let decisions = reader.decisions(file.reviewed)?;
        let policy = reader.policy(
            file.visibility,
            file.deadlines,
            &file.late,
            file.extension,
            &file.scale,
        )?;
        Ok(Self { decisions, ..policy })
    }
}

impl Reader<'_> {
    fn policy(
        &self,
        visibility: VisibilityTable,
        deadlines: BTreeMap<Spanned<String>, Spanned<Value>>,
        late: &LateTable,
        extensions: Vec<ExtensionTable>,
        scale: &ScaleTable,
    ) -> Result<Policy> {
        let mut policy = Policy {
            timezone: self.timezone.clone().unwrap_or(TimeZone::UTC),
            late: self.late(late)?,
            ..Policy::default()
        };
        self.visibility(visibility, &mut policy)?;
        for (name, at) in &deadlines {
            let at = self.moment(at)?;
            if name.get_ref() == "default" {
                policy.default_deadline = Some(at);
            } else {
                self.known(name, true)?;
                policy.deadlines.insert(name.get_ref().clone(), at);
            }
        }
        for extension in extensions {
            policy.extensions.push(self.extension(extension)?);
        }
        for (name, weight) in &scale.weight {
            self.known(name, false)?;
            let weight = self.decimal(weight, 1000)?;
            policy.weights.insert(name.get_ref().clone(), weight);
        }
        Ok(policy)
    }

    fn visibility(&self, table: VisibilityTable, policy: &mut Policy) -> Result<()> {
        let level = |word: &Spanned<String>| {
            self.checked(word, |word| match word.as_str() {
                "full" => Ok(Visibility::Full),
                "rule" => Ok(Visibility::Rule),
                "score" => Ok(Visibility::Score),
                other => Err(anyhow!(
                    "{other:?} is no visibility: \"full\", \"rule\" or \"score\""
                )),
            })
        };
        if let Some(word) = &table.hidden {
            policy.hidden = level(word)?;
        }
        policy.hidden_after = match (&table.after, &table.hidden_after) {
            (Some(after), Some(word)) => Some((self.moment(after)?, level(word)?)),
            (None, None) => None,
            (Some(after), None) => {
                let why = anyhow!("`after` says when, and `hidden_after` is missing to say what");
                return Err(self.error(&after.span(), &why));
            }
            (None, Some(word)) => {
                let why = anyhow!("`hidden_after` says what, and `after` is missing to say when");
                return Err(self.error(&word.span(), &why));
            }
        };
        Ok(())
    }

    fn late(&self, table: &LateTable) -> Result<Late> {
        let percent = |value: &Spanned<Value>| self.decimal(value, 100);
        let duration = |text: &Spanned<String>| self.checked(text, |text| moment::duration(text));
        let rate = match (&table.per_day, &table.per_hour) {
            (Some(_), Some(hour)) => {
                let why = anyhow!("`per_day` and `per_hour` cannot both count: take one out");
                return Err(self.error(&hour.span(), &why));
            }
            (Some(day), None) => Some((percent(day)?, Unit::Day)),
            (None, Some(hour)) => Some((percent(hour)?, Unit::Hour)),
            (None, None) => None,
        };
        Ok(Late {
            grace: table
                .grace
                .as_ref()
                .map(duration)
                .transpose()?
                .unwrap_or_default(),
            rate: rate.map(|(percent, unit)| Rate { percent, unit }),
            max: table.max.as_ref().map(percent).transpose()?,
            cut_off: table.cut_off.as_ref().map(duration).transpose()?,
        })
    }

    fn extension(&self, table: ExtensionTable) -> Result<Extension> {
        if let Some(name) = &table.exercise {
            self.known(name, false)?;
        }
        let to = match (&table.until, &table.days) {
            (Some(until), None) => To::Until(self.moment(until)?),
            (None, Some(days)) => To::Days(self.checked(days, |days| match *days {
                1..=DAYS_MAX => Ok(*days as i32),
                _ => Err(anyhow!("an extension is of 1 to {DAYS_MAX} days")),
            })?),
            _ => {
                let why = anyhow!("an extension has either `until` or `days`");
                return Err(self.error(&table.learner.span(), &why));
            }
        };
        Ok(Extension {
            line: self.line(table.learner.span().start),
            learner: table.learner.into_inner(),
            exercise: table.exercise.map(Spanned::into_inner),
            to,
            reason: table.reason.map(|reason| crate::run::failure::clean(&reason)),
        })
    }
}
