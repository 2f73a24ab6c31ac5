//! The requests that took longest.

/// How many are kept.
pub const KEPT: usize = 10;

/// One request.
#[derive(Debug)]
pub struct Request {
    /// How long it took.
    pub duration_ms: u32,
    /// The number of its line.
    pub line: u64,
    /// What was asked for: the method, a space and the target.
    pub text: Vec<u8>,
}

/// The longest requests so far, the longest first, the earlier one first of two that took as long.
#[derive(Debug, Default)]
pub struct Slowest {
    requests: Vec<Request>,
    /// What a request must take at least to be among them: nearly all fail this comparison.
    from_ms: u32,
}

impl Slowest {
    /// The requests.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// Adds a request from a line behind all others.
    #[inline]
    pub fn add(&mut self, duration_ms: u32, line: u64, request: &[u8]) {
        if duration_ms >= self.from_ms {
            self.insert(duration_ms, line, request);
        }
    }

    /// Takes the place of the shortest, in whose memory the text is written.
    #[cold]
    fn insert(&mut self, duration_ms: u32, line: u64, request: &[u8]) {
        let mut text = if self.requests.len() == KEPT {
            self.requests.pop().map_or_else(Vec::new, |request| request.text)
        } else {
            Vec::new()
        };
        text.clear();
        text.extend_from_slice(request);
        let place = self
            .requests
            .partition_point(|kept| kept.duration_ms >= duration_ms);
        let request = Request {
            duration_ms,
            line,
            text,
        };
        self.requests.insert(place, request);
        if let [.., shortest] = self.requests.as_slice()
            && self.requests.len() == KEPT
        {
            self.from_ms = shortest.duration_ms + 1;
        }
    }
}
