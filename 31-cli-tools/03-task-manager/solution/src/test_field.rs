//! Tests of one field: `field op value`, and ids.

use jiff::Zoned;

use crate::date;
use crate::filter::{Comparison, DateField, Test};
use crate::parser::FilterError;
use crate::task::Status;

/// The parts of `field op value`; `None` where there is no operator.
pub fn split(word: &str) -> Option<(&str, Comparison, &str)> {
    let at = word.find([':', '=', '<', '>'])?;
    let (field, rest) = word.split_at(at);
    for (sign, comparison) in [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("<", Comparison::Less),
        (">", Comparison::More),
        (":", Comparison::Is),
        ("=", Comparison::Is),
    ] {
        if let Some(value) = rest.strip_prefix(sign) {
            return Some((field, comparison, value));
        }
    }
    None
}

/// The test that `field op value` is; `None` when there is no such field, and it is text such as `http://…`.
///
/// # Errors
/// The value is none for this field, or the field has no order.
pub fn field_test(
    field: &str,
    comparison: Comparison,
    value: &str,
    now: &Zoned,
) -> Result<Option<Test>, FilterError> {
    const FIELDS: [&str; 9] = [
        "id", "tag", "project", "status", "priority", "recur", "due", "entry", "end",
    ];
    let Some(&field) = FIELDS.iter().find(|name| **name == field) else {
        return Ok(None);
    };
    let wrong = || FilterError::Value {
        field,
        value: value.to_owned(),
    };
    let has_order = matches!(field, "priority" | "due" | "entry" | "end");
    if comparison != Comparison::Is && !has_order {
        return Err(FilterError::Order(field));
    }
    if value.is_empty() {
        return Err(wrong());
    }
    let name = (value != "none").then(|| value.to_owned());
    let test = match field {
        "id" => Test::Ids(ids(value).ok_or_else(wrong)?),
        "tag" => Test::Tag(name),
        "project" => Test::Project(name),
        "status" => Test::Status(match value {
            "pending" => Some(Status::Pending),
            "done" | "completed" => Some(Status::Completed),
            "any" => None,
            _ => return Err(wrong()),
        }),
        "priority" if value == "none" => Test::Priority(comparison, None),
        "priority" => Test::Priority(comparison, Some(value.parse().map_err(|_| wrong())?)),
        "recur" => Test::Recurs(match value {
            "none" => false,
            "any" => true,
            _ => return Err(wrong()),
        }),
        date_field => {
            let date = match date_field {
                "due" => DateField::Due,
                "entry" => DateField::Entry,
                _ => DateField::End,
            };
            if value == "none" && comparison == Comparison::Is {
                Test::Date(date, None)
            } else {
                Test::Date(
                    date,
                    Some((comparison, date::parse(value, now).map_err(|_| wrong())?)),
                )
            }
        }
    };
    Ok(Some(test))
}

/// `3`, `7-9`, `3,5-6`: ranges with both their ends; `None` for anything else.
pub fn ids(word: &str) -> Option<Vec<(u64, u64)>> {
    let number = |text: &str| -> Option<u64> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    let range = |text: &str| match text.split_once('-') {
        Some((first, last)) => Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last),
        None => number(text).map(|id| (id, id)),
    };
    word.split(',').map(range).collect()
}
