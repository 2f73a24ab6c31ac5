//! Classes, and a heap on one thread.

use memory_pool::classes::{ALIGN_MAX, SMALL_MAX};
use memory_pool::pages::{PAGE, Pages};
use memory_pool::region::REGION;
use memory_pool::{Class, Heap};
use phase7::counting::Block;

use super::{Numbers, layout, take};

/// Every size and every alignment, against the sizes in order.
#[phase7::test(points = 1, rule = 17)]
fn every_layout_has_the_smallest_class_that_suits() {
    let sizes: Vec<usize> = (0..).map_while(Class::nth).map(Class::size).collect();
    for align in (0..=13).map(|power| 1_usize << power) {
        for size in (1..=1100)
            .chain((1100..=SMALL_MAX + 100).step_by(37))
            .chain([SMALL_MAX - 1, SMALL_MAX])
        {
            let fits = |&bytes: &usize| bytes >= size && bytes.is_multiple_of(align);
            let expected = sizes.iter().copied().find(fits).filter(|_| align <= ALIGN_MAX);
            let class = Class::of(layout(size, align));
            assert_eq!(
                class.map(Class::size),
                expected,
                "{size} bytes aligned to {align}"
            );
            assert!(
                class.is_none_or(|class| class.align().is_multiple_of(align)),
                "the class of {size} bytes is not aligned to {align}"
            );
        }
    }
    for absurd in [
        layout(isize::MAX as usize, 1),
        layout(1, 1 << 62),
        layout(0, 1 << 40),
    ] {
        assert_eq!(Class::of(absurd), None, "{absurd:?}");
    }
}

/// No block of a class is much larger than what it is for.
#[phase7::test(points = 1, rule = 16)]
fn the_waste_is_bounded() {
    let sizes: Vec<usize> = (0..).map_while(Class::nth).map(Class::size).collect();
    assert_eq!(sizes.len(), 40, "classes");
    assert_eq!(Class::nth(40), None, "the class behind the last");
    for pair in sizes.windows(2) {
        let waste = pair[1] - (pair[0] + 1);
        let allowed = if pair[1] <= 128 { 15 } else { pair[0] / 4 };
        assert!(
            waste <= allowed,
            "{waste} bytes of {}, and {allowed} are allowed",
            pair[1]
        );
    }
    for class in (0..).map_while(Class::nth) {
        let (size, align) = (class.size(), class.align());
        let expected = ALIGN_MAX.min(1 << size.trailing_zeros());
        assert_eq!(align, expected, "the alignment of blocks of {size} bytes");
        assert_eq!(
            Class::of(layout(size, 1)),
            Some(class),
            "the class of {size} bytes"
        );
    }
}

/// Nothing is mapped that is not counted, and nothing counted that was refused.
#[phase7::test(points = 1, rule = 18)]
fn pages_are_counted_exactly() {
    let pages = Pages::new();
    let mut expected = 0;
    for (bytes, align) in [
        (1, 1),
        (PAGE, PAGE),
        (PAGE + 1, 8),
        (10, 1 << 20),
        (3 << 20, 2 << 20),
    ] {
        let block = pages.map(bytes, align).expect("some pages");
        assert_eq!(
            block.addr().get() % align.max(PAGE),
            0,
            "the address modulo {align}"
        );
        expected += bytes.next_multiple_of(PAGE);
        assert_eq!((pages.mapped_bytes(), pages.peak_bytes()), (expected, expected));
    }
    let absurd = [usize::MAX, usize::MAX - PAGE, isize::MAX as usize, 1 << 60];
    for bytes in absurd {
        assert_eq!(pages.map(bytes, PAGE), None, "{bytes:#x} bytes");
        assert_eq!(pages.map(bytes, 1 << 40), None, "{bytes:#x} bytes, aligned");
        assert_eq!(pages.mapped_bytes(), expected, "bytes mapped after a refusal");
    }
    pages.set_limit(expected + PAGE);
    assert_eq!(pages.map(PAGE + 1, 1), None, "a page beyond the limit");
    assert!(
        pages.map(PAGE, 1 << 20).is_some(),
        "the last page, whatever its alignment"
    );
    assert_eq!(pages.map(1, 1), None, "nothing more");
    pages.set_limit(0);
    assert_eq!((pages.map(1, 1), pages.mapped_bytes()), (None, expected + PAGE));
    pages.set_limit(usize::MAX);
    assert!(pages.map(1, 1).is_some(), "without a limit");
}

/// A million steps: sizes and alignments without a pattern, each block filled with a mark of its own.
#[phase7::test(points = 2, rule = 19, timeout_s = 60)]
fn a_million_blocks_keep_their_contents() {
    let marks: Vec<Vec<u8>> = (0..=255).map(|mark| vec![mark; 1 << 16]).collect();
    let heap = Heap::new();
    let mut numbers = Numbers(2);
    let mut blocks: Vec<Option<(Block<'_, Heap>, usize)>> = (0..4000).map(|_| None).collect();
    for step in 0..1_000_000_usize {
        let place = numbers.below(blocks.len());
        if let Some((block, mark)) = blocks[place].take() {
            assert!(
                block.bytes() == &marks[mark][..block.bytes().len()],
                "{} bytes of {mark} have changed before step {step}",
                block.bytes().len()
            );
            continue;
        }
        let most = match numbers.below(1000) {
            0 => 50_000,
            1..100 => 3000,
            _ => 200,
        };
        let (size, align) = (1 + numbers.below(most), 1 << numbers.below(7));
        let mut block = take(&heap, size, align);
        block.bytes_mut().fill(step as u8);
        blocks[place] = Some((block, step & 0xff));
    }
    let live = blocks.iter().flatten().count();
    assert_eq!(heap.report().live_blocks(), live, "blocks that are out");
    drop(blocks);
    assert_eq!(heap.report().to_string(), "nothing is out\n");
}

/// From 1 byte to 4 MiB, below and above every class.
#[phase7::test(points = 1, rule = 19)]
fn every_power_of_two_is_an_alignment() {
    let heap = Heap::new();
    let mut blocks = Vec::new();
    for align in (0..=22).map(|power| 1_usize << power) {
        for size in [1, 40, align, align + 1, 33_000] {
            blocks.push(take(&heap, size, align)); // It is looked at there.
        }
    }
    let mut spans: Vec<(usize, usize)> = blocks
        .iter()
        .map(|block| (block.address(), block.bytes().len()))
        .collect();
    spans.sort_unstable();
    for pair in spans.windows(2) {
        assert!(
            pair[0].0 + pair[0].1 <= pair[1].0,
            "two blocks overlap: {pair:x?}"
        );
    }
    drop(blocks);
    let report = heap.report();
    assert_eq!(
        (report.large_blocks, report.large_bytes),
        (0, 0),
        "large blocks at the end"
    );
}

/// What was given back is not what comes zeroed.
#[phase7::test(points = 1, rule = 19)]
fn zeroed_blocks_have_no_past() {
    let heap = Heap::new();
    for size in [1, 16, 500, 20_000, SMALL_MAX, SMALL_MAX + 1, 1 << 20] {
        let used: Vec<_> = (0..20).map(|_| take(&heap, size, 1)).collect();
        drop(used);
        let zeroed: Vec<_> = (0..30)
            .map(|_| Block::allocate_zeroed(&heap, layout(size, 1)).expect("memory for a block"))
            .collect();
        let dirty = zeroed
            .iter()
            .filter(|block| block.bytes().iter().any(|&byte| byte != 0));
        assert_eq!(dirty.count(), 0, "of 30 blocks of {size} bytes");
    }
}

/// A block that goes up and down through all sizes keeps what fits, and stays where it is within a class.
#[phase7::test(points = 1, rule = 20)]
fn resizing_keeps_the_contents() {
    for align in [1, 64, PAGE, 1 << 16] {
        let heap = Heap::new();
        let mut block = take(&heap, 10, align);
        let mut numbers = Numbers(align as u64 + 5);
        let mut expected: Vec<u8> = block.bytes().to_vec();
        for _ in 0..300 {
            let most = [100, 3000, 40_000, 300_000][numbers.below(4)];
            let size = 1 + numbers.below(most);
            let old = layout(expected.len(), align);
            let same = Class::of(old).is_some() && Class::of(old) == Class::of(layout(size, align));
            let address = block.address();
            block = block.resize(size).expect("memory for a block");
            if same {
                assert_eq!(block.address(), address, "the address within a class");
            }
            expected.truncate(size);
            assert!(block.bytes()[..expected.len()] == expected[..], "the contents");
            let mark = numbers.below(256) as u8;
            block.bytes_mut().fill(mark);
            expected = vec![mark; size];
            assert_eq!(heap.report().live_blocks(), 1, "blocks that are out");
        }
        drop(block);
        assert_eq!(heap.report().live_blocks(), 0, "blocks at the end");
    }
}

/// At the limit blocks are refused, and nothing is harmed; what was given back is handed out again.
#[phase7::test(points = 2, rule = 21)]
fn a_heap_at_its_limit_says_null() {
    let heap = Heap::new();
    heap.set_limit(0);
    assert!(Block::allocate(&heap, layout(1, 1)).is_none(), "without a page");
    heap.set_limit(REGION + (1 << 20));
    let fill = || {
        let mut blocks = Vec::new();
        while let Some(mut block) = Block::allocate(&heap, layout(3000, 1)) {
            block.bytes_mut().fill(blocks.len() as u8);
            blocks.push(block);
            assert!(blocks.len() < 2000, "more blocks than bytes for them");
        }
        blocks
    };
    let mut blocks = fill();
    assert!(
        blocks.len() > REGION / 3072 - 50,
        "{} blocks of 3000 bytes in 2 MiB",
        blocks.len()
    );
    let small = blocks.pop().expect("there are some");
    let (address, mark) = (small.address(), blocks.len() as u8);
    let small = small.resize(5000).expect_err("no memory for more");
    assert_eq!((small.address(), small.bytes()), (address, &[mark; 3000][..]));
    assert!(
        Block::allocate(&heap, layout(2 << 20, 1)).is_none(),
        "a large block"
    );
    assert!(
        Block::allocate(&heap, layout(isize::MAX as usize, 1)).is_none(),
        "an absurd one"
    );

    let large = take(&heap, 100_000, 1);
    let address = large.address();
    let large = large.resize(2 << 20).expect_err("no memory for more");
    assert_eq!((large.address(), large.bytes().len()), (address, 100_000));
    assert!(
        (0..)
            .zip(&blocks)
            .all(|(mark, block)| block.bytes() == [mark as u8; 3000])
    );

    let count = blocks.len();
    drop((blocks, small, large));
    assert_eq!(heap.report().live_blocks(), 0, "blocks when all are back");
    let again = fill().len();
    assert!(
        again >= count,
        "{again} blocks of the same size, and {count} before"
    );
    heap.set_limit(usize::MAX);
    drop(take(&heap, 2 << 20, 1));
}

/// Small blocks come from regions, large ones are what they are, and go at once.
#[phase7::test(points = 1, rule = 24)]
fn the_heap_maps_little_more_than_it_hands_out() {
    for size in [16, 200, 3000, 32_000] {
        let heap = Heap::new();
        let class = Class::of(layout(size, 1)).expect("a small block").size();
        let count = (20 << 20) / class;
        let blocks: Vec<_> = (0..count).map(|_| take(&heap, size, 1)).collect();
        let mapped = heap.report().mapped_bytes;
        let most = count * class + count * class / 16 + 2 * REGION;
        assert!(
            mapped <= most,
            "{mapped} bytes mapped for {count} blocks of {class}"
        );
        drop(blocks);
        let after = heap.report().mapped_bytes;
        let again: Vec<_> = (0..count).map(|_| take(&heap, size, 1)).collect();
        assert_eq!(
            heap.report().mapped_bytes,
            after,
            "mapped for as many blocks again"
        );
        drop(again);
    }
    let heap = Heap::new();
    drop(take(&heap, 10, 1));
    let before = heap.report().mapped_bytes;
    let large = take(&heap, 1_000_000, 1);
    let bytes = 1_000_000_usize.next_multiple_of(PAGE);
    assert_eq!(
        heap.report().mapped_bytes,
        before + bytes,
        "mapped with a large block"
    );
    let large = large.resize(3_000_000).expect("memory for a block");
    let bytes = 3_000_000_usize.next_multiple_of(PAGE);
    assert_eq!(
        heap.report().mapped_bytes,
        before + bytes,
        "mapped when it has grown"
    );
    drop(large);
    let report = heap.report();
    assert_eq!(
        (report.mapped_bytes, report.peak_mapped_bytes),
        (before, before + bytes),
        "mapped when it is gone, and at most"
    );
}

/// Ten thousand heaps of 2 MiB one after another: together more than a test may have.
#[phase7::test(points = 1, rule = 24, timeout_s = 60)]
fn a_heap_that_ends_gives_everything_back() {
    for round in 0..10_000 {
        let heap = Heap::new();
        let block = Block::allocate(&heap, layout(64, 8));
        assert!(block.is_some(), "no memory for heap {round}");
    }
}

/// Each class by itself, and a line for each that has blocks out.
#[phase7::test(points = 1, rule = 25)]
fn the_report_is_exact_for_every_class() {
    let heap = Heap::new();
    let mut kept = Vec::new();
    let mut expected = String::new();
    for class in (0..).map_while(Class::nth) {
        let count = 1 + class.index() * 7 % 5;
        let mut blocks: Vec<_> = (0..count + 70).map(|_| take(&heap, class.size(), 1)).collect();
        blocks.truncate(count);
        kept.append(&mut blocks);
        let noun = if count == 1 { "block" } else { "blocks" };
        expected.push_str(&format!("{count} {noun} of {} bytes\n", class.size()));
    }
    let report = heap.report();
    assert_eq!(report.to_string(), expected);
    for (class, line) in (0..).map_while(Class::nth).zip(report.classes) {
        let count = 1 + class.index() * 7 % 5;
        assert_eq!((line.size_bytes, line.live), (class.size(), count));
        assert!(
            (count + 70..=count + 70 + 63).contains(&line.made),
            "{} blocks of {} bytes made for {}",
            line.made,
            line.size_bytes,
            count + 70
        );
    }
    kept.truncate(1);
    let _large = [take(&heap, 40_000, 1), take(&heap, 5, 8192)];
    let report = heap.report();
    assert_eq!(
        (report.live_blocks(), report.live_bytes(), report.large_blocks),
        (3, 16 + 10 * PAGE + PAGE, 2)
    );
    assert_eq!(
        report.to_string(),
        "1 block of 16 bytes\n2 blocks, large, 45056 bytes\n"
    );
}
