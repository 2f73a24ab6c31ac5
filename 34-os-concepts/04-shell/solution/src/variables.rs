//! Variables (XCU 2.5.3): values, and whether they are exported or read-only.

use std::collections::HashMap;
use std::ffi::CString;
use std::hash::{BuildHasherDefault, Hasher};
use std::os::unix::ffi::OsStringExt;
use std::rc::Rc;

use crate::arithmetic::name_length;
use crate::ast::Text;

/// A variable was to be changed that is read-only.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReadOnly;

/// A variable, or a name that is exported or read-only without having a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variable {
    pub value: Option<Text>,
    pub exported: bool,
    pub read_only: bool,
}

/// What `IFS` means, byte by byte: looked up for each byte of each expansion, computed when `IFS` changes.
#[derive(Debug)]
pub(crate) struct Separators {
    kinds: [Separator; 256],
    /// What joins the fields of `"$*"`.
    pub first: Option<u8>,
}

/// What a byte is to field splitting (XCU 2.6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    No,
    /// White space of `IFS`: any number of them separate two fields.
    Blank,
    /// Any other byte of `IFS`: each ends a field.
    Mark,
}

impl Separators {
    /// Of this value of `IFS`; unset, it is as if it were blank, tab and newline.
    fn new(value: Option<&[u8]>) -> Self {
        let value = value.unwrap_or(b" \t\n");
        let mut kinds = [Separator::No; 256];
        for &byte in value {
            kinds[usize::from(byte)] = match byte {
                b' ' | b'\t' | b'\n' => Separator::Blank,
                _ => Separator::Mark,
            };
        }
        Self {
            kinds,
            first: value.first().copied(),
        }
    }

    pub fn kind(&self, byte: u8) -> Separator {
        self.kinds[usize::from(byte)]
    }
}

/// FNV-1a: names are short, and nobody attacks a shell with names.
#[derive(Debug)]
pub(crate) struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A map from names.
pub(crate) type Names<T> = HashMap<Text, T, BuildHasherDefault<NameHasher>>;

/// All variables.
#[derive(Debug)]
pub(crate) struct Variables {
    map: Names<Variable>,
    separators: Rc<Separators>,
    /// Counts the changes of `PATH`: what has been found along an older one is out of date.
    pub path_changes: u64,
    /// Set when a script sets `OPTIND`: `getopts` begins anew.
    pub restarts_options: bool,
}

impl Variables {
    /// Those of the environment, exported.
    pub fn from_environment() -> Self {
        let mut map = Names::default();
        for (name, value) in std::env::vars_os() {
            let name = name.into_vec();
            // What is no name cannot be used, and is not handed on.
            if name_length(&name) == name.len() && name != b"IFS" {
                let value = Some(value.into_vec());
                map.insert(
                    name,
                    Variable {
                        value,
                        exported: true,
                        read_only: false,
                    },
                );
            }
        }
        let mut variables = Self {
            map,
            separators: Rc::new(Separators::new(None)),
            path_changes: 0,
            restarts_options: false,
        };
        for (name, value) in [("IFS", " \t\n"), ("OPTIND", "1"), ("PS4", "+ ")] {
            if name != "PS4" || variables.value(b"PS4").is_none() {
                let _ = variables.set(name.as_bytes(), value.into());
            }
        }
        variables
    }

    pub fn value(&self, name: &[u8]) -> Option<&[u8]> {
        self.map.get(name)?.value.as_deref()
    }

    pub fn separators(&self) -> Rc<Separators> {
        Rc::clone(&self.separators)
    }

    pub fn variable(&self, name: &[u8]) -> Option<&Variable> {
        self.map.get(name)
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &[u8], value: Text) -> Result<(), ReadOnly> {
        match self.map.get_mut(name) {
            Some(variable) if variable.read_only => return Err(ReadOnly),
            Some(variable) => variable.value = Some(value),
            None => {
                let variable = Variable {
                    value: Some(value),
                    ..Variable::default()
                };
                self.map.insert(name.to_vec(), variable);
            }
        }
        self.changed(name);
        Ok(())
    }

    pub fn unset(&mut self, name: &[u8]) -> Result<(), ReadOnly> {
        if self.map.get(name).is_some_and(|variable| variable.read_only) {
            return Err(ReadOnly);
        }
        self.map.remove(name);
        self.changed(name);
        Ok(())
    }

    /// The entry of a name, to change its attributes.
    pub fn entry(&mut self, name: &[u8]) -> &mut Variable {
        self.map.entry(name.to_vec()).or_default()
    }

    /// Puts back what [`Variables::variable`] has given.
    pub fn restore(&mut self, name: &[u8], variable: Option<Variable>) {
        match variable {
            Some(variable) => self.map.insert(name.to_vec(), variable),
            None => self.map.remove(name),
        };
        self.changed(name);
    }

    /// What depends on a variable follows it.
    fn changed(&mut self, name: &[u8]) {
        match name {
            b"IFS" => self.separators = Rc::new(Separators::new(self.value(b"IFS"))),
            b"PATH" => self.path_changes += 1,
            b"OPTIND" => self.restarts_options = true,
            _ => {}
        }
    }

    /// Names and variables, in alphabetical order.
    pub fn sorted(&self) -> Vec<(&Text, &Variable)> {
        let mut all: Vec<_> = self.map.iter().collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all
    }

    /// Only what is exported.
    pub fn keep_exported(&mut self) {
        self.map
            .retain(|name, variable| variable.exported || name == b"IFS");
    }

    /// `NAME=value` for each exported variable, with `overrides` in front of them.
    pub fn environment(&self, overrides: &[(Text, Text)]) -> Vec<CString> {
        let exported = self.map.iter().filter(|(_, variable)| variable.exported);
        let exported = exported.filter_map(|(name, variable)| Some((name, variable.value.as_ref()?)));
        let kept = exported.filter(|(name, _)| overrides.iter().all(|(other, _)| other != *name));
        let last_of_each = overrides
            .iter()
            .enumerate()
            .filter(|(index, (name, _))| overrides[index + 1..].iter().all(|(other, _)| other != name));
        kept.chain(last_of_each.map(|(_, (name, value))| (name, value)))
            .map(|(name, value)| c_string(&[name, b"=", value]))
            .collect()
    }
}

/// Pieces joined to a string of C, which ends at the first zero byte.
pub(crate) fn c_string(pieces: &[&[u8]]) -> CString {
    let mut bytes = pieces.concat();
    if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        bytes.truncate(end);
    }
    CString::new(bytes).expect("what is behind the first zero byte is gone")
}
