//! A program whose every allocation comes from the heap.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;

use memory_pool::Heap;

#[global_allocator]
static HEAP: Heap = Heap::new();

/// Allocates and frees when its thread ends.
struct Last(RefCell<Vec<String>>);

impl Drop for Last {
    fn drop(&mut self) {
        let lengths: Vec<usize> = self.0.borrow().iter().map(String::len).collect();
        assert_eq!(lengths.len(), 10);
        SENT.with_borrow_mut(|sent| sent.push(lengths.iter().sum::<usize>().to_string()));
    }
}

thread_local! {
    static SENT: RefCell<Vec<String>> = RefCell::default();
    static LAST: Last = Last(RefCell::default());
}

fn work(worker: usize) -> BTreeMap<String, usize> {
    SENT.with_borrow_mut(|sent| sent.push("first".into()));
    LAST.with(|last| last.0.borrow_mut().extend((0..10).map(|number| "x".repeat(number * 100))));
    (0..1000).map(|number| (format!("number {number}"), number * worker)).collect()
}

fn main() {
    let (sender, receiver) = mpsc::channel();
    let mut mapped = 0;
    for round in 0..100 {
        let workers: Vec<_> = (0..3)
            .map(|worker| {
                let sender = sender.clone();
                thread::spawn(move || sender.send(work(worker)).expect("somebody listens"))
            })
            .collect();
        let sums: usize = receiver.iter().take(3).map(|map| map["number 999"]).sum();
        assert_eq!(sums, 999 * 3);
        workers.into_iter().for_each(|worker| worker.join().expect("no thread panics"));
        if round == 20 {
            mapped = HEAP.report().mapped_bytes;
        }
    }
    let report = HEAP.report();
    assert!(mapped > 0, "the program runs on the heap");
    assert!(report.mapped_bytes - mapped <= 4 << 20, "{} bytes, then {}", mapped, report.mapped_bytes);
    assert!(report.live_blocks() < 1000, "{report}");

    // What cannot be had is an error, not the end of the program.
    assert!(Vec::<u8>::new().try_reserve_exact(1 << 46).is_err());
    let mut large = vec![1_u8; 1 << 20];
    large.resize(1 << 24, 2);
    assert_eq!((large[0], large[(1 << 24) - 1]), (1, 2));
}
