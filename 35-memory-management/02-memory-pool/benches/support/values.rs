//! Pools of values of 64 bytes.

use std::cell::Cell;
use std::hint::black_box;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::{self, NonNull};
use std::time::Instant;

use memory_pool::{Pool, SharedPool};
use slab::Slab;

use super::{Race, numbers};

/// What is in the pools.
type Value = [u64; 8];

/// Values that are there in `churn` and `get`.
const LIVE: usize = 4000;

/// Operations of a turn.
const STEPS: usize = 100_000;

/// Values of a `fill`.
const FILL: usize = 10_000;

/// Slots with a list through the free ones, as one writes it by hand: nothing is counted, and it cannot grow.
struct Intrusive {
    free: Cell<*mut Slot>,
    _slots: Box<[MaybeUninit<Slot>]>,
}

union Slot {
    next: *mut Slot,
    value: ManuallyDrop<Value>,
}

impl Intrusive {
    fn new(count: usize) -> Self {
        let mut slots = Box::new_uninit_slice(count);
        let mut free = ptr::null_mut();
        for slot in slots.iter_mut().rev() {
            free = ptr::from_mut(slot.write(Slot { next: free }));
        }
        Self {
            free: Cell::new(free),
            _slots: slots,
        }
    }

    #[inline]
    fn insert(&self, value: Value) -> NonNull<Value> {
        let slot = NonNull::new(self.free.get()).expect("there is a free slot");
        // SAFETY: a slot in the list is nobody's, and holds the next one.
        unsafe {
            self.free.set(slot.as_ref().next);
            (&raw mut (*slot.as_ptr()).value).write(ManuallyDrop::new(value));
        }
        slot.cast()
    }

    #[inline]
    fn remove(&self, value: NonNull<Value>) {
        let slot = value.cast::<Slot>();
        // SAFETY: it came from `insert`, and goes once.
        unsafe {
            slot.write(Slot {
                next: self.free.get(),
            })
        };
        self.free.set(slot.as_ptr());
    }
}

/// Times `steps` operations: nanoseconds for one.
fn timed(steps: usize, work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_nanos() as f64 / steps as f64
}

/// A turn: `$setup` once, then `$step` with a number for each operation.
macro_rules! turn {
    ($name:literal, $order:expr, $setup:expr, |$state:ident, $number:ident| $step:expr) => {{
        #[allow(unused_mut, reason = "not every contender changes its state")]
        let mut $state = $setup;
        let order = $order;
        (
            $name,
            Box::new(move || {
                timed(STEPS, || {
                    for &$number in order {
                        $step;
                    }
                })
            }) as Box<dyn FnMut() -> f64 + '_>,
        )
    }};
}

/// Runs the rows.
pub fn run(race: &Race<'_>) {
    let order = numbers(LIVE, STEPS);
    let order = order.as_slice();
    let (pool, intrusive, shared) = (&Pool::new(), &Intrusive::new(2 * LIVE), &SharedPool::new());
    let value = |number: usize| [number as u64; 8];

    race.row(
        "pool pair",
        vec![
            turn!("ours", order, (), |_state, number| {
                black_box(&*pool.insert(value(number)));
            }),
            turn!("intrusive", order, (), |_state, number| {
                let slot = intrusive.insert(value(number));
                black_box(slot);
                intrusive.remove(slot);
            }),
            turn!("slab", order, Slab::new(), |slab, number| {
                let key = slab.insert(value(number));
                black_box(&slab[key]);
                slab.remove(key);
            }),
            turn!("box", order, (), |_state, number| {
                black_box(&*Box::new(value(number)));
            }),
            turn!("shared", order, (), |_state, number| {
                black_box(&*shared.insert(value(number)));
            }),
        ],
    );
    let filled = || -> (Slab<Value>, Vec<usize>) {
        let mut slab = Slab::new();
        let keys = (0..LIVE).map(|number| slab.insert(value(number))).collect();
        (slab, keys)
    };
    let all = 0..LIVE;
    race.row(
        "pool churn",
        vec![
            turn!(
                "ours",
                order,
                all.clone()
                    .map(|number| pool.insert(value(number)))
                    .collect::<Vec<_>>(),
                |values, number| values[number] = pool.insert(value(number))
            ),
            turn!(
                "intrusive",
                order,
                all.clone()
                    .map(|number| intrusive.insert(value(number)))
                    .collect::<Vec<_>>(),
                |values, number| {
                    let new = intrusive.insert(value(number));
                    intrusive.remove(std::mem::replace(&mut values[number], new));
                }
            ),
            turn!("slab", order, filled(), |state, number| {
                let new = state.0.insert(value(number));
                state.0.remove(std::mem::replace(&mut state.1[number], new));
            }),
            turn!(
                "box",
                order,
                all.clone()
                    .map(|number| Box::new(value(number)))
                    .collect::<Vec<_>>(),
                |values, number| {
                    let new = Box::new(value(number));
                    values[number] = new;
                }
            ),
            turn!(
                "shared",
                order,
                all.clone()
                    .map(|number| shared.insert(value(number)))
                    .collect::<Vec<_>>(),
                |values, number| values[number] = shared.insert(value(number))
            ),
        ],
    );
    let intrusive = &Intrusive::new(2 * LIVE);
    race.row(
        "pool get",
        vec![
            turn!(
                "ours",
                order,
                all.clone()
                    .map(|number| pool.insert(value(number)))
                    .collect::<Vec<_>>(),
                |values, number| black_box(values[number][3])
            ),
            turn!(
                "intrusive",
                order,
                all.clone()
                    .map(|number| intrusive.insert(value(number)))
                    .collect::<Vec<_>>(),
                // SAFETY: the value is there; nothing of this list is removed.
                |values, number| black_box(unsafe { values[number].as_ref() }[3])
            ),
            turn!("slab", order, filled(), |state, number| black_box(
                state.0[state.1[number]][3]
            )),
            turn!(
                "box",
                order,
                all.clone()
                    .map(|number| Box::new(value(number)))
                    .collect::<Vec<_>>(),
                |values, number| black_box(values[number][3])
            ),
        ],
    );
    fill(race);
}

/// New pools, which only `typed-arena` can be compared with.
fn fill(race: &Race<'_>) {
    let value = |number: usize| [number as u64; 8];
    race.row(
        "pool fill",
        vec![
            (
                "ours",
                Box::new(|| {
                    timed(FILL, || {
                        let pool = Pool::new();
                        let mut handles = Vec::with_capacity(FILL);
                        handles.extend((0..FILL).map(|number| pool.insert(value(number))));
                        black_box(&handles);
                    })
                }),
            ),
            (
                "typed-arena",
                Box::new(|| {
                    timed(FILL, || {
                        let arena = typed_arena::Arena::new();
                        let mut values = Vec::with_capacity(FILL);
                        values.extend((0..FILL).map(|number| arena.alloc(value(number))));
                        black_box(&values);
                    })
                }),
            ),
            (
                "slab",
                Box::new(|| {
                    timed(FILL, || {
                        let mut slab = Slab::new();
                        let mut keys = Vec::with_capacity(FILL);
                        keys.extend((0..FILL).map(|number| slab.insert(value(number))));
                        black_box(&keys);
                    })
                }),
            ),
            (
                "box",
                Box::new(|| {
                    timed(FILL, || {
                        let mut boxes = Vec::with_capacity(FILL);
                        boxes.extend((0..FILL).map(|number| Box::new(value(number))));
                        black_box(&boxes);
                    })
                }),
            ),
        ],
    );
}
