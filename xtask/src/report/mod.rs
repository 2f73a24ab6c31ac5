//! The report in the forms that people and programs read. Each form is a file; none of them decides anything.

pub mod failure;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod style;
pub mod terminal;
