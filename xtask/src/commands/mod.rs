//! One file per subcommand.

mod book;
mod check;
mod class;
pub mod export;
mod grade;
mod hint;
mod list;
mod mutants;
mod new;
mod next;
mod reset;
mod setup;
mod solution;
pub mod tidy;
mod verify;

use anyhow::Result;

use crate::Ended;
use crate::cli::{Arguments, Command};

/// Runs the command that was asked for.
///
/// # Errors
/// When it could not do its work.
pub fn dispatch(arguments: Arguments) -> Result<Ended> {
    match arguments.command {
        None => grade::dashboard(),
        Some(Command::List(format)) => list::run(format.format),
        Some(Command::Next(format)) => next::run(format.format),
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Hint(hint)) => hint::run(&hint),
        Some(Command::Grade(grade)) => grade::run(&grade),
        Some(Command::Verify(verify)) => verify::run(&verify),
        Some(Command::Mutants(mutants)) => mutants::run(&mutants),
        Some(Command::Book) => book::run(),
        Some(Command::Export(export)) => export::run(&export),
        Some(Command::New(new)) => new::run(&new),
        Some(Command::Reset(name)) => reset::run(&name),
        Some(Command::Solution(solution)) => solution::run(&solution),
        Some(Command::Tidy) => tidy::run(),
        Some(Command::Setup(setup)) => setup::run(&setup),
    }
}
