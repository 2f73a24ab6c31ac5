//! Scripts with what they must print, subject by subject.

use super::support::check_scripts;

/// Quoting and syntax, to the last byte.
#[phase7::test(points = 3, rule = 1, timeout_s = 60)]
fn words_at_their_edges() {
    check_scripts(include_str!("scripts/words.sh"));
}

/// Parameters, given and not given, in quotes and out of them.
#[phase7::test(points = 4, rule = 7, timeout_s = 60)]
fn parameters_at_their_edges() {
    check_scripts(include_str!("scripts/parameters.sh"));
}

/// Substitution of whatever a script can contain.
#[phase7::test(points = 3, rule = 8, timeout_s = 60)]
fn substitution_at_its_edges() {
    check_scripts(include_str!("scripts/substitution.sh"));
}

/// Expressions that end the shell, and what is not evaluated.
#[phase7::test(points = 3, rule = 9, timeout_s = 60)]
fn arithmetic_at_its_edges() {
    check_scripts(include_str!("scripts/arithmetic.sh"));
}

/// Empty fields, marks and blanks, odd file names.
#[phase7::test(points = 4, rule = 11, timeout_s = 60)]
fn fields_at_their_edges() {
    check_scripts(include_str!("scripts/fields.sh"));
}

/// Documents, closed descriptors, files that cannot be opened.
#[phase7::test(points = 4, rule = 15, timeout_s = 60)]
fn redirections_at_their_edges() {
    check_scripts(include_str!("scripts/redirections.sh"));
}

/// Statuses, pipes whose reader has gone, the background.
#[phase7::test(points = 3, rule = 17, timeout_s = 60)]
fn lists_at_their_edges() {
    check_scripts(include_str!("scripts/lists.sh"));
}

/// Loops left in unusual ways, arms without bodies.
#[phase7::test(points = 3, rule = 20, timeout_s = 60)]
fn compound_commands_at_their_edges() {
    check_scripts(include_str!("scripts/compound.sh"));
}

/// Functions that redefine, recurse and return from anywhere.
#[phase7::test(points = 3, rule = 21, timeout_s = 60)]
fn functions_at_their_edges() {
    check_scripts(include_str!("scripts/functions.sh"));
}

/// Every built-in command with arguments that are harder.
#[phase7::test(points = 4, rule = 25, timeout_s = 90)]
fn built_in_commands_at_their_edges() {
    check_scripts(include_str!("scripts/builtins.sh"));
}

/// Where `set -e` does not count, and what a trap sees.
#[phase7::test(points = 4, rule = 23, timeout_s = 60)]
fn options_and_traps_at_their_edges() {
    check_scripts(include_str!("scripts/options.sh"));
}
