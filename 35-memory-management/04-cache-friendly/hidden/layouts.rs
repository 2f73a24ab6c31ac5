//! Structs without holes, fields without bytes, many elements; caches of odd shapes.

use cache_friendly::cache::{Cache, GeometryError};
use cache_friendly::layout::{Field, Hole, StructLayout};
use cache_friendly::layout_of;

use super::support::Numbers;

fn field(name: &'static str, offset: usize, size: usize, align: usize) -> Field {
    Field {
        name,
        offset,
        size,
        align,
    }
}

/// Fields in any order, one of them without bytes, a hole at the start.
fn odd() -> StructLayout {
    StructLayout::new(
        "Odd",
        96,
        32,
        vec![
            field("wide", 32, 32, 32),
            field("last", 64, 3, 1),
            field("mark", 32, 0, 16),
            field("first", 8, 20, 4),
        ],
    )
}

/// A hole at the start, none at a field without bytes, no tail.
#[phase7::test(points = 2, rule = 1)]
fn holes_at_the_start_and_around_nothing() {
    let holes = [Hole { offset: 0, size: 8 }, Hole { offset: 28, size: 4 }];
    assert_eq!(odd().holes(), holes, "holes");
    assert_eq!((odd().tail(), odd().padding()), (29, 41), "tail and padding");
    let full = StructLayout::new("Full", 8, 4, vec![field("a", 0, 4, 4), field("b", 4, 4, 4)]);
    assert_eq!(
        (full.holes(), full.tail(), full.padding()),
        (vec![], 0, 0),
        "nothing is lost"
    );
    let empty = StructLayout::new("Empty", 0, 1, vec![]);
    assert_eq!(
        (empty.holes(), empty.tail(), empty.padding()),
        (vec![], 0, 0),
        "no field"
    );
    let blank = StructLayout::new("Blank", 16, 16, vec![]);
    assert_eq!(
        (blank.holes(), blank.tail()),
        (vec![], 16),
        "alignment without a field"
    );
}

/// Sizes that are no multiples of alignments, and equals that keep their order.
#[phase7::test(points = 2, rule = 2)]
fn reordered_fields_begin_where_they_may() {
    let ordered = odd().reordered();
    let places: Vec<_> = ordered
        .fields()
        .iter()
        .map(|field| (field.offset, field.name))
        .collect();
    assert_eq!(
        places,
        [(0, "wide"), (32, "mark"), (32, "first"), (52, "last")],
        "offsets and names"
    );
    assert_eq!((ordered.size(), ordered.align(), ordered.padding()), (64, 32, 9));
    assert_eq!(ordered.reordered(), ordered, "there is nothing left to order");
    // A field may be shorter than its alignment only in a description, and is still padded.
    let short = StructLayout::new(
        "Short",
        24,
        8,
        vec![field("a", 0, 4, 8), field("b", 8, 8, 8), field("c", 16, 1, 1)],
    );
    let places: Vec<_> = short
        .reordered()
        .fields()
        .iter()
        .map(|field| field.offset)
        .collect();
    assert_eq!(places, [0, 8, 16], "each at a multiple of its alignment");
}

/// Each line once, whatever fields and elements are on it.
#[phase7::test(points = 2, rule = 3)]
fn no_line_of_a_pass_is_counted_twice() {
    let layout = odd();
    for (names, count, lines) in [
        (&["wide"][..], 2, 2), // 32 to 64, 128 to 160
        (&["wide"], 3, 3),     // and 224 to 256
        (&["first"], 4, 4),    // 8, 104, 200, 296
        (&["first", "last"], 2, 3),
        (&["last", "first", "last"], 2, 3),
        (&["mark"], 100, 0),
        (&[], 100, 0),
    ] {
        assert_eq!(
            layout.lines_of_pass(count, names),
            Some(lines),
            "{names:?} of {count}"
        );
    }
    let large = StructLayout::new(
        "Large",
        200,
        8,
        vec![field("a", 0, 136, 8), field("b", 136, 64, 8)],
    );
    assert_eq!(large.lines_of_record(0, &["a"]), Some(3), "0 to 136");
    assert_eq!(large.lines_of_record(1, &["a"]), Some(3), "200 to 336");
    assert_eq!(large.lines_of_record(1, &["a", "b"]), Some(4), "200 to 400");
    assert_eq!(
        large.lines_of_record(1 << 40, &["b"]),
        Some(2),
        "136 to 200 in a line, far away"
    );
    assert_eq!(
        large.lines_of_pass(1 << 16, &["a", "b"]),
        Some(204_800),
        "all there are"
    );
    assert_eq!(large.lines_of_record(0, &["a", "c"]), None, "one name is unknown");
    assert_eq!(large.lines_of_pass(0, &["c"]), None, "unknown, and no element");
}

/// A struct in the compiler's order.
#[allow(dead_code, reason = "only its layout is of interest")]
struct Pair {
    narrow: u8,
    wide: u16,
}

/// Holes at the start, fields without bytes, numbers of different width.
#[phase7::test(points = 2, rule = 4)]
fn odd_layouts_are_drawn() {
    assert_eq!(
        odd().to_string(),
        "\
Odd: 96 bytes, align 32, 41 of padding
offset  size  align  field
     0     8         -
     8    20      4  first
    28     4         -
    32     0     16  mark
    32    32     32  wide
    64     3      1  last
    67    29         -"
    );
    let pair = layout_of!(Pair: narrow, wide);
    assert_eq!(
        pair.padding(),
        1,
        "a pair of three bytes takes four, in either order"
    );
    let empty = StructLayout::new("Empty", 0, 1, vec![]);
    assert_eq!(
        empty.to_string(),
        "Empty: 0 bytes, align 1, 0 of padding\noffset  size  align  field"
    );
}

/// One set, one way, no power of two, nothing.
#[phase7::test(points = 2, rule = 5)]
fn caches_of_all_shapes() {
    let shape = |bytes, ways, line| Cache::new(bytes, ways, line).map(|cache| cache.sets());
    assert_eq!(shape(1 << 20, 16, 64), Ok(1024), "1 MiB of 16 ways");
    assert_eq!(
        shape(48 << 10, 12, 64),
        Ok(64),
        "twelve ways are no power of two, and need not be"
    );
    assert_eq!(shape(640, 10, 64), Ok(1), "one set");
    assert_eq!(shape(640, 1, 64), Err(GeometryError::NoPowerOfTwo), "ten sets");
    assert_eq!(
        shape(1024, 3, 64),
        Err(GeometryError::Uneven),
        "no multiple of 192"
    );
    assert_eq!(
        shape(960, 1, 48),
        Err(GeometryError::NoPowerOfTwo),
        "lines of 48 bytes"
    );
    for (bytes, ways, line) in [(0, 8, 64), (4096, 0, 64), (4096, 8, 0), (4096, usize::MAX, 64)] {
        assert_eq!(
            shape(bytes, ways, line),
            Err(GeometryError::Uneven),
            "{bytes}, {ways}, {line}"
        );
    }
    let cache = Cache::new(48 << 10, 12, 64).expect("such a cache exists");
    assert_eq!(cache.set_of(usize::MAX), 63, "the last line of all");
}

/// Accesses that span lines, take nothing, or use a line again.
#[phase7::test(points = 2, rule = 6)]
fn a_line_that_is_used_stays() {
    let mut cache = Cache::new(32 << 10, 8, 64).expect("such a cache exists");
    assert_eq!(cache.access(100, 0), 0, "no bytes");
    assert_eq!(cache.access(100, 1000), 17, "100 to 1100: lines 1 to 17");
    assert_eq!(cache.access(0, 2048), 15, "lines 0 to 31, of which 17 are there");
    assert_eq!(cache.access(usize::MAX - 8, 8), 1, "the end of the address space");
    let mut cache = Cache::new(32 << 10, 8, 64).expect("such a cache exists");
    // Nine lines of one set, in turn: each is thrown out just before it is needed.
    let misses: usize = (0..900).map(|step| cache.access(step % 9 * 4096, 1)).sum();
    assert_eq!(misses, 900, "nine lines in eight ways");
    // With one of them used in between, it stays.
    let misses: usize = (0..800)
        .map(|step| cache.access((1 + step % 8) * 4096, 1) + cache.access(0, 1))
        .sum();
    assert!(
        (800..=802).contains(&misses),
        "{misses} misses, of which one at most is of line 0"
    );
    // Spread over the sets, all nine have room.
    let misses: usize = (0..900)
        .map(|step| cache.access(step % 9 * 4160 + (1 << 30), 1))
        .sum();
    assert_eq!(misses, 9, "nine lines in nine sets");
}

/// Against a model that remembers when each line was used.
#[phase7::test(points = 1, rule = 6)]
fn a_cache_behaves_as_its_definition() {
    let mut cache = Cache::new(2048, 4, 32).expect("such a cache exists");
    let mut used: Vec<(usize, usize)> = Vec::new(); // (line, when)
    let mut numbers = Numbers(7);
    for now in 0..5000 {
        let address = numbers.below(8192) as usize;
        let (line, set) = (address / 32, address / 32 % 16);
        let held = used.iter().position(|(held, _)| *held == line);
        let missed = cache.access(address, 1);
        assert_eq!(missed, usize::from(held.is_none()), "access {now}, line {line}");
        match held {
            Some(index) => used[index].1 = now,
            None => {
                let of_set: Vec<_> = used
                    .iter()
                    .filter(|(line, _)| line % 16 == set)
                    .copied()
                    .collect();
                if of_set.len() == 4 {
                    let oldest = of_set.iter().min_by_key(|(_, when)| *when).expect("four lines").0;
                    used.retain(|(line, _)| *line != oldest);
                }
                used.push((line, now));
            }
        }
    }
}
