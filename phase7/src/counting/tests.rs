//! Tests of the counting allocator, which this test binary has installed.

use super::*;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new(System);

#[test]
fn a_box_is_one_block_of_its_size() {
    let (number, counts) = measure(|| Box::new(7_u64));
    assert_eq!(
        (counts.allocations, counts.allocated_bytes, counts.live_bytes),
        (1, 8, 8)
    );
    let ((), counts) = measure(|| drop(number));
    assert_eq!(
        (counts.deallocations, counts.freed_bytes, counts.live_bytes),
        (1, 8, -8)
    );
    assert_eq!(counts.peak_bytes, 0);
}

#[test]
fn growing_a_vector_reallocates() {
    let (bytes, counts) = measure(|| {
        let mut bytes = Vec::<u8>::with_capacity(100);
        bytes.extend([0; 100]);
        bytes.reserve_exact(50);
        bytes
    });
    assert_eq!((counts.allocations, counts.reallocations), (1, 1));
    assert_eq!(
        counts.live_bytes,
        i64::try_from(bytes.capacity()).expect("a small vector")
    );
}

#[test]
fn the_peak_is_the_highest_point_and_measurements_nest() {
    let ((inner_peak, after), outer) = measure(|| {
        let kept = vec![0_u8; 1000];
        let ((), inner) = measure(|| drop(vec![0_u8; 500]));
        drop(kept);
        (inner.peak_bytes, vec![0_u8; 10])
    });
    assert_eq!((inner_peak, outer.peak_bytes, outer.live_bytes), (500, 1500, 10));
    assert_eq!((outer.allocations, outer.deallocations), (3, 2));
    drop(after);
}

#[test]
fn other_threads_are_counted_only_in_the_process() {
    let before = process();
    let ((), counts) = measure(|| {
        std::thread::scope(|scope| {
            scope.spawn(|| drop(std::hint::black_box(vec![0_u8; 1 << 20])));
        });
    });
    assert!(counts.peak_bytes < 1 << 20, "{counts:?}");
    assert!(process().allocated_bytes >= before.allocated_bytes + (1 << 20));
}

#[test]
fn a_panic_ends_a_measurement_and_a_refusal() {
    let ((), counts) = measure(|| {
        let caught = std::panic::catch_unwind(|| {
            let body = || std::panic::resume_unwind(Box::new(vec![0_u8; 64]));
            measure(|| refusing(1 << 20, body)).0
        });
        drop(caught);
    });
    assert_eq!(counts.live_bytes, 0);
    let large = std::hint::black_box(vec![0_u8; 2 << 20]);
    assert_eq!(large.len(), 2 << 20);
}

#[test]
fn a_refused_block_is_null_and_not_counted() {
    let (is_refused, counts) =
        measure(|| refusing(4096, || Vec::<u8>::new().try_reserve_exact(4096).is_err()));
    assert!(is_refused);
    assert_eq!(counts, Counts::ZERO);
    let small = refusing(4096, || Vec::<u8>::new().try_reserve_exact(4095).is_ok());
    assert!(small);
}

#[test]
fn a_block_is_filled_resized_and_given_back() {
    let ((), counts) = measure(|| {
        let layout = Layout::from_size_align(24, 64).expect("a layout");
        let mut block = Block::allocate(&System, layout).expect("memory");
        assert_eq!(block.address() % 64, 0);
        block.bytes_mut().fill(7);
        let block = block.resize(48).expect("memory");
        assert_eq!(block.bytes()[..24], [7; 24]);
        assert_eq!(block.bytes()[24..], [FILL; 24]);
    });
    assert_eq!(
        counts,
        Counts::ZERO,
        "the system allocator was called past the counter"
    );
}
