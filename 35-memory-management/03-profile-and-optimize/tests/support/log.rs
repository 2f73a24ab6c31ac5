//! Access logs without end: the same seed makes the same log.

use std::fmt::Write;

/// What a log is like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Where its numbers begin.
    pub seed: u64,
    /// How many lines it has.
    pub lines: usize,
    /// How many addresses its clients come from, at most.
    pub clients: u64,
    /// How many routes they ask for, at most.
    pub routes: u64,
    /// How many of a thousand lines are malformed.
    pub malformed: u64,
}

impl Shape {
    /// A day of a small site: a few clients that return, some twenty routes, a line in a hundred malformed.
    pub fn day(seed: u64, lines: usize) -> Self {
        Self {
            seed,
            lines,
            clients: 300,
            routes: 20,
            malformed: 10,
        }
    }

    /// The log.
    pub fn log(self) -> Vec<u8> {
        let mut numbers = Numbers(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut log = Vec::with_capacity(self.lines * 96);
        let mut clock_ms = 20_000_000 + numbers.below(1 << 24);
        let mut line = String::new();
        for _ in 0..self.lines {
            clock_ms += numbers.below(2 * 86_400_000 / (self.lines as u64 + 1) + 1);
            line.clear();
            self.line(&mut numbers, clock_ms, &mut line);
            let mut bytes = line.clone().into_bytes();
            if numbers.below(1000) < self.malformed {
                damage(&mut numbers, &mut bytes);
            }
            log.extend_from_slice(&bytes);
            log.push(b'\n');
        }
        log
    }

    fn line(self, numbers: &mut Numbers, clock_ms: u64, line: &mut String) {
        let (day, ms) = (clock_ms / 86_400_000, clock_ms % 86_400_000);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        let (month, day) = (1 + day / 28 % 12, 1 + day % 28);
        let client = numbers.below(self.clients).wrapping_mul(2_654_435_761) as u32;
        let [a, b, c, d] = client.to_be_bytes();
        let method = ["GET", "GET", "GET", "POST", "DELETE"][numbers.below(5) as usize];
        let status = [200, 200, 200, 200, 204, 304, 404, 500, 503][numbers.below(9) as usize];
        let tail = 1 << numbers.below(15);
        let duration_ms = numbers.below(tail) + numbers.below(40);

        write!(
            line,
            "2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z {a}.{b}.{c}.{d} {method} ",
            ms % 1000
        )
        .expect("a string takes everything");
        self.target(numbers, line);
        match numbers.below(20) {
            0 => write!(line, " {status} -"),
            _ => write!(line, " {status} {}", numbers.below(60_000)),
        }
        .and_then(|()| write!(line, " {}.{:03}", duration_ms / 1000, duration_ms % 1000))
        .expect("a string takes everything");
    }

    fn target(self, numbers: &mut Numbers, line: &mut String) {
        let route = numbers.below(self.routes);
        let id = numbers.below(100_000);
        let page = numbers.below(50);
        match route % 5 {
            0 => write!(line, "/assets/{route}/style-{route}.css"),
            1 => write!(line, "/api/items{route}/{id}"),
            2 => write!(line, "/api/items{route}?page={page}&order=name"),
            3 => write!(line, "/users/{id}/orders{route}/{page}?from=mail"),
            _ => write!(line, "/search{route}?q=caf\u{e9}+{id}"),
        }
        .expect("a string takes everything");
    }
}

/// Makes a line that is like one of those that are found in real logs.
fn damage(numbers: &mut Numbers, line: &mut Vec<u8>) {
    let spaces: Vec<usize> = (0..line.len()).filter(|at| line[*at] == b' ').collect();
    match numbers.below(9) {
        0 => line[30] = 0xFF,
        1 => line.truncate(spaces[4]),
        2 => line[5] = b'9',
        3 => line[spaces[0] + 1] = b'x',
        4 => line[spaces[1] + 1] = b'g',
        5 => line[spaces[2] + 1] = b'*',
        6 => line[spaces[3] + 1] = b'7',
        7 => line[spaces[4] + 1] = b'+',
        _ => line.push(b's'),
    }
}

/// Numbers without a pattern (xorshift).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next one, below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}
