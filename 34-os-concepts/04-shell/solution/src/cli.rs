//! The command line (XCU `sh`), and the end of a shell.
//!
//! ```text
//! shell [options] [file [argument …]]
//! shell [options] -c commands [name [argument …]]
//! shell [options] -s [argument …]
//! ```

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use crate::ast::Text;
use crate::builtins::{initial_directory, set_options};
use crate::glob::path_of;
use crate::input::StandardInput;
use crate::interactive;
use crate::kernel::{self, Disposition};
use crate::parser::WholeText;
use crate::shell::{Outcome, Shell, lossy};

/// Runs the shell of this process's arguments.
pub fn main() -> ExitCode {
    // The standard library ignores it, and so would every program that the shell starts.
    let _ = kernel::set_disposition(libc::SIGPIPE, Disposition::Default);
    let mut shell = Shell::new();
    initial_directory(&mut shell);
    let arguments: Vec<Text> = std::env::args_os().map(OsStringExt::into_vec).collect();
    // What has left the commands leaves the program, with the status that is set.
    let _ = run(&mut shell, &arguments);
    shell.run_exit_trap();
    let _ = shell.flush();
    ExitCode::from(u8::try_from(shell.status & 0xff).expect("eight bits"))
}

/// Where commands come from.
enum Source {
    Text(Text),
    File(Text),
    Standard,
}

fn run(shell: &mut Shell, arguments: &[Text]) -> Outcome {
    if let Some(name) = arguments.first() {
        shell.name = name.clone();
    }
    let Some((source, forced)) = choose(shell, arguments)? else {
        return Ok(());
    };
    match source {
        Source::Text(text) => shell.run_input(&mut WholeText(Some(text)), true),
        Source::File(path) => match std::fs::read(path_of(&path)) {
            Ok(text) => shell.run_input(&mut WholeText(Some(text)), true),
            Err(error) => {
                shell.complain(format_args!("cannot open {}: {error}", lossy(&path)));
                shell.status = if error.kind() == std::io::ErrorKind::NotFound {
                    127
                } else {
                    126
                };
                Ok(())
            }
        },
        Source::Standard if forced || (kernel::is_terminal(0) && kernel::is_terminal(2)) => {
            interactive::run(shell)
        }
        Source::Standard => shell.run_input(&mut StandardInput::default(), false),
    }
}

/// Options, then what is left: the source, and whether it is to be interactive in any case.
fn choose(shell: &mut Shell, arguments: &[Text]) -> Outcome<Option<(Source, bool)>> {
    let (mut text, mut standard, mut forced) = (false, false, false);
    let mut options: Vec<Text> = Vec::new();
    let mut rest = arguments.get(1..).unwrap_or(&[]);
    while let Some((first, behind)) = rest.split_first() {
        let is_option = first.len() > 1 && matches!(first[0], b'-' | b'+');
        if !is_option {
            break;
        }
        rest = behind;
        if first == b"--" {
            break;
        }
        let mut kept = vec![first[0]];
        for letter in &first[1..] {
            match letter {
                b'c' => text = true,
                b's' => standard = true,
                b'i' => forced = true,
                b'l' => {}
                _ => kept.push(*letter),
            }
        }
        let takes_name = kept.ends_with(b"o");
        if kept.len() > 1 {
            options.push(kept);
        }
        if let Some((name, behind)) = rest.split_first().filter(|_| takes_name) {
            options.push(name.clone());
            rest = behind;
        }
    }
    set_options(shell, &options)?;
    if text {
        let Some((commands, behind)) = rest.split_first() else {
            return shell.fail("-c: which commands?");
        };
        if let Some((name, parameters)) = behind.split_first() {
            shell.name = name.clone();
            shell.parameters = parameters.to_vec();
        }
        return Ok(Some((Source::Text(commands.clone()), forced)));
    }
    if standard {
        shell.parameters = rest.to_vec();
        return Ok(Some((Source::Standard, forced)));
    }
    Ok(Some(match rest.split_first() {
        Some((file, parameters)) => {
            shell.name = file.clone();
            shell.parameters = parameters.to_vec();
            (Source::File(file.clone()), forced)
        }
        None => (Source::Standard, forced),
    }))
}
