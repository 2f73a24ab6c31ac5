//! Names of users, from `/etc/passwd`: `name:password:uid:gid:comment:home:shell`.

use std::collections::HashMap;

/// The users that have a name.
#[derive(Debug, Clone, Default)]
pub struct Users {
    names: HashMap<u32, String>,
}

impl Users {
    /// Reads the text of `/etc/passwd`. Lines that are none of its kind are left out; of two names for one number the
    /// first counts.
    pub fn parse(passwd: &[u8]) -> Self {
        let mut names = HashMap::new();
        for line in String::from_utf8_lossy(passwd).lines() {
            let mut fields = line.split(':');
            let (name, uid) = (fields.next(), fields.nth(1));
            if let (Some(name), Some(Ok(uid))) = (name, uid.map(str::parse)) {
                names.entry(uid).or_insert_with(|| name.to_owned());
            }
        }
        Self { names }
    }

    /// The name of a user, if there is one.
    pub fn name(&self, uid: u32) -> Option<&str> {
        self.names.get(&uid).map(String::as_str)
    }
}
