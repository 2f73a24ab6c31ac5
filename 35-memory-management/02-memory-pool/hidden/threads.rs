//! A heap on many threads.
//!
//! Numbers belong to the process, so these tests take turns where one process runs them all.

use std::sync::mpsc::sync_channel;
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use memory_pool::Heap;
use phase7::counting::Block;

use super::{Numbers, take};

/// Held by a test while it runs.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a thread does: blocks of many classes, all given back.
fn work(heap: &Heap, seed: u64) {
    let mut numbers = Numbers(seed * 77 + 1);
    let mut blocks: Vec<(Block<'_, Heap>, u8)> = Vec::new();
    for _ in 0..300 {
        let mark = numbers.below(256) as u8;
        let mut block = take(heap, 1 + numbers.below(2000), 1 << numbers.below(6));
        block.bytes_mut().fill(mark);
        blocks.push((block, mark));
        if blocks.len() > 100 {
            let (block, mark) = blocks.swap_remove(numbers.below(100));
            assert!(
                block.bytes().iter().all(|&byte| byte == mark),
                "a block has changed"
            );
        }
    }
}

/// A thousand threads one after another leave as much behind as those that were there together before.
#[phase7::test(points = 2, rule = 23, timeout_s = 60)]
fn threads_that_end_leave_nothing_behind() {
    /// More than the other tests of this process have at a time: the numbers that they leave to this one are warm.
    const TOGETHER: u64 = 64;
    let _turn = turn();
    let heap = Heap::new();
    let together = Barrier::new(TOGETHER as usize);
    thread::scope(|scope| {
        let start = |seed| {
            let (heap, together) = (&heap, &together);
            scope.spawn(move || {
                work(heap, seed);
                together.wait();
            })
        };
        let threads: Vec<_> = (0..TOGETHER).map(start).collect();
        for thread in threads {
            thread.join().expect("no thread panics");
        }
    });
    let before = heap.report();
    for seed in TOGETHER..1000 {
        thread::scope(|scope| {
            scope
                .spawn(|| work(&heap, seed))
                .join()
                .expect("no thread panics")
        });
    }
    let after = heap.report();
    assert_eq!(after.live_blocks(), 0, "blocks at the end");
    let more = after.mapped_bytes - before.mapped_bytes;
    assert!(more <= 2 << 20, "{more} bytes more after so many threads more");
}

/// More threads at a time than there are numbers for.
#[phase7::test(points = 1, rule = 22, timeout_s = 60)]
fn any_number_of_threads_may_come() {
    const THREADS: u64 = 1100;
    let _turn = turn();
    let heap = Heap::new();
    let together = Barrier::new(THREADS as usize);
    let kept = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (heap, together, kept) = (&heap, &together, &kept);
            let thread = thread::Builder::new().stack_size(128 << 10);
            let body = move || {
                let mut block = take(heap, 100, 1);
                block.bytes_mut().fill(number as u8);
                together.wait();
                drop(take(heap, 100, 1));
                assert_eq!(block.bytes(), [number as u8; 100], "a block of thread {number}");
                kept.lock().expect("no thread panics").push(block);
            };
            thread.spawn_scoped(scope, body).expect("a thread can be started");
        }
    });
    let mut kept = kept.into_inner().expect("no thread panics");
    assert_eq!(heap.report().live_blocks(), kept.len(), "blocks that are out");
    kept.sort_unstable_by_key(Block::address);
    let overlap = kept
        .windows(2)
        .find(|pair| pair[0].address() + 100 > pair[1].address());
    assert!(overlap.is_none(), "two blocks overlap: {overlap:?}");
    kept.clear();
    assert_eq!(heap.report().live_blocks(), 0, "blocks at the end");
}

/// Four pairs of threads: one allocates what the other frees, for longer than any cache lasts.
#[phase7::test(points = 2, rule = 22, timeout_s = 60)]
fn what_one_thread_frees_serves_another() {
    let _turn = turn();
    let heap = Heap::new();
    thread::scope(|scope| {
        for pair in 0..4 {
            let heap = &heap;
            let (sender, receiver) = sync_channel::<(Block<'_, Heap>, u8)>(100);
            scope.spawn(move || {
                let mut numbers = Numbers(pair + 1);
                for number in 0..20_000 {
                    let mark = (number % 251) as u8;
                    let mut block = take(heap, 1 + numbers.below(600), 8);
                    block.bytes_mut().fill(mark);
                    sender.send((block, mark)).expect("somebody listens");
                }
            });
            scope.spawn(move || {
                for (block, mark) in receiver {
                    let marks = [mark; 600];
                    assert!(
                        block.bytes() == &marks[..block.bytes().len()],
                        "a block has changed"
                    );
                }
            });
        }
    });
    let report = heap.report();
    assert_eq!(report.live_blocks(), 0, "blocks at the end");
    // 400 blocks travel, and each of eight threads keeps two magazines of each of twenty classes, at the most.
    assert!(
        report.peak_mapped_bytes <= 12 << 20,
        "{} bytes mapped for 400 blocks on their way",
        report.peak_mapped_bytes
    );
}

/// What a thread has given back is there for the next one while it lives: it keeps two magazines of a class at most.
#[phase7::test(points = 1, rule = 22, timeout_s = 60)]
fn a_thread_keeps_two_magazines_and_no_more() {
    const BLOCKS: usize = 20_000;
    let _turn = turn();
    let heap = Heap::new();
    let fill = || -> Vec<_> { (0..BLOCKS).map(|_| take(&heap, 512, 1)).collect() };
    drop(fill());
    let before = heap.report().mapped_bytes;
    thread::scope(|scope| drop(scope.spawn(fill).join().expect("no thread panics")));
    let more = heap.report().mapped_bytes - before;
    assert!(
        more <= 2 << 20,
        "{more} bytes more for what another thread has given back"
    );
    let made: usize = heap.report().classes.iter().map(|class| class.made).sum();
    assert!(
        made <= BLOCKS + 4 * 63,
        "{made} blocks made, and {BLOCKS} were out at most"
    );
}

/// Blocks that are out on threads that live and on threads that are gone are all in the report.
#[phase7::test(points = 1, rule = 25, timeout_s = 60)]
fn the_report_sees_all_threads() {
    let _turn = turn();
    let heap = Heap::new();
    let (to, from) = sync_channel(100);
    let stay = Barrier::new(2);
    thread::scope(|scope| {
        let gone = scope.spawn(|| (0..7).map(|_| take(&heap, 90, 1)).collect::<Vec<_>>());
        let gone = gone.join().expect("no thread panics");
        let (heap, wait) = (&heap, &stay);
        scope.spawn(move || {
            let mut blocks: Vec<_> = (0..200).map(|_| take(heap, 700, 1)).collect();
            blocks.truncate(3);
            to.send(blocks).expect("somebody listens");
            wait.wait();
        });
        let mut here = from.recv().expect("it sends its blocks");
        let report = heap.report();
        assert_eq!(
            report.to_string(),
            "7 blocks of 96 bytes\n3 blocks of 768 bytes\n",
            "with a thread that lives and one that is gone"
        );
        here.pop();
        drop(gone);
        assert_eq!(heap.report().to_string(), "2 blocks of 768 bytes\n");
        stay.wait();
    });
    assert_eq!(heap.report().live_blocks(), 0, "blocks at the end");
}
