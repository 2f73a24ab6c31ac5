//! Reading `class.toml`: what is wrong in it is told with its line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::{Extension, Late, Policy, Rate, To, Unit, moment};
use crate::catalogue::nearest;
use crate::class::ExerciseInfo;
use crate::class::marks::Hundredths;
use crate::class::redact_stub::Visibility;

/// Bytes of the longest policy.
const SIZE_MAX: u64 = 1 << 20;

/// Days of the longest extension.
const DAYS_MAX: i64 = 3650;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    timezone: Option<Spanned<String>>,
    visibility: VisibilityTable,
    deadlines: BTreeMap<Spanned<String>, Spanned<Value>>,
    late: LateTable,
    extension: Vec<ExtensionTable>,
    scale: ScaleTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct VisibilityTable {
    hidden: Option<Spanned<String>>,
    after: Option<Spanned<Value>>,
    hidden_after: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LateTable {
    grace: Option<Spanned<String>>,
    per_day: Option<Spanned<Value>>,
    per_hour: Option<Spanned<Value>>,
    max: Option<Spanned<Value>>,
    cut_off: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtensionTable {
    learner: Spanned<String>,
    exercise: Option<Spanned<String>>,
    until: Option<Spanned<Value>>,
    days: Option<Spanned<i64>>,
    reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ScaleTable {
    weight: BTreeMap<Spanned<String>, Spanned<Value>>,
}

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
        reader.policy(
            file.visibility,
            file.deadlines,
            &file.late,
            file.extension,
            &file.scale,
        )
    }
}

/// The text, for the lines of errors, and what its names and times are held against.
struct Reader<'a> {
    text: &'a str,
    name: &'a str,
    exercises: &'a [ExerciseInfo],
    timezone: Option<TimeZone>,
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

    /// That there is such an exercise, or module.
    fn known(&self, name: &Spanned<String>, or_module: bool) -> Result<()> {
        let wanted = name.get_ref().as_str();
        let exercises = self.exercises.iter().map(|exercise| exercise.name.as_str());
        let modules = self.exercises.iter().map(|exercise| exercise.module.as_str());
        let modules = modules.filter(|_| or_module);
        let names: Vec<_> = exercises.chain(modules).collect();
        if names.contains(&wanted) {
            return Ok(());
        }
        let what = if or_module {
            "exercise or module"
        } else {
            "exercise"
        };
        let why = match nearest(wanted, names.into_iter()) {
            _ if wanted == "timezone" => anyhow!("`timezone` stands above the tables"),
            Some(near) => anyhow!("there is no {what} {wanted:?}: did you mean {near:?}?"),
            None => anyhow!("there is no {what} {wanted:?}: `cargo xtask list` names them"),
        };
        Err(self.error(&name.span(), &why))
    }

    fn timezone(&self, name: &Spanned<String>) -> Result<TimeZone> {
        self.checked(name, |name| {
            TimeZone::get(name).map_err(|_| {
                anyhow!(
                    "there is no time zone {name:?} here: it is a name such as \"Europe/Berlin\", from the system's \
                     time zone database (package tzdata)"
                )
            })
        })
    }

    fn moment(&self, value: &Spanned<Value>) -> Result<Timestamp> {
        let text = match value.get_ref() {
            Value::Datetime(at) => at.to_string(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.checked(value, |_| moment::moment(&text, self.timezone.as_ref()))
    }

    /// A number from 0 to `most` with at most two decimals.
    fn decimal(&self, value: &Spanned<Value>, most: u32) -> Result<Hundredths> {
        let number = match value.get_ref() {
            Value::Integer(whole) => *whole as f64,
            Value::Float(number) => *number,
            _ => f64::NAN,
        };
        let hundredths = (number * 100.0).round();
        let is_exact = (number * 100.0 - hundredths).abs() < 1e-6;
        if is_exact && (0.0..=f64::from(most) * 100.0).contains(&hundredths) {
            return Ok(Hundredths(hundredths as u32));
        }
        let why = anyhow!(
            "{} is no number from 0 to {most} with at most two decimals",
            value.get_ref()
        );
        Err(self.error(&value.span(), &why))
    }

    /// Gives the value's line to an error about it.
    fn checked<T, R>(&self, value: &Spanned<T>, check: impl FnOnce(&T) -> Result<R>) -> Result<R> {
        check(value.get_ref()).map_err(|error| self.error(&value.span(), &error))
    }

    fn error(&self, span: &Range<usize>, why: &anyhow::Error) -> anyhow::Error {
        anyhow!(
            "{}:{}: {}",
            self.name,
            self.line(span.start),
            format!("{why:#}").trim_end()
        )
    }

    /// The line that a byte stands in, from 1.
    fn line(&self, byte: usize) -> usize {
        let before = self.text.as_bytes().iter().take(byte);
        before.filter(|byte| **byte == b'\n').count() + 1
    }
}
