//! A program whose every allocation comes from a region of 1 MiB.
use std::alloc::{GlobalAlloc, Layout};
use std::collections::BTreeMap;

use bump_allocator::BumpGlobal;

#[global_allocator]
static ALLOCATOR: BumpGlobal<{ 1 << 20 }> = BumpGlobal::new();

fn main() {
    let before = ALLOCATOR.used_bytes();
    let mut lengths = BTreeMap::new();
    for number in 0..1000_u32 {
        lengths.insert(format!("number {number}"), number);
    }
    assert_eq!(lengths.get("number 999"), Some(&999));
    let used = ALLOCATOR.used_bytes() - before;
    assert!(used > 10_000, "{used} bytes for a thousand strings and their tree");

    let sums = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|worker| scope.spawn(move || (0..100).map(|n| vec![worker; n].len()).sum())).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<usize>>()
    });
    assert_eq!(sums, [4950; 4]);

    // An exhausted region is an error, not the end of the program.
    assert!(Vec::<u8>::new().try_reserve_exact(2 << 20).is_err());
    // SAFETY: the layout has a size, and nothing is done with the block.
    let block = unsafe { ALLOCATOR.alloc(Layout::new::<u64>()) };
    assert!(!block.is_null());
}
