//! The figures of all routes, and their names in one piece of memory.

use super::index::{self, Index};

/// The figures of one route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Its name is `name_bytes` long, and ends where that of the next one begins.
    name_start: usize,
    name_bytes: usize,
    /// How often it was asked for.
    pub requests: u64,
    /// How many requests ended in an error of the server.
    pub errors: u64,
    /// The size of all responses.
    pub bytes: u64,
    /// How long they all took.
    pub duration_ms: u64,
}

/// All routes, each once.
#[derive(Debug)]
pub struct Names {
    index: Index,
    routes: Vec<Route>,
    /// The names, one behind the other: a name costs its bytes and no block of its own.
    text: Vec<u8>,
}

impl Names {
    /// No routes.
    pub fn new() -> Self {
        Self {
            index: Index::new(),
            routes: Vec::new(),
            text: Vec::new(),
        }
    }

    /// The route with this name; all its figures are 0 when it is new.
    #[inline]
    pub fn route(&mut self, name: &[u8]) -> &mut Route {
        let (routes, text) = (&self.routes, &self.text);
        let place = self
            .index
            .place(index::hash(name), |place| routes[place].name(text) == name);
        if place == self.routes.len() {
            self.add(name);
        }
        &mut self.routes[place]
    }

    #[cold]
    fn add(&mut self, name: &[u8]) {
        self.routes.push(Route {
            name_start: self.text.len(),
            name_bytes: name.len(),
            requests: 0,
            errors: 0,
            bytes: 0,
            duration_ms: 0,
        });
        self.text.extend_from_slice(name);
    }

    /// Calls `show` with each route and its name: the busiest first, those that are equal by their names.
    ///
    /// # Errors
    /// The first error of `show`.
    pub fn each<E>(mut self, mut show: impl FnMut(&Route, &[u8]) -> Result<(), E>) -> Result<(), E> {
        let text = &self.text;
        self.routes.sort_unstable_by(|one, other| {
            let by_requests = other.requests.cmp(&one.requests);
            by_requests.then_with(|| one.name(text).cmp(other.name(text)))
        });
        self.routes
            .iter()
            .try_for_each(|route| show(route, route.name(text)))
    }
}

impl Route {
    #[inline]
    fn name<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.name_start..self.name_start + self.name_bytes]
    }
}
