//! The shell's options (XCU `set`): `-e -u -x` and their like, by letter and by name.

/// The options that can be set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// `-a`: what is set is exported.
    pub all_export: bool,
    /// `-b`: accepted, and without meaning here.
    pub notify: bool,
    /// `-C`: `>` does not overwrite.
    pub no_clobber: bool,
    /// `-e`: a command that fails ends the shell.
    pub exit_on_error: bool,
    /// `-f`: no pathname expansion.
    pub no_glob: bool,
    /// `-h`: accepted, and without meaning here.
    pub hash_all: bool,
    /// `-m`: job control.
    pub monitor: bool,
    /// `-n`: commands are read and not run.
    pub no_exec: bool,
    /// `-u`: an unset parameter is an error.
    pub no_unset: bool,
    /// `-v`: what is read is printed.
    pub verbose: bool,
    /// `-x`: what is run is printed.
    pub trace: bool,
    /// `-o ignoreeof`
    pub ignore_eof: bool,
    /// `-o nolog`: accepted, and without meaning here.
    pub no_log: bool,
    /// `-o vi`: keys as in vi.
    pub vi: bool,
}

/// Letters (0 for none) and names.
pub(crate) const ALL: [(u8, &str); 14] = [
    (b'a', "allexport"),
    (b'b', "notify"),
    (b'C', "noclobber"),
    (b'e', "errexit"),
    (b'f', "noglob"),
    (b'h', "hashall"),
    (b'm', "monitor"),
    (b'n', "noexec"),
    (b'u', "nounset"),
    (b'v', "verbose"),
    (b'x', "xtrace"),
    (0, "ignoreeof"),
    (0, "nolog"),
    (0, "vi"),
];

impl Options {
    /// The option at this place of [`ALL`].
    pub fn at(&mut self, index: usize) -> &mut bool {
        [
            &mut self.all_export,
            &mut self.notify,
            &mut self.no_clobber,
            &mut self.exit_on_error,
            &mut self.no_glob,
            &mut self.hash_all,
            &mut self.monitor,
            &mut self.no_exec,
            &mut self.no_unset,
            &mut self.verbose,
            &mut self.trace,
            &mut self.ignore_eof,
            &mut self.no_log,
            &mut self.vi,
        ]
        .into_iter()
        .nth(index)
        .expect("an index of ALL")
    }

    /// The option of a letter.
    pub fn by_letter(&mut self, letter: u8) -> Option<&mut bool> {
        let index = ALL
            .iter()
            .position(|(other, _)| *other == letter && letter != 0)?;
        Some(self.at(index))
    }

    /// The option of a name.
    pub fn by_name(&mut self, name: &[u8]) -> Option<&mut bool> {
        let index = ALL.iter().position(|(_, other)| other.as_bytes() == name)?;
        Some(self.at(index))
    }

    /// `$-`
    pub fn letters(&self) -> Vec<u8> {
        let mut copy = self.clone();
        let set = ALL.iter().enumerate().filter(|(index, _)| *copy.at(*index));
        set.map(|(_, (letter, _))| *letter)
            .filter(|letter| *letter != 0)
            .collect()
    }
}
