//! The search itself, in memory: the searcher beside a loop that asks line after line.
//!
//! `cargo bench -p file-search-solution` measures the reference, `cargo bench -p file-search` yours. The program as
//! a whole is measured from outside; see the README of the solution.

use std::hint::black_box;
use std::io;

use criterion::{Criterion, Throughput};
use file_search::matcher::{MatchOptions, Matcher};
use file_search::search::{Line, SearchOptions, Searcher, Sink};
use regex::bytes::RegexBuilder;

/// Bytes to search: more than a second-level cache holds.
const TEXT_BYTES: usize = 16 << 20;

/// A line in so many holds the needle.
const NEEDLE_EVERY: usize = 1000;

/// Adds up what it is told, so that nothing can be left out.
#[derive(Default)]
struct Sum(u64);

impl Sink for Sum {
    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.0 += line.bytes.len() as u64 + line.number.unwrap_or(0);
        Ok(())
    }
}

/// Lines of words, of different lengths, the same at each run.
fn text() -> Vec<u8> {
    let words = [
        "river", "stone", "a", "of", "lantern", "we", "harbour", "mild", "twelve", "orchard",
    ];
    let mut text = Vec::with_capacity(TEXT_BYTES + 100);
    let mut state = 1_u32;
    for line in 1.. {
        for _ in 0..3 + state % 11 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.extend_from_slice(words[(state >> 16) as usize % words.len()].as_bytes());
            text.push(b' ');
        }
        if line % NEEDLE_EVERY == 0 {
            text.extend_from_slice(b"Needle");
        }
        text.push(b'\n');
        if text.len() >= TEXT_BYTES {
            break;
        }
    }
    text
}

fn compare(criterion: &mut Criterion, name: &str, pattern: &str, ignore_case: bool, text: &[u8]) {
    let mut group = criterion.benchmark_group(name);
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(10);
    for (part, line_numbers) in [("searcher", false), ("searcher, numbered", true)] {
        let matching = MatchOptions {
            ignore_case,
            word: false,
        };
        let matcher = Matcher::new(&[pattern.to_owned()], matching).expect("a pattern that is correct");
        let options = SearchOptions {
            line_numbers,
            ..SearchOptions::default()
        };
        let mut searcher = Searcher::new(matcher, options);
        group.bench_function(part, |bencher| {
            bencher.iter(|| {
                let mut sum = Sum::default();
                searcher
                    .search(black_box(text), &mut sum)
                    .expect("memory can be read");
                sum.0
            });
        });
    }
    let regex = RegexBuilder::new(pattern)
        .case_insensitive(ignore_case)
        .build()
        .expect("a pattern that is correct");
    group.bench_function("line after line", |bencher| {
        bencher.iter(|| {
            let selected = black_box(text)
                .split(|byte| *byte == b'\n')
                .filter(|line| regex.is_match(line));
            selected.map(<[u8]>::len).sum::<usize>()
        });
    });
    group.finish();
}

/// Runs all comparisons.
pub fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let text = text();
    compare(&mut criterion, "literal", "Needle", false, &text);
    compare(&mut criterion, "literal, either case", "needle", true, &text);
    compare(
        &mut criterion,
        "alternation",
        "Needle|Thimble|Thread",
        false,
        &text,
    );
    compare(&mut criterion, "class", r"Need\w+", false, &text);
    criterion.final_summary();
}
