//! A shell on a terminal: prompts, line editing with history and completion, and the loop around them.

use std::path::PathBuf;

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Context, EditMode, Editor, Helper, Highlighter, Hinter, Validator};

use crate::ast::Text;
use crate::complete::{Names, complete};
use crate::glob::path_of;
use crate::input::StandardInput;
use crate::parser::{Input, Parser, parse_document};
use crate::shell::{Flow, Outcome, Shell};
use crate::{builtins, kernel};

/// Runs an interactive shell until it ends.
pub(crate) fn run(shell: &mut Shell) -> Outcome {
    shell.interactive = true;
    shell.traps.become_interactive();
    shell.options.monitor = shell.take_terminal();
    for (name, value) in [("PS1", "$ "), ("PS2", "> ")] {
        if shell.variables.value(name.as_bytes()).is_none() {
            shell.set_variable(name.as_bytes(), value.into())?;
        }
    }
    read_environment_file(shell)?;
    let mut lines = Lines::new(shell);
    let mut warned = false;
    loop {
        shell.tell_of_jobs();
        lines.prepare(shell);
        let command = Parser::new(&mut lines, shell.aliases.clone()).next_command();
        if kernel::is_any_pending() {
            // Ctrl-C while a line was typed ends nothing.
            if shell.run_traps() == Err(Flow::Exit) {
                break;
            }
        }
        match std::mem::take(&mut lines.end) {
            Some(End::Interrupted) => {
                shell.status = 128 + libc::SIGINT;
                continue;
            }
            // Nobody can type any more.
            Some(End::Gone) => {
                shell.hang_up();
                break;
            }
            Some(End::Eof) if shell.options.ignore_eof => {
                let _ = kernel::write_all(2, b"Use \"exit\" to leave the shell.\n");
                continue;
            }
            Some(End::Eof) => {
                let _ = kernel::write_all(2, b"\n");
                if may_leave(shell, &mut warned) {
                    break;
                }
                continue;
            }
            None => {}
        }
        match command {
            Ok(Some(list)) => match shell.run_list(&list) {
                Err(Flow::Exit) => {
                    if may_leave(shell, &mut warned) {
                        break;
                    }
                    continue;
                }
                Ok(()) | Err(_) => shell.loops = 0,
            },
            Ok(None) => {}
            Err(error) => {
                shell.complain(error);
                shell.status = crate::shell::ERROR;
            }
        }
        shell.unguarded = 0;
        warned = false;
    }
    lines.save();
    Ok(())
}

/// The first attempt to leave stopped jobs behind is only answered.
fn may_leave(shell: &mut Shell, warned: &mut bool) -> bool {
    if *warned || !shell.has_stopped_jobs() {
        return true;
    }
    let _ = kernel::write_all(2, b"There are stopped jobs.\n");
    *warned = true;
    false
}

/// Commands of the file that `ENV` names.
fn read_environment_file(shell: &mut Shell) -> Outcome {
    let path = shell.prompt(b"ENV");
    match std::fs::read(path_of(&path)) {
        Ok(text) if !path.is_empty() => match shell.run_text(text) {
            Err(Flow::Exit) => Err(Flow::Exit),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

impl Shell {
    /// The value of a variable with its expansions, for a prompt.
    pub fn prompt(&mut self, name: &[u8]) -> Text {
        let text = self.variables.value(name).unwrap_or(b"").to_vec();
        if !text.iter().any(|byte| matches!(byte, b'$' | b'`' | b'\\')) {
            return text;
        }
        let (status, substitution) = (self.status, self.substitution);
        let expanded = parse_document(&text)
            .ok()
            .and_then(|word| self.expand_text(&word).ok());
        (self.status, self.substitution) = (status, substitution);
        expanded.unwrap_or(text)
    }
}

/// Why there is no line.
enum End {
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D.
    Eof,
    /// The terminal has hung up.
    Gone,
}

/// Lines that are typed.
struct Lines {
    /// `None` where there is no terminal to edit on.
    editor: Option<Editor<LineHelper, FileHistory>>,
    plain: StandardInput,
    prompts: [Text; 2],
    history: Option<PathBuf>,
    end: Option<End>,
}

impl Lines {
    fn new(shell: &Shell) -> Self {
        let mode = if shell.options.vi {
            EditMode::Vi
        } else {
            EditMode::Emacs
        };
        let config = Config::builder()
            .auto_add_history(true)
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .edit_mode(mode)
            .bracketed_paste(false)
            .build();
        let mut editor = if kernel::is_terminal(0) {
            Editor::with_config(config).ok()
        } else {
            None
        };
        if let Some(editor) = &mut editor {
            editor.set_helper(Some(LineHelper::default()));
        }
        let history = shell
            .variables
            .value(b"HISTFILE")
            .map(|path| path_of(path).to_path_buf());
        if let (Some(editor), Some(history)) = (&mut editor, &history) {
            // The first shell finds no history, and makes it.
            let _ = editor.load_history(history);
        }
        Self {
            editor,
            plain: StandardInput::default(),
            prompts: Default::default(),
            history,
            end: None,
        }
    }

    /// Takes prompts and names from the shell, before a command is read.
    fn prepare(&mut self, shell: &mut Shell) {
        self.prompts = [shell.prompt(b"PS1"), shell.prompt(b"PS2")];
        self.plain.prompts = Some(self.prompts.clone());
        if let Some(helper) = self.editor.as_mut().and_then(Editor::helper_mut) {
            helper.names = Names::new(
                builtins::NAMES.iter().map(|name| name.as_bytes().to_vec()),
                shell
                    .functions
                    .keys()
                    .chain(shell.aliases.borrow().keys())
                    .cloned(),
                shell.variables.sorted().into_iter().map(|(name, _)| name.clone()),
                shell.variables.value(b"PATH").unwrap_or(b""),
                shell.variables.value(b"HOME").unwrap_or(b""),
            );
        }
    }

    /// Writes the history, where it is wanted.
    fn save(&mut self) {
        if let (Some(editor), Some(history)) = (&mut self.editor, &self.history) {
            let _ = editor.save_history(history);
        }
    }
}

impl Input for Lines {
    fn more(&mut self, continued: bool) -> Option<Text> {
        let Some(editor) = &mut self.editor else {
            let line = self.plain.more(continued);
            if line.is_none() {
                self.end = Some(End::Eof);
            }
            return line;
        };
        let prompt = String::from_utf8_lossy(&self.prompts[usize::from(continued)]);
        self.end = Some(match editor.readline(&*prompt) {
            Ok(mut line) => {
                line.push('\n');
                return Some(line.into_bytes());
            }
            Err(ReadlineError::Interrupted) => End::Interrupted,
            Err(ReadlineError::Eof) => End::Eof,
            Err(_) => End::Gone,
        });
        None
    }
}

/// What the line editor asks for.
#[derive(Default, Helper, Highlighter, Hinter, Validator)]
struct LineHelper {
    names: Names,
}

impl Completer for LineHelper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let completion = complete(&line[..position], &self.names);
        let pairs = completion.candidates.into_iter();
        let pairs = pairs.map(|candidate| Pair {
            display: candidate.clone(),
            replacement: candidate,
        });
        Ok((completion.start, pairs.collect()))
    }
}
