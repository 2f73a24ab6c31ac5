//! The shape of `class.toml`: keys and kinds, before names are looked up and times understood. What has a place in
//! an error carries it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

/// The whole file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub timezone: Option<Spanned<String>>,
    pub visibility: VisibilityTable,
    pub deadlines: BTreeMap<Spanned<String>, Spanned<Value>>,
    pub late: LateTable,
    pub extension: Vec<ExtensionTable>,
    pub reviewed: Vec<ReviewedTable>,
    pub scale: ScaleTable,
}

/// `[visibility]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VisibilityTable {
    pub hidden: Option<Spanned<String>>,
    pub after: Option<Spanned<Value>>,
    pub hidden_after: Option<Spanned<String>>,
}

/// `[late]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LateTable {
    pub grace: Option<Spanned<String>>,
    pub per_day: Option<Spanned<Value>>,
    pub per_hour: Option<Spanned<Value>>,
    pub max: Option<Spanned<Value>>,
    pub cut_off: Option<Spanned<String>>,
}

/// `[[extension]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionTable {
    pub learner: Spanned<String>,
    pub exercise: Option<Spanned<String>>,
    pub until: Option<Spanned<Value>>,
    pub days: Option<Spanned<i64>>,
    pub reason: Option<String>,
}

/// `[[reviewed]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedTable {
    pub learner: Spanned<String>,
    pub exercise: Spanned<String>,
    pub accept: bool,
    /// Required, with an error that tells where they are to be found.
    pub sources: Option<Spanned<String>>,
    pub reason: Option<String>,
}

/// `[scale]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScaleTable {
    pub weight: BTreeMap<Spanned<String>, Spanned<Value>>,
}
