//! Simple commands (XCU 2.9.1): words to fields, then redirections, then assignments, then what the name stands for.

use std::ffi::CString;
use std::rc::Rc;

use nix::errno::Errno;
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, posix_spawn};
use nix::unistd::Pid;

use crate::arithmetic::name_length;
use crate::ast::{Assignment, Command, Part, Simple, Text, Word};
use crate::builtins::{self, Builtin};
use crate::kernel;
use crate::redirect::{Failed, Saved};
use crate::shell::{ERROR, Flow, Outcome, Shell, lossy};
use crate::variables::{Variable, c_string};

/// What a name stands for (XCU 2.9.1.4).
pub(crate) enum Meaning {
    Special(Builtin),
    Function(Rc<Command>),
    Regular(Builtin),
    /// A program, to be looked up.
    Program,
}

/// There is no such program, or none that can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    NotFound,
    NotExecutable,
}

impl Missing {
    /// The status of a command that cannot be run (XCU 2.8.2).
    pub fn status(self) -> i32 {
        match self {
            Self::NotFound => 127,
            Self::NotExecutable => 126,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::NotFound => "not found",
            Self::NotExecutable => "cannot be executed",
        }
    }
}

impl Shell {
    pub fn run_simple(&mut self, simple: &Simple, source: &[u8]) -> Outcome {
        let is_last = std::mem::take(&mut self.is_last);
        self.line = simple.line;
        self.substitution = None;
        let fields = self.command_fields(simple)?;
        let Some(name) = fields.first() else {
            return self.run_nothing(simple);
        };
        match self.meaning(name) {
            Meaning::Special(builtin) => self.run_special(simple, &fields, builtin),
            Meaning::Function(body) => self.run_function(simple, &fields, &body),
            Meaning::Regular(builtin) => self.run_regular(simple, &fields, builtin),
            Meaning::Program => self.run_program(simple, &fields, is_last, source),
        }
    }

    /// Fields; what `export` and `readonly` are given like assignments is expanded like them (POSIX.1-2024).
    fn command_fields(&mut self, simple: &Simple) -> Outcome<Vec<Text>> {
        let declares = simple
            .words
            .first()
            .and_then(Word::literal)
            .is_some_and(|name| matches!(name, b"export" | b"readonly"));
        if !declares {
            return self.expand_fields(&simple.words);
        }
        let mut fields = Vec::new();
        for word in &simple.words {
            if is_assignment(word) {
                fields.push(self.expand_assignment(word)?);
            } else {
                self.expand_into(word, &mut fields)?;
            }
        }
        Ok(fields)
    }

    pub fn meaning(&self, name: &[u8]) -> Meaning {
        let builtin = builtins::find(name);
        match builtin {
            Some(builtin) if builtin.is_special => Meaning::Special(builtin),
            _ => match (self.functions.get(name), builtin) {
                (Some(body), _) => Meaning::Function(Rc::clone(body)),
                (None, Some(builtin)) => Meaning::Regular(builtin),
                (None, None) => Meaning::Program,
            },
        }
    }

    /// Values of assignments, in order: one may use what the one before has set, so each is set at once by `set`.
    fn assign(
        &mut self,
        assignments: &[Assignment],
        mut set: impl FnMut(&mut Self, &[u8], Text) -> Outcome,
    ) -> Outcome<Vec<(Text, Text)>> {
        let mut traced = Vec::new();
        for assignment in assignments {
            let value = self.expand_assignment(&assignment.value)?;
            if self.options.trace {
                traced.push((assignment.name.clone(), value.clone()));
            }
            set(self, &assignment.name, value)?;
        }
        Ok(traced)
    }

    /// A command without a name: assignments and redirections only.
    fn run_nothing(&mut self, simple: &Simple) -> Outcome {
        if !simple.redirections.is_empty() {
            match self.redirect(&simple.redirections)? {
                Ok(saved) => self.undo(saved),
                Err(Failed) => {
                    self.status = ERROR;
                    return Ok(());
                }
            }
        }
        let traced = self.assign(&simple.assignments, Self::set_variable)?;
        self.trace(&traced, &[])?;
        self.status = self.substitution.unwrap_or(0);
        Ok(())
    }

    /// A special built-in: assignments stay, and an error ends the shell (XCU 2.15).
    fn run_special(&mut self, simple: &Simple, fields: &[Text], builtin: Builtin) -> Outcome {
        let saved = match self.redirect(&simple.redirections)? {
            Ok(saved) => saved,
            Err(Failed) => {
                self.status = ERROR;
                return Err(Flow::Error);
            }
        };
        let traced = self.assign(&simple.assignments, Self::set_variable);
        let outcome = traced.and_then(|traced| {
            self.trace(&traced, fields)?;
            if fields[0] == b"exec" {
                for assignment in &simple.assignments {
                    self.variables.entry(&assignment.name).exported = true;
                }
            }
            self.run_builtin(builtin, fields)
        });
        if fields[0] == b"exec" && outcome.is_ok() {
            self.forget(saved);
        } else {
            self.undo(saved);
        }
        outcome
    }

    fn run_regular(&mut self, simple: &Simple, fields: &[Text], builtin: Builtin) -> Outcome {
        if simple.redirections.is_empty() && simple.assignments.is_empty() {
            self.trace(&[], fields)?;
            return self.run_builtin(builtin, fields);
        }
        self.surrounded(simple, fields, |shell| shell.run_builtin(builtin, fields))
    }

    fn run_function(&mut self, simple: &Simple, fields: &[Text], body: &Command) -> Outcome {
        self.surrounded(simple, fields, |shell| shell.call(fields, body))
    }

    /// Runs `run` with the redirections and the assignments of a command, which do not outlive it.
    fn surrounded(
        &mut self,
        simple: &Simple,
        fields: &[Text],
        run: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let saved = match self.redirect(&simple.redirections)? {
            Ok(saved) => saved,
            Err(Failed) => {
                self.status = ERROR;
                return Ok(());
            }
        };
        let mut old: Vec<(Text, Option<Variable>)> = Vec::new();
        let assigned = self.assign(&simple.assignments, |shell, name, value| {
            old.push((name.to_vec(), shell.variables.variable(name).cloned()));
            shell.set_variable(name, value)?;
            shell.variables.entry(name).exported = true;
            Ok(())
        });
        let outcome = assigned.and_then(|traced| {
            self.trace(&traced, fields)?;
            run(self)
        });
        for (name, variable) in old.into_iter().rev() {
            self.variables.restore(&name, variable);
        }
        self.undo(saved);
        outcome
    }

    /// Runs a built-in command and writes what it prints.
    pub fn run_builtin(&mut self, builtin: Builtin, fields: &[Text]) -> Outcome {
        let outcome = (builtin.run)(self, fields);
        let written = self.flush();
        self.status = outcome?;
        if let Err(error) = written {
            self.complain(format_args!(
                "{}: cannot write: {}",
                lossy(&fields[0]),
                error.desc()
            ));
            self.status = 1;
        }
        Ok(())
    }

    /// Calls a function: its arguments are the positional parameters as long as it runs (XCU 2.9.5).
    fn call(&mut self, fields: &[Text], body: &Command) -> Outcome {
        let parameters = std::mem::replace(&mut self.parameters, fields[1..].to_vec());
        let loops = std::mem::take(&mut self.loops);
        self.calls += 1;
        let outcome = self.run_command(body, &fields[0]);
        self.calls -= 1;
        self.loops = loops;
        self.parameters = parameters;
        match outcome {
            Err(Flow::Return) => Ok(()),
            outcome => outcome,
        }
    }

    fn run_program(&mut self, simple: &Simple, fields: &[Text], is_last: bool, source: &[u8]) -> Outcome {
        if is_last && !self.traps.run_anything() {
            return self.run_in_place(simple, fields);
        }
        if self.interactive || self.options.monitor {
            return self.run_job(source, |shell| shell.run_in_place(simple, fields));
        }
        let saved = match self.redirect(&simple.redirections)? {
            Ok(saved) => saved,
            Err(Failed) => {
                self.status = ERROR;
                return Ok(());
            }
        };
        let outcome = self.spawn_program(simple, fields, saved);
        if let Some(pid) = outcome? {
            self.status = self.wait_for(pid);
        }
        Ok(())
    }

    /// The quick way: posix_spawn shares the memory with the child until it executes, where fork copies page tables.
    fn spawn_program(&mut self, simple: &Simple, fields: &[Text], saved: Saved) -> Outcome<Option<Pid>> {
        let result = self.overrides(simple).and_then(|overrides| {
            self.trace(&overrides, fields)?;
            self.spawn(fields, &overrides)
        });
        self.undo(saved);
        result
    }

    fn spawn(&mut self, fields: &[Text], overrides: &[(Text, Text)]) -> Outcome<Option<Pid>> {
        let path = match self.find_program(&fields[0]) {
            Ok(path) => path,
            Err(missing) => {
                self.status = self.tell_missing(&fields[0], missing);
                return Ok(None);
            }
        };
        match start(&path, fields, &self.variables.environment(overrides)) {
            Ok(pid) => Ok(Some(pid)),
            // A script without `#!`: a child runs it as a shell (XCU 2.9.1.4).
            Err(Errno::ENOEXEC) => self
                .fork_plain(|shell| shell.execute(fields, overrides))
                .map(Some),
            Err(error) => {
                self.status = self.cannot_execute(&fields[0], error);
                Ok(None)
            }
        }
    }

    /// The assignments in front of a program, which are in its environment only.
    fn overrides(&mut self, simple: &Simple) -> Outcome<Vec<(Text, Text)>> {
        let mut overrides: Vec<(Text, Text)> = Vec::new();
        for assignment in &simple.assignments {
            if self
                .variables
                .variable(&assignment.name)
                .is_some_and(|variable| variable.read_only)
            {
                return self.fail(format_args!("{}: is read only", lossy(&assignment.name)));
            }
            let value = self.expand_assignment(&assignment.value)?;
            overrides.push((assignment.name.clone(), value));
        }
        Ok(overrides)
    }

    /// Executes a program in this process. In a child, or where the shell ends with it.
    fn run_in_place(&mut self, simple: &Simple, fields: &[Text]) -> Outcome {
        self.redirect_for_good(&simple.redirections)?;
        let overrides = self.overrides(simple)?;
        self.trace(&overrides, fields)?;
        self.execute(fields, &overrides)
    }

    /// Replaces this process by a program; whatever comes back ends it.
    pub fn execute(&mut self, fields: &[Text], overrides: &[(Text, Text)]) -> Outcome {
        let path = match self.find_program(&fields[0]) {
            Ok(path) => path,
            Err(missing) => {
                self.status = self.tell_missing(&fields[0], missing);
                return Err(Flow::Exit);
            }
        };
        if self.interactive {
            self.traps.leave_interactive();
        }
        let environment = self.variables.environment(overrides);
        let error = kernel::exec(&c_string(&[&path]), &arguments(fields), &environment);
        if error == Errno::ENOEXEC {
            for (name, value) in overrides {
                let _ = self.variables.set(name, value.clone());
                self.variables.entry(name).exported = true;
            }
            return self.become_script(&path, fields[1..].to_vec());
        }
        self.status = self.cannot_execute(&fields[0], error);
        Err(Flow::Exit)
    }

    fn cannot_execute(&self, name: &[u8], error: Errno) -> i32 {
        self.complain(format_args!("{}: {}", lossy(name), error.desc()));
        if matches!(error, Errno::ENOENT | Errno::ENOTDIR) {
            127
        } else {
            126
        }
    }

    pub fn tell_missing(&self, name: &[u8], missing: Missing) -> i32 {
        self.complain(format_args!("{}: {}", lossy(name), missing.text()));
        missing.status()
    }

    /// The path of a program: a name with a slash is one, any other is looked for along `PATH`.
    pub fn find_program(&mut self, name: &[u8]) -> Result<Text, Missing> {
        if name.contains(&b'/') {
            return Ok(name.to_vec());
        }
        if self.found_for != self.variables.path_changes {
            self.found.clear();
            self.found_for = self.variables.path_changes;
        }
        if let Some(path) = self.found.get(name)
            && is_executable(path)
        {
            return Ok(path.clone());
        }
        let path = search(self.variables.value(b"PATH").unwrap_or(b""), name)?;
        self.found.insert(name.to_vec(), path.clone());
        Ok(path)
    }

    /// What `set -x` prints.
    fn trace(&mut self, assignments: &[(Text, Text)], fields: &[Text]) -> Outcome {
        if !self.options.trace {
            return Ok(());
        }
        self.options.trace = false;
        let mut line = self.prompt(b"PS4");
        self.options.trace = true;
        let assignments = assignments
            .iter()
            .map(|(name, value)| [name.as_slice(), b"=", value].concat());
        let pieces: Vec<Text> = assignments.chain(fields.iter().cloned()).collect();
        line.extend(pieces.join(&b' '));
        line.push(b'\n');
        let _ = kernel::write_all(2, &line);
        Ok(())
    }
}

fn is_assignment(word: &Word) -> bool {
    match word.parts.first() {
        Some(Part::Literal(text)) => {
            let length = name_length(text);
            length > 0 && text.get(length) == Some(&b'=')
        }
        _ => false,
    }
}

/// Starts a program with this process's descriptors, mask and ignored signals.
fn start(path: &[u8], fields: &[Text], environment: &[CString]) -> nix::Result<Pid> {
    let path = c_string(&[path]);
    let actions = PosixSpawnFileActions::init()?;
    let attributes = PosixSpawnAttr::init()?;
    posix_spawn(
        path.as_c_str(),
        &actions,
        &attributes,
        &arguments(fields),
        environment,
    )
}

fn arguments(fields: &[Text]) -> Vec<CString> {
    fields.iter().map(|field| c_string(&[field])).collect()
}

/// Whether a path is that of a file that may be executed.
fn is_executable(path: &[u8]) -> bool {
    let path = crate::glob::path_of(path);
    path.is_file() && kernel::may_access(path, libc::X_OK)
}

/// Looks for a program along a `PATH` (XBD 8.3): an empty prefix is the current directory.
pub(crate) fn search(path: &[u8], name: &[u8]) -> Result<Text, Missing> {
    if name.is_empty() {
        return Err(Missing::NotFound);
    }
    let mut missing = Missing::NotFound;
    for directory in path.split(|byte| *byte == b':') {
        let directory = if directory.is_empty() { b"." } else { directory };
        let candidate = [directory, b"/", name].concat();
        if is_executable(&candidate) {
            return Ok(candidate);
        }
        if crate::glob::path_of(&candidate).is_file() {
            missing = Missing::NotExecutable;
        }
    }
    Err(missing)
}
