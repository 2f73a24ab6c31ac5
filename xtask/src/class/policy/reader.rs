//! Reading single values of a policy: each is right, or an error with its line.

use std::ops::Range;

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use toml::{Spanned, Value};

use super::moment;
use crate::catalogue::nearest;
use crate::class::ExerciseInfo;
use crate::class::marks::Hundredths;

/// The text, for the lines of errors, and what its names and times are held against.
pub struct Reader<'a> {
    pub text: &'a str,
    pub name: &'a str,
    pub exercises: &'a [ExerciseInfo],
    pub timezone: Option<TimeZone>,
}

impl Reader<'_> {
    /// That there is such an exercise, or module.
    pub fn known(&self, name: &Spanned<String>, or_module: bool) -> Result<()> {
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

    pub fn timezone(&self, name: &Spanned<String>) -> Result<TimeZone> {
        self.checked(name, |name| {
            TimeZone::get(name).map_err(|_| {
                anyhow!(
                    "there is no time zone {name:?} here: it is a name such as \"Europe/Berlin\", from the system's \
                     time zone database (package tzdata)"
                )
            })
        })
    }

    pub fn moment(&self, value: &Spanned<Value>) -> Result<Timestamp> {
        let text = match value.get_ref() {
            Value::Datetime(at) => at.to_string(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.checked(value, |_| moment::moment(&text, self.timezone.as_ref()))
    }

    /// A number from 0 to `most` with at most two decimals.
    pub fn decimal(&self, value: &Spanned<Value>, most: u32) -> Result<Hundredths> {
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
    pub fn checked<T, R>(&self, value: &Spanned<T>, check: impl FnOnce(&T) -> Result<R>) -> Result<R> {
        check(value.get_ref()).map_err(|error| self.error(&value.span(), &error))
    }

    pub fn error(&self, span: &Range<usize>, why: &anyhow::Error) -> anyhow::Error {
        anyhow!(
            "{}:{}: {}",
            self.name,
            self.line(span.start),
            format!("{why:#}").trim_end()
        )
    }

    /// The line that a byte stands in, from 1.
    pub fn line(&self, byte: usize) -> usize {
        let before = self.text.as_bytes().iter().take(byte);
        before.filter(|byte| **byte == b'\n').count() + 1
    }
}
