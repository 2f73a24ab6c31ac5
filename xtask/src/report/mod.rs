//! The report in the forms that people and programs read. Each form is a file; none of them decides anything.
//!
//! What a submission said (failure messages, compiler errors, file names) reaches every form as it came: each
//! one makes it harmless for its own reader, with [`escape`].

pub mod classroom;
pub mod classroom50;
pub mod escape;
pub mod exercism;
pub mod failure;
#[cfg(test)]
mod fixture;
pub mod gradescope;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod plain;
#[cfg(test)]
mod schema;
pub mod style;
pub mod terminal;
pub mod visibility;
pub mod words;
