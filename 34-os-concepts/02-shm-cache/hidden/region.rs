//! The file, its header, who makes it, and who is attached.

use std::fs;
use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::signal::{SigSet, Signal};
use phase7::{Running, Scratch};
use shm_cache::digest;
use shm_cache::layout::{Config, ENCODED_BYTES, Geometry, Header};
use shm_cache::{OpenError, SharedCache};

use super::support::{DEADLINE, Fixture, Image, get, set};

/// Slots and slabs at both ends of what can be, and just outside.
#[phase7::test(points = 1, rule = 1)]
fn a_geometry_has_limits() {
    let geometry = |slots, slab_bytes| Geometry::new(Config { slots, slab_bytes });
    for (slots, sets) in [(1, 1), (32, 1), (33, 2), (1 << 32, 1 << 27)] {
        assert_eq!(
            geometry(slots, 16).expect("it can be").set_count,
            sets,
            "sets for {slots}"
        );
    }
    for (slab_bytes, slot_bytes) in [
        (16, 64),
        (24, 64),
        (32, 128),
        (88, 128),
        (1 << 20, (1 << 20) + 64),
    ] {
        let set_bytes = geometry(1, slab_bytes).expect("it can be").set_bytes();
        assert_eq!(
            set_bytes,
            128 + 32 * slot_bytes,
            "bytes of a set with slabs of {slab_bytes}"
        );
    }
    let largest = geometry(1 << 32, 1 << 20).expect("it can be").region_bytes();
    assert_eq!(
        largest,
        4096 + (1 << 27) * (128 + 32 * ((1 << 20) + 64)),
        "bytes of the largest region"
    );
    for slots in [0, (1 << 32) + 1, u64::MAX] {
        assert!(
            matches!(geometry(slots, 16), Err(OpenError::Slots { .. })),
            "{slots} slots"
        );
    }
    for slab_bytes in [0, 8, 15, 17, 20, (1 << 20) + 8, u32::MAX] {
        assert!(
            matches!(geometry(1, slab_bytes), Err(OpenError::Slab { .. })),
            "a slab of {slab_bytes}"
        );
    }
}

/// Every byte of a region that nobody has used.
#[phase7::test(points = 1, rule = 1)]
fn a_new_region_is_as_drawn() {
    let fixture = Fixture::new(40, 24);
    let bytes = fs::read(fixture.path()).expect("the file is there");
    assert_eq!(
        bytes.len(),
        4096 + 2 * (128 + 32 * 64),
        "bytes of a region with 40 slots"
    );
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    assert_eq!(
        bytes[..16],
        *b"SHMCACHE\x01\0\0\0\0\x10\0\0",
        "the first 16 bytes"
    );
    assert_eq!(
        (number(16), number(24), number(32)),
        (bytes.len() as u64, 2, 24),
        "bytes, sets, slab"
    );
    assert_eq!(number(48), digest::of_bytes(0, &bytes[..48]), "the checksum");
    assert_eq!(number(56), 0, "bytes 56 to 64");
    assert_eq!(number(64), 2, "the next number, when one handle was there");
    assert!(
        bytes[72..].iter().all(|byte| *byte == 0),
        "everything behind is zeros"
    );
    let another = Fixture::new(40, 24);
    assert_ne!(another.image().seed(), number(40), "the seeds of two regions");
}

/// What `decode` says, without its numbers.
fn verdict(bytes: &[u8; ENCODED_BYTES], file_bytes: u64) -> &'static str {
    match Header::decode(bytes, file_bytes) {
        Ok(_) => "a region",
        Err(OpenError::NotACache) => "not a cache",
        Err(OpenError::Version { .. }) => "another version",
        Err(OpenError::Damaged) => "damaged",
        Err(OpenError::Size { .. }) => "another size",
        Err(_) => "something else",
    }
}

/// A header with the checksum that belongs to it, whatever it says.
fn sealed(mut bytes: [u8; ENCODED_BYTES]) -> [u8; ENCODED_BYTES] {
    let checksum = digest::of_bytes(0, &bytes[..48]);
    bytes[48..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The first reason that holds is told, and no header is believed because its checksum is right.
#[phase7::test(points = 2, rule = 2)]
fn headers_are_refused_for_the_first_reason() {
    let config = Config {
        slots: 64,
        slab_bytes: 88,
    };
    let geometry = Geometry::new(config).expect("it can be");
    let (size, sound) = (geometry.region_bytes(), Header { geometry, seed: 5 }.encode());
    assert_eq!(verdict(&sound, size), "a region");
    assert_eq!(verdict(&sound, size - 1), "another size");
    assert_eq!(verdict(&sound, size + 4096), "another size");
    for at in 0..ENCODED_BYTES {
        let mut bytes = sound;
        bytes[at] ^= 0x10;
        let expected = match at {
            0..8 => "not a cache",
            8..12 => "another version",
            _ => "damaged",
        };
        assert_eq!(verdict(&bytes, size), expected, "byte {at} of the header");
        assert_eq!(
            verdict(&bytes, size + 1),
            expected,
            "byte {at}, and another size too"
        );
    }
    let mut bytes = sound;
    bytes[8] = 9;
    bytes[50] ^= 1;
    assert_eq!(
        verdict(&bytes, 0),
        "another version",
        "version, checksum and size are wrong"
    );
    let with = |at: usize, number: u64| {
        let mut bytes = sound;
        bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
        sealed(bytes)
    };
    for (at, number) in [
        (8, 1 | 8192 << 32),
        (16, size + 64),
        (16, 0),
        (24, 3),
        (24, 0),
        (24, 1 << 59),
        (24, u64::MAX),
        (32, 80 << 32 | 88),
        (32, 0),
        (32, 90),
        (32, u64::MAX),
    ] {
        for file_bytes in [size, size + 64] {
            assert_eq!(
                verdict(&with(at, number), file_bytes),
                "damaged",
                "{number} at byte {at}"
            );
        }
    }
    // Numbers whose product wraps around to the size of the file.
    let wrapped = (size - 4096).wrapping_add(1 << 63);
    assert_eq!(
        verdict(&with(24, wrapped / 4224), size),
        "damaged",
        "a product that wraps"
    );
}

/// Files that are shorter than a header, and those that are something else.
#[phase7::test(points = 1, rule = 2)]
fn files_that_are_no_region_are_refused() {
    let scratch = Scratch::new();
    for (bytes, expected) in [
        (
            &b""[..],
            "0 bytes are no cache: the header alone has 4096".to_owned(),
        ),
        (
            &[b'S'; 4095],
            "4095 bytes are no cache: the header alone has 4096".to_owned(),
        ),
        (&[b'S'; 8192], "not a cache".to_owned()),
    ] {
        let path = scratch.write("file", bytes);
        let output = phase7::program!()
            .args(["get", path.to_str().unwrap(), "k"])
            .run()
            .expect_code(2);
        let expected = format!("shm-cache: {}: {expected}\n", path.display());
        assert_eq!(output.stderr(), expected, "the error");
        assert_eq!(fs::read(&path).unwrap(), bytes, "the file");
    }
    let fixture = Fixture::new(64, 88);
    let length = fixture.image().len();
    fixture.image().truncate(length - 1);
    let expected = format!(
        "shm-cache: {}: the file has {} bytes, and its header says {length}\n",
        fixture.path().display(),
        length - 1
    );
    assert_eq!(
        fixture.run("stats", []).expect_code(2).stderr(),
        expected,
        "the error"
    );
}

/// Names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("it is there");
    entries
        .map(|entry| entry.expect("it can be read").file_name())
        .map(|name| name.into_string().expect("names are text"))
        .collect()
}

/// A failure to make a region leaves nothing, and what is there stays.
#[phase7::test(points = 1, rule = 3)]
fn a_region_that_cannot_be_made_leaves_nothing() {
    let scratch = Scratch::new();
    let path = scratch.write("region", "somebody's letters");
    let Err(OpenError::Io { source, .. }) = SharedCache::create(&path, Config::default()) else {
        panic!("the file is there already");
    };
    assert_eq!(
        source.kind(),
        ErrorKind::AlreadyExists,
        "the reason for the first"
    );
    assert_eq!(scratch.read("region"), "somebody's letters", "the file");
    let huge = Config {
        slots: 1 << 32,
        slab_bytes: 1 << 20,
    };
    // Where files have a limit the kernel would send this with its refusal, and end the process.
    let mut too_large = SigSet::empty();
    too_large.add(Signal::SIGXFSZ);
    too_large.thread_block().expect("a signal can be blocked");
    let made = SharedCache::create(&scratch.join("huge"), huge);
    assert!(matches!(made, Err(OpenError::Io { .. })), "4 PiB of memory");
    let none = Config {
        slots: 0,
        slab_bytes: 88,
    };
    let made = SharedCache::create(&scratch.join("none"), none);
    assert!(
        matches!(made, Err(OpenError::Slots { .. })),
        "a region without slots"
    );
    assert_eq!(names(scratch.path()), ["region"], "files in the directory");
}

/// The kernel has given all its memory, and to the owner alone.
#[phase7::test(points = 1, rule = 3)]
fn a_region_has_its_memory_and_its_mode() {
    let fixture = Fixture::new(10_000, 88);
    let metadata = fs::metadata(fixture.path()).expect("it is there");
    assert_eq!(metadata.mode() & 0o777, 0o600, "the mode");
    assert!(
        metadata.blocks() * 512 >= metadata.len(),
        "{} blocks for {} bytes",
        metadata.blocks(),
        metadata.len()
    );
}

/// Eight processes want to make the same region; those who look see none, or all of it.
#[phase7::test(points = 2, rule = 3, timeout_s = 60)]
fn one_of_many_makes_the_region() {
    let scratch = Scratch::new();
    let path = scratch.join("region");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(SeqCst) {
                match SharedCache::open(&path) {
                    Ok(_) => seen += 1,
                    Err(OpenError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {}
                    Err(error) => panic!("saw a region that is not complete: {error}"),
                }
            }
            seen
        });
        let arguments = ["create", path.to_str().unwrap(), "--slots", "100000"];
        let program = || phase7::program!().args(arguments).deadline(DEADLINE);
        let creators: Vec<Running> = (0..8).map(|_| program().spawn()).collect();
        let codes: Vec<i32> = creators
            .into_iter()
            .map(|running| running.wait().code())
            .collect();
        let made = codes.iter().filter(|code| **code == 0).count();
        let refused = codes.iter().filter(|code| **code == 2).count();
        assert_eq!((made, refused), (1, 7), "made and refused: {codes:?}");
        SharedCache::open(&path).expect("it is there now");
        done.store(true, SeqCst);
        reader.join().expect("the reader saw whole regions only");
    });
    assert_eq!(names(scratch.path()), ["region"], "files in the directory");
}

/// Whoever comes first makes it; all have it. Another shape is refused.
#[phase7::test(points = 1, rule = 3)]
fn open_or_create_gives_one_region_to_all() {
    let scratch = Scratch::new();
    let path = scratch.join("region");
    let config = Config {
        slots: 100,
        slab_bytes: 88,
    };
    let caches: Vec<SharedCache> = thread::scope(|scope| {
        let open = || SharedCache::open_or_create(&path, config).expect("one makes it, all have it");
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    set(&caches[0], "k", "v");
    for cache in &caches {
        assert_eq!(get(cache, "k").as_deref(), Some("v"), "what the first stored");
    }
    assert_eq!(names(scratch.path()), ["region"], "files in the directory");
    let same = Config {
        slots: 128,
        slab_bytes: 88,
    };
    assert!(
        SharedCache::open_or_create(&path, same).is_ok(),
        "100 and 128 slots are the same"
    );
    for other in [
        Config {
            slots: 129,
            slab_bytes: 88,
        },
        Config {
            slots: 100,
            slab_bytes: 80,
        },
    ] {
        let opened = SharedCache::open_or_create(&path, other);
        assert!(matches!(opened, Err(OpenError::Other { .. })), "{other:?}");
    }
}

/// Whether somebody holds the lock of a number.
fn is_held(fixture: &Fixture, number: u32) -> bool {
    let file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(fixture.path())
        .expect("it is there");
    let mut lock = nix::libc::flock {
        l_type: nix::libc::F_WRLCK as nix::libc::c_short,
        l_whence: nix::libc::SEEK_SET as nix::libc::c_short,
        l_start: (1 << 40) + i64::from(number),
        l_len: 1,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_OFD_GETLK(&mut lock)).expect("the kernel answers");
    lock.l_type != nix::libc::F_UNLCK as nix::libc::c_short
}

/// Each handle has a number and a lock, for as long as it lives, whatever other handles do.
#[phase7::test(points = 2, rule = 5)]
fn each_handle_keeps_a_number() {
    let fixture = Fixture::new(64, 88);
    let next = || fixture.image().u64(64) as u32;
    let first = next();
    let one = fixture.open();
    let two = fixture.open();
    let session = fixture.session();
    assert_eq!(next(), first + 3, "the counter behind three handles");
    let held = || [0, 1, 2, 3].map(|number| is_held(&fixture, first + number));
    assert_eq!(
        held(),
        [true, true, true, false],
        "locks of three numbers and the next"
    );
    assert!(!is_held(&fixture, 0), "number 0 is nobody's");
    drop(one);
    assert_eq!(held(), [false, true, true, false], "when the first has gone");
    drop(session);
    assert_eq!(
        held(),
        [false, true, false, false],
        "when the process was killed too"
    );
    let attached = SharedCache::attach(two.descriptor()).expect("it is the same region");
    assert_eq!(held(), [false, true, false, true], "with one that was attached");
    drop(two);
    assert_eq!(
        held(),
        [false, false, false, true],
        "when the giver of the descriptor has gone"
    );
    drop(attached);
    assert_eq!(held(), [false; 4], "at the end");
    // The counter passes 2³¹: 31 bits are the number, and none of them is 0.
    fixture.image().write(64, &(1_u64 << 31).to_le_bytes());
    let late = fixture.open();
    assert!(is_held(&fixture, 1), "the number behind 2³¹ − 1 is 1");
    drop(late);
}

/// A region whose file has no name, from a descriptor.
#[phase7::test(points = 1, rule = 4, needs = "/proc")]
fn a_region_without_a_name_is_attached() {
    let fixture = Fixture::new(64, 88);
    let file = fs::File::open(fixture.path()).expect("it is there");
    let cache = fixture.open();
    fs::remove_file(fixture.path()).expect("it can be removed");
    // That it was opened for reading alone does not matter: it is opened anew.
    let attached = SharedCache::attach(file.as_fd()).expect("it is a region");
    drop(file);
    set(&attached, "k", "v");
    assert_eq!(
        get(&cache, "k").as_deref(),
        Some("v"),
        "through the other mapping"
    );
    let another = SharedCache::attach(cache.descriptor()).expect("it is a region");
    drop(cache);
    assert_eq!(
        get(&another, "k").as_deref(),
        Some("v"),
        "when the first handle has gone"
    );
    let letters = fixture.path().with_file_name("letters");
    fs::write(&letters, [7; 5000]).expect("there is room");
    let file = fs::File::open(&letters).expect("it is there");
    assert!(
        matches!(SharedCache::attach(file.as_fd()), Err(OpenError::NotACache)),
        "letters"
    );
}

/// Two mappings and a process with a third, changing the same set in turn.
#[phase7::test(points = 1, rule = 4)]
fn changes_are_seen_by_all() {
    let fixture = Fixture::new(32, 88);
    let (one, two) = (fixture.open(), fixture.open());
    let mut session = fixture.session();
    for round in 0..50 {
        set(&one, "a", &format!("one {round}"));
        assert_eq!(
            get(&two, "a"),
            Some(format!("one {round}")),
            "from the first to the second"
        );
        assert_eq!(
            session.ask(&format!("set b {round}")),
            "stored",
            "the session's reply"
        );
        assert_eq!(
            get(&one, "b"),
            Some(round.to_string()),
            "from the session to the first"
        );
        assert_eq!(two.remove(b"b"), Ok(true), "the second removes it");
        assert_eq!(session.ask("get b"), "miss", "what the session finds then");
    }
    let image = Image::open(&fixture.path(), 88);
    assert_eq!(image.u32(4096), 0, "the lock at rest");
}
