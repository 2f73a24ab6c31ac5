//! Running the syntax tree: lists, pipelines and compound commands (XCU 2.9.2 to 2.9.5).

use std::rc::Rc;

use crate::ast::{AndOr, Arm, Command, Compound, Connector, List, Pipeline, Word};
use crate::ast::{Redirection, Text};
use crate::parser::{Input, Parser, WholeText};
use crate::redirect::Failed;
use crate::shell::{ERROR, Flow, Outcome, Shell};
use crate::{kernel, pattern};

impl Shell {
    /// Parses and runs a text.
    pub fn run_text(&mut self, text: Text) -> Outcome {
        self.run_input(&mut WholeText(Some(text)), false)
    }

    /// Parses and runs what an input gives, command by command. `is_last`: the shell ends with it.
    pub fn run_input(&mut self, input: &mut dyn Input, is_last: bool) -> Outcome {
        let mut parser = Parser::new(input, Rc::clone(&self.aliases));
        // Of a text without commands the status is zero.
        let mut status = 0;
        loop {
            match parser.next_command() {
                Ok(Some(list)) => {
                    self.is_last = is_last && parser.is_at_end();
                    self.run_list(&list)?;
                    if !list.items.is_empty() {
                        status = self.status;
                    }
                }
                Ok(None) => break,
                Err(error) => return self.fail(error),
            }
        }
        self.status = status;
        Ok(())
    }

    /// Runs a list; the status is that of its last command.
    pub fn run_list(&mut self, list: &List) -> Outcome {
        let is_last = std::mem::take(&mut self.is_last);
        self.check_depth()?;
        if self.options.no_exec && !self.interactive {
            return Ok(());
        }
        for (index, item) in list.items.iter().enumerate() {
            if item.background {
                self.run_in_background(item)?;
            } else {
                self.is_last = is_last && index + 1 == list.items.len();
                self.run_and_or(item)?;
            }
        }
        Ok(())
    }

    pub fn run_and_or(&mut self, and_or: &AndOr) -> Outcome {
        if and_or.rest.is_empty() {
            return self.run_pipeline(&and_or.first, &and_or.source);
        }
        let is_last = std::mem::take(&mut self.is_last);
        self.unguarded(|shell| shell.run_pipeline(&and_or.first, &and_or.source))?;
        for (index, (connector, pipeline)) in and_or.rest.iter().enumerate() {
            if (*connector == Connector::And) != (self.status == 0) {
                continue;
            }
            if index + 1 < and_or.rest.len() {
                self.unguarded(|shell| shell.run_pipeline(pipeline, &and_or.source))?;
            } else {
                self.is_last = is_last;
                self.run_pipeline(pipeline, &and_or.source)?;
            }
        }
        Ok(())
    }

    /// Runs what may fail under `set -e`.
    fn unguarded<T>(&mut self, run: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        self.unguarded += 1;
        let outcome = run(self);
        self.unguarded -= 1;
        outcome
    }

    fn run_pipeline(&mut self, pipeline: &Pipeline, source: &[u8]) -> Outcome {
        if pipeline.negated {
            self.is_last = false;
            self.unguarded(|shell| shell.run_commands(&pipeline.commands, source))?;
            self.status = i32::from(self.status == 0);
            return Ok(());
        }
        self.run_commands(&pipeline.commands, source)?;
        if self.status != 0 && self.options.exit_on_error && self.unguarded == 0 {
            // What fails inside a compound command has been seen there, or is to be ignored.
            let counts = match pipeline.commands.as_slice() {
                [Command::Compound(compound, _)] => matches!(compound, Compound::Subshell(_)),
                _ => true,
            };
            if counts {
                return Err(Flow::Exit);
            }
        }
        Ok(())
    }

    fn run_commands(&mut self, commands: &[Command], source: &[u8]) -> Outcome {
        match commands {
            [command] => self.run_command(command, source)?,
            _ => {
                self.is_last = false;
                self.run_piped(commands, source)?;
            }
        }
        if kernel::is_any_pending() {
            self.run_traps()?;
        }
        Ok(())
    }

    /// Runs one command in this shell.
    pub fn run_command(&mut self, command: &Command, source: &[u8]) -> Outcome {
        match command {
            Command::Simple(simple) => self.run_simple(simple, source),
            Command::Compound(Compound::Subshell(list), redirections) => {
                self.run_subshell(list, redirections, source)
            }
            Command::Compound(compound, redirections) if redirections.is_empty() => {
                self.run_compound(compound)
            }
            Command::Compound(compound, redirections) => self.run_redirected(compound, redirections),
            Command::Function(name, body) => {
                self.functions.insert(name.clone(), Rc::clone(body));
                self.status = 0;
                Ok(())
            }
        }
    }

    fn run_redirected(&mut self, compound: &Compound, redirections: &[Redirection]) -> Outcome {
        let is_last = std::mem::take(&mut self.is_last);
        match self.redirect(redirections)? {
            Ok(saved) => {
                self.is_last = is_last;
                let outcome = self.run_compound(compound);
                self.undo(saved);
                outcome
            }
            Err(Failed) => {
                self.status = ERROR;
                Ok(())
            }
        }
    }

    fn run_subshell(&mut self, list: &List, redirections: &[Redirection], source: &[u8]) -> Outcome {
        if std::mem::take(&mut self.is_last) && !self.traps.run_anything() {
            // This process ends with the subshell: it can as well be the subshell.
            self.enter_subshell();
            self.redirect_for_good(redirections)?;
            self.is_last = true;
            return self.run_list(list).and(Err(Flow::Exit));
        }
        self.run_job(source, |shell| {
            shell.redirect_for_good(redirections)?;
            shell.run_list(list)
        })
    }

    fn run_compound(&mut self, compound: &Compound) -> Outcome {
        let is_last = std::mem::take(&mut self.is_last);
        match compound {
            Compound::Group(list) | Compound::Subshell(list) => {
                self.is_last = is_last;
                self.run_list(list)
            }
            Compound::If { branches, otherwise } => {
                for (condition, body) in branches {
                    if self.holds(condition)? {
                        self.is_last = is_last;
                        return self.run_list(body);
                    }
                }
                match otherwise {
                    Some(body) => {
                        self.is_last = is_last;
                        self.run_list(body)
                    }
                    None => {
                        self.status = 0;
                        Ok(())
                    }
                }
            }
            Compound::Loop {
                condition,
                until,
                body,
            } => self.looped(|shell| shell.run_loop(condition, *until, body)),
            Compound::For {
                variable,
                words,
                body,
            } => {
                let values = match words {
                    Some(words) => self.expand_fields(words)?,
                    None => self.parameters.clone(),
                };
                self.looped(|shell| shell.run_for(variable, values, body))
            }
            Compound::Case { subject, arms } => self.run_case(subject, arms, is_last),
        }
    }

    fn holds(&mut self, condition: &List) -> Outcome<bool> {
        self.unguarded(|shell| shell.run_list(condition))?;
        Ok(self.status == 0)
    }

    fn looped(&mut self, run: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        self.loops += 1;
        let outcome = run(self);
        self.loops -= 1;
        outcome
    }

    fn run_loop(&mut self, condition: &List, until: bool, body: &List) -> Outcome {
        let mut status = 0;
        loop {
            match self.holds(condition) {
                Ok(holds) if holds == until => break,
                Ok(_) => {
                    let outcome = self.run_list(body);
                    status = self.status;
                    if !goes_on(outcome)? {
                        break;
                    }
                }
                Err(flow) => {
                    status = self.status;
                    if !goes_on(Err(flow))? {
                        break;
                    }
                }
            }
        }
        self.status = status;
        Ok(())
    }

    fn run_for(&mut self, variable: &[u8], values: Vec<Text>, body: &List) -> Outcome {
        let mut status = 0;
        for value in values {
            self.set_variable(variable, value)?;
            let outcome = self.run_list(body);
            status = self.status;
            if !goes_on(outcome)? {
                break;
            }
        }
        self.status = status;
        Ok(())
    }

    fn run_case(&mut self, subject: &Word, arms: &[Arm], is_last: bool) -> Outcome {
        self.substitution = None;
        let text = self.expand_text(subject)?;
        let mut falls_through = false;
        for arm in arms {
            if falls_through || self.is_matched(arm, &text)? {
                self.is_last = is_last && !arm.falls_through;
                self.status = 0;
                self.run_list(&arm.body)?;
                if !arm.falls_through {
                    return Ok(());
                }
                falls_through = true;
            }
        }
        if !falls_through {
            self.status = 0;
        }
        Ok(())
    }

    fn is_matched(&mut self, arm: &Arm, text: &[u8]) -> Outcome<bool> {
        for word in &arm.patterns {
            let pattern = self.expand_pattern(word)?;
            if pattern::matches(&pattern, text) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a loop goes on behind a round that ended like this; `Err` is for what is around it.
fn goes_on(outcome: Outcome) -> Outcome<bool> {
    match outcome {
        Ok(()) | Err(Flow::Continue(1)) => Ok(true),
        Err(Flow::Break(1)) => Ok(false),
        Err(Flow::Break(levels)) => Err(Flow::Break(levels - 1)),
        Err(Flow::Continue(levels)) => Err(Flow::Continue(levels - 1)),
        Err(flow) => Err(flow),
    }
}
