//! Pools beside `slab`, `typed-arena`, boxes and a list written by hand; the heap beside jemalloc, mimalloc and the
//! system's allocator.
//!
//! - `pair`: one comes and goes at once
//! - `burst`: a thousand come, then all go, the first one first
//! - `churn`: of ten thousand a random one goes, and another comes; in a pool, of four thousand, the other comes first
//! - `get`: a random value of four thousand is read
//! - `fill`: a new pool, ten thousand values, the end of the pool
//! - `exchange`: two threads put blocks into shared places and free what they find there, often the other's
//!
//! Contenders take turns, so that what disturbs one round disturbs all of it. Allocators are called through
//! [`GlobalAlloc`](std::alloc::GlobalAlloc) in one process, with layouts that the compiler does not know. A row is
//! nanoseconds an operation, which is one that comes and one that goes: the median of all rounds.
//!
//! ```text
//! cargo bench -p memory-pool-solution --features peers -- [FILTER] [ROUNDS]
//! ```

#[path = "support/allocators.rs"]
mod allocators;
#[path = "support/values.rs"]
mod values;

/// Rounds where nothing else is asked for.
const ROUNDS: usize = 31;

/// What one contender does in one round: nanoseconds an operation.
type Turn<'a> = (&'static str, Box<dyn FnMut() -> f64 + 'a>);

/// Runs the bench.
pub fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let rounds = arguments
        .iter()
        .find_map(|word| word.parse().ok())
        .unwrap_or(ROUNDS);
    let filter = arguments
        .iter()
        .find(|word| word.parse::<usize>().is_err())
        .map_or("", String::as_str);
    let race = Race { filter, rounds };
    values::run(&race);
    allocators::run(&race);
}

/// Which rows are wanted, and how many rounds each has.
pub struct Race<'a> {
    filter: &'a str,
    rounds: usize,
}

impl Race<'_> {
    /// Lets the contenders take turns, and prints a row.
    pub fn row(&self, name: &str, mut contenders: Vec<Turn<'_>>) {
        if !name.contains(self.filter) {
            return;
        }
        let mut times = vec![Vec::new(); contenders.len()];
        for round in 0..=self.rounds {
            for (times, (_, turn)) in times.iter_mut().zip(&mut contenders) {
                let time = turn();
                // The first round warms up.
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let medians: Vec<f64> = times
            .iter_mut()
            .map(|times| {
                times.sort_by(f64::total_cmp);
                times[times.len() / 2]
            })
            .collect();
        let best = medians[1..].iter().copied().fold(f64::INFINITY, f64::min);
        print!("{name:<22}");
        for ((contender, _), median) in contenders.iter().zip(&medians) {
            print!("  {contender} {median:7.2}");
        }
        println!("  | ours / best {:.2}", medians[0] / best);
    }
}

/// Numbers without a pattern below `bound`, the same ones at every run (xorshift).
pub fn numbers(bound: usize, count: usize) -> Vec<usize> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % bound as u64) as usize
        })
        .collect()
}
