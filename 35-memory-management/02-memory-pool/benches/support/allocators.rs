//! General-purpose allocators, called directly.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ptr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread;
use std::time::Instant;

use memory_pool::Heap;
use mimalloc::MiMalloc;
use tikv_jemallocator::Jemalloc;

use super::{Race, Turn, numbers};

static HEAP: Heap = Heap::new();
static JEMALLOC: Jemalloc = Jemalloc;
static MIMALLOC: MiMalloc = MiMalloc;

/// Operations of a turn.
const STEPS: usize = 100_000;

/// Blocks of a `burst`.
const BURST: usize = 1000;

/// Blocks that are there in `churn`.
const LIVE: usize = 10_000;

/// Places that two threads share in `exchange`.
const PLACES: usize = 1000;

/// Sizes come from a table of so many.
const SIZES: usize = 1024;

/// A block that is out.
type Out = (*mut u8, Layout);

/// What is asked for, in which order.
struct Work {
    layouts: Vec<Layout>,
    order: Vec<usize>,
}

/// Runs the rows.
pub fn run(race: &Race<'_>) {
    let layout = |size| Layout::from_size_align(size, 8).expect("a valid layout");
    let fixed = vec![layout(64); SIZES];
    // Small ones mostly: of ten, six are up to 128 bytes, three up to 512, and one up to 4096.
    let mixed = numbers(10, SIZES).into_iter().zip(numbers(4096, SIZES));
    let mixed = mixed
        .map(|(kind, size)| match kind {
            0..6 => layout(1 + size % 128),
            6..9 => layout(1 + size % 512),
            _ => layout(1 + size),
        })
        .collect();
    for (kind, layouts) in [("64 B", fixed), ("mixed", mixed)] {
        let work = Work {
            layouts,
            order: numbers(LIVE, STEPS),
        };
        for threads in [1, 2] {
            for (name, pattern) in [
                ("pair", Pattern::Pair),
                ("burst", Pattern::Burst),
                ("churn", Pattern::Churn),
            ] {
                let contenders = vec![
                    contender("ours", &HEAP, &work, pattern, threads),
                    contender("jemalloc", &JEMALLOC, &work, pattern, threads),
                    contender("mimalloc", &MIMALLOC, &work, pattern, threads),
                    contender("system", &System, &work, pattern, threads),
                ];
                race.row(&format!("{kind} {name}, {threads}"), contenders);
            }
        }
        let contenders = vec![
            contender("ours", &HEAP, &work, Pattern::Exchange, 2),
            contender("jemalloc", &JEMALLOC, &work, Pattern::Exchange, 2),
            contender("mimalloc", &MIMALLOC, &work, Pattern::Exchange, 2),
            contender("system", &System, &work, Pattern::Exchange, 2),
        ];
        race.row(&format!("{kind} exchange, 2"), contenders);
    }
}

/// What is done with blocks.
#[derive(Clone, Copy)]
enum Pattern {
    Pair,
    Burst,
    Churn,
    Exchange,
}

/// An allocator at work: the slowest thread's nanoseconds an operation.
fn contender<'a, A: GlobalAlloc + Sync>(
    name: &'static str,
    allocator: &'a A,
    work: &'a Work,
    pattern: Pattern,
    threads: usize,
) -> Turn<'a> {
    let places: Vec<AtomicPtr<u8>> = (0..PLACES).map(|_| AtomicPtr::new(ptr::null_mut())).collect();
    let run = move |together: Option<&Barrier>, number: usize| {
        let mut turn = Run::new(allocator, work, pattern, number);
        if let Some(together) = together {
            together.wait();
        }
        let start = Instant::now();
        turn.go(&places);
        start.elapsed().as_nanos() as f64 / STEPS as f64
    };
    let turn = move || {
        if threads == 1 {
            return run(None, 0);
        }
        let together = Barrier::new(threads);
        thread::scope(|scope| {
            let (run, together) = (&run, &together);
            let threads: Vec<_> = (0..threads)
                .map(|number| scope.spawn(move || run(Some(together), number)))
                .collect();
            let times = threads
                .into_iter()
                .map(|thread| thread.join().expect("no thread panics"));
            times.fold(0.0, f64::max)
        })
    };
    (name, Box::new(turn))
}

/// One thread's part of a turn.
struct Run<'a, A: GlobalAlloc> {
    allocator: &'a A,
    work: &'a Work,
    pattern: Pattern,
    /// Blocks that are there all the time.
    live: Vec<Out>,
    /// Where this thread begins in the tables.
    offset: usize,
}

impl<'a, A: GlobalAlloc> Run<'a, A> {
    fn new(allocator: &'a A, work: &'a Work, pattern: Pattern, number: usize) -> Self {
        let mut run = Self {
            allocator,
            work,
            pattern,
            live: Vec::new(),
            offset: number * 331,
        };
        let live = match pattern {
            Pattern::Churn => LIVE,
            Pattern::Burst => BURST,
            Pattern::Pair | Pattern::Exchange => 0,
        };
        run.live = (0..live).map(|step| run.take(step)).collect();
        run
    }

    /// A block with the layout of a step; its first byte is written, as anybody would.
    #[inline]
    fn take(&self, step: usize) -> Out {
        let layout = black_box(self.work.layouts[(step + self.offset) % SIZES]);
        // SAFETY: no layout here is without a size; the block has a byte.
        unsafe {
            let block = self.allocator.alloc(layout);
            block.write(step as u8);
            (block, layout)
        }
    }

    #[inline]
    fn give_back(&self, (block, layout): Out) {
        // SAFETY: `take` had it with this layout, and it goes once.
        unsafe { self.allocator.dealloc(block, layout) };
    }

    fn go(&mut self, places: &[AtomicPtr<u8>]) {
        match self.pattern {
            Pattern::Pair => (0..STEPS).for_each(|step| self.give_back(black_box(self.take(step)))),
            Pattern::Burst => {
                for round in 0..STEPS / BURST {
                    for index in 0..BURST {
                        self.give_back(self.live[index]);
                    }
                    for index in 0..BURST {
                        self.live[index] = self.take(round + index);
                    }
                }
            }
            Pattern::Churn => {
                for (step, &index) in self.work.order.iter().enumerate() {
                    self.give_back(self.live[index]);
                    self.live[index] = self.take(step);
                }
            }
            Pattern::Exchange => {
                for step in 0..STEPS {
                    // A place has the same layout for both threads, which come to it in another order.
                    let place = self.work.order[(step + self.offset) % STEPS] % PLACES;
                    let layout = black_box(self.work.layouts[place]);
                    // SAFETY: the layout has a size, and the block a byte.
                    let block = unsafe { self.allocator.alloc(layout) };
                    // SAFETY: as above.
                    unsafe { block.write(step as u8) };
                    let found = places[place].swap(block, Ordering::AcqRel);
                    if !found.is_null() {
                        self.give_back((found, layout)); // It was put there with the layout of the place.
                    }
                }
            }
        }
    }
}

impl<A: GlobalAlloc> Drop for Run<'_, A> {
    fn drop(&mut self) {
        for out in std::mem::take(&mut self.live) {
            self.give_back(out);
        }
    }
}
