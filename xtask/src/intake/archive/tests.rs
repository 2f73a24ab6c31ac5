//! Good archives in every format, and bad ones of every kind.

use super::super::entry::Kind;
use super::super::limits::{Budget, RATIO_FREE, READ_MAX, TAR_EXTENSION_MAX};
use super::super::sample::{file, gzip, tar, tar_entry, tar_of, zip, zstandard};
use super::*;
use ::tar::EntryType;

/// What a walk meets: names and kinds, with the content of files.
fn walk(bytes: &[u8]) -> Result<Vec<(String, Kind, Vec<u8>)>, String> {
    let mut met = Vec::new();
    let walked = visit(file(bytes), Bounds::of_learner(), &mut |entry| {
        let mut content = Vec::new();
        if entry.kind == Kind::File {
            let read = entry.content.open()?.read_to_end(&mut content);
            read.map_err(|error| Refused::reading(&error))?;
        }
        met.push((entry.name.to_owned(), entry.kind, content));
        Ok(())
    });
    walked.map(|()| met).map_err(|why| why.to_string())
}

fn names(bytes: &[u8]) -> Vec<String> {
    walk(bytes).unwrap().into_iter().map(|entry| entry.0).collect()
}

fn why(bytes: &[u8]) -> String {
    walk(bytes).unwrap_err()
}

#[test]
fn every_format_is_told_by_its_first_bytes() {
    let files: &[(&str, &[u8])] = &[("a/b.rs", b"one"), ("c.rs", b"two")];
    let expected = files
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), Kind::File, bytes.to_vec()))
        .collect::<Vec<_>>();
    for archive in [zip(files), tar(files), gzip(&tar(files)), zstandard(&tar(files))] {
        assert_eq!(walk(&archive).unwrap(), expected);
    }
    assert!(why(b"Rar!").starts_with("is no .zip"), "{}", why(b"Rar!"));
    assert!(why(b"").starts_with("is no .zip"));
    assert_eq!(names(&zip(&[])).len(), 0);
}

#[test]
fn names_end_in_the_longest_ending() {
    assert_eq!(
        (stem("a.tar.gz"), stem("a.ZIP"), stem("a.b"), stem("a.tar.xz")),
        ("a", "a", "a.b", "a")
    );
    assert!(is_archive("a.tar.gz") && !is_foreign_archive("a.tar.gz"));
    assert!(is_foreign_archive("a.rar") && is_foreign_archive("a.gz") && !is_archive("a.rar"));
}

#[test]
fn kinds_of_tar_entries_are_told() {
    let kinds = [
        (EntryType::Symlink, "a symbolic link"),
        (EntryType::Link, "a hard link"),
        (EntryType::Fifo, "a FIFO"),
        (EntryType::Char, "a device"),
        (EntryType::Block, "a device"),
        (EntryType::new(b'Z'), "of an unknown kind"),
    ];
    for (kind, expected) in kinds {
        let archive = tar_of(&[tar_entry(b"src/x.rs", kind, "/etc/passwd", b"")]);
        assert_eq!(walk(&archive).unwrap()[0].1, Kind::Other(expected));
    }
    let directories = tar_of(&[
        tar_entry(b"src", EntryType::Directory, "", b""),
        tar_entry(b"old/", EntryType::Regular, "", b""),
    ]);
    assert!(
        walk(&directories)
            .unwrap()
            .iter()
            .all(|entry| entry.1 == Kind::Directory)
    );
}

#[test]
fn long_names_of_both_kinds_are_read() {
    let long = "d/".repeat(90) + "x.rs";
    let mut gnu = tar_entry(
        b"././@LongLink",
        EntryType::GNULongName,
        "",
        format!("{long}\0").as_bytes(),
    );
    gnu.extend(tar_entry(b"short", EntryType::Regular, "", b"1"));
    let record = |text: &str| {
        let length = text.len() + 2 + (text.len() + 4).to_string().len();
        format!("{length} {text}\n")
    };
    let mut pax = tar_entry(
        b"pax",
        EntryType::XHeader,
        "",
        record(&format!("path={long}")).as_bytes(),
    );
    pax.extend(tar_entry(b"short", EntryType::Regular, "", b"1"));
    assert_eq!(
        names(&tar_of(&[gnu, tar_entry(b"b", EntryType::Regular, "", b"")])),
        [long.as_str(), "b"]
    );
    assert_eq!(names(&tar_of(&[pax])), [long.as_str()]);
}

#[test]
fn extension_headers_cannot_lie_or_swell() {
    let pax = |records: &str| {
        let header = tar_entry(b"pax", EntryType::XHeader, "", records.as_bytes());
        why(&tar_of(&[header, tar_entry(b"x", EntryType::Regular, "", b"1")]))
    };
    assert_eq!(pax("10 size=9\n"), "names two sizes for one entry");
    for damaged in [
        "5 a=b\n",
        "99 a=b\n",
        "x a=b\n",
        "nothing",
        "6 a=b\n\n",
        "2 \n",
        "18446744073709551616 a=b\n",
    ] {
        assert_eq!(pax(damaged), "has a damaged PAX header", "{damaged:?}");
    }
    let swollen = vec![b'a'; TAR_EXTENSION_MAX as usize + 1];
    let archive = tar_of(&[tar_entry(b"l", EntryType::GNULongName, "", &swollen)]);
    assert_eq!(why(&archive), "has too long a name or header");
    // A header that claims a name of eight gigabytes, with nothing behind it.
    let mut claim = tar_entry(b"l", EntryType::GNULongName, "", b"");
    claim[124..136].copy_from_slice(b"77777777777\0");
    let claim = with_checksums(claim);
    assert!(why(&claim).starts_with("cannot be read"), "{}", why(&claim));
    assert_eq!(
        why(&tar_of(&[tar_entry(b"s", EntryType::GNUSparse, "", b"")])),
        "holds a sparse file"
    );
    let sparse = tar_entry(b"pax", EntryType::XHeader, "", b"22 GNU.sparse.major=1\n");
    let archive = tar_of(&[sparse, tar_entry(b"x", EntryType::Regular, "", b"1")]);
    assert_eq!(walk(&archive).unwrap()[0].1, Kind::Other("a sparse file"));
}

#[test]
fn what_is_cut_off_is_refused() {
    let text = vec![b'a'; 3000];
    let files: &[(&str, &[u8])] = &[("a.rs", &text), ("b.rs", &text)];
    let plain = tar(files);
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    for archive in [
        half(plain.clone()),
        half(gzip(&plain)),
        half(zstandard(&plain)),
        half(zip(files)),
    ] {
        assert!(why(&archive).starts_with("cannot be read"), "{}", why(&archive));
    }
}

#[test]
fn a_stream_that_swells_is_a_bomb() {
    let zeros = vec![0; 8 << 20];
    let files: &[(&str, &[u8])] = &[("zeros", &zeros)];
    for archive in [gzip(&tar(files)), zstandard(&tar(files)), zip(files)] {
        assert_eq!(why(&archive), "unpacks to more than 200 times its size");
    }
    let small = vec![0; RATIO_FREE as usize - 4096];
    let files: &[(&str, &[u8])] = &[("zeros", &small)];
    for archive in [gzip(&tar(files)), zip(files)] {
        assert_eq!(names(&archive), ["zeros"]);
    }
}

#[test]
fn a_bomb_is_caught_where_it_is_passed_over() {
    let zeros = vec![0; 8 << 20];
    let archive = gzip(&tar(&[("target/zeros", &zeros)]));
    let walked = visit(file(&archive), Bounds::of_learner(), &mut |_| Ok(()));
    assert_eq!(
        walked.unwrap_err().to_string(),
        "unpacks to more than 200 times its size"
    );
}

#[test]
fn entries_are_counted_in_every_format() {
    let bounds = Bounds {
        entries: 10,
        ..Bounds::of_learner()
    };
    let count = |bytes: &[u8]| visit(file(bytes), bounds, &mut |_| Ok(())).map_err(|why| why.to_string());
    let refused = Err("more than 10 entries".to_owned());
    let names: Vec<_> = (0..11).map(|number| number.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(
        (count(&zip(&files[..10])), count(&zip(&files))),
        (Ok(()), refused.clone())
    );
    let header = tar_entry(b"pax", EntryType::XHeader, "", b"8 a=bcd\n");
    assert_eq!(
        (count(&header.repeat(30)), count(&header.repeat(31))),
        (Ok(()), refused)
    );
    assert_eq!(Bounds::of_learner().entries, ENTRIES_MAX);
}

/// The places in a zip where a record of this kind starts.
fn records(archive: &[u8], magic: &[u8]) -> Vec<usize> {
    (0..archive.len())
        .filter(|at| archive[*at..].starts_with(magic))
        .collect()
}

#[test]
fn entries_of_a_zip_that_share_bytes_are_refused() {
    let mut archive = zip(&[
        ("a.rs", b"some text, some text"),
        ("b.rs", b"other text, other text"),
    ]);
    let [first, second] = records(&archive, b"PK\x01\x02")[..] else {
        panic!("two entries")
    };
    // The second entry of the table of contents points to where the first one is.
    archive.copy_within(first + 42..first + 46, second + 42);
    assert_eq!(why(&archive), "its entries overlap");
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut archive = zip(&[("a.rs", b"one"), ("b.rs", b"two")]);
    for at in records(&archive, b"b.rs") {
        archive[at] = b'a';
    }
    assert_eq!(why(&archive), "two of its entries have the same name");
}

#[test]
fn encrypted_and_strangely_compressed_entries_are_refused() {
    let good = zip(&[("a.rs", b"one")]);
    let central = records(&good, b"PK\x01\x02")[0];
    let mut encrypted = good.clone();
    encrypted[central + 8] |= 1;
    encrypted[6] |= 1;
    assert_eq!(why(&encrypted), "it is encrypted");
    let mut strange = good;
    strange[central + 10] = 14;
    strange[8] = 14;
    assert!(why(&strange).contains("compress"), "{}", why(&strange));
}

#[test]
fn kinds_of_zip_entries_are_told() {
    let mut archive = zip(&[("a.rs", b"/etc/passwd")]);
    let central = records(&archive, b"PK\x01\x02")[0];
    // Made by Unix, with a mode in the upper half of the external attributes.
    archive[central + 5] = 3;
    for (mode, expected) in [
        (0o120_777_u16, "a symbolic link"),
        (0o010_644, "a FIFO"),
        (0o020_644, "a device"),
    ] {
        archive[central + 40..central + 42].copy_from_slice(&mode.to_le_bytes());
        assert_eq!(walk(&archive).unwrap()[0].1, Kind::Other(expected));
    }
}

#[test]
fn windows_names_have_their_slashes() {
    assert_eq!(names(&zip(&[("a\\src\\lib.rs", b"")])), ["a/src/lib.rs"]);
}

#[test]
fn a_table_of_contents_that_swells_is_refused() {
    let mut archive = zip(&[("x".repeat(255).as_str(), b"")]);
    let central = records(&archive, b"PK\x01\x02")[0];
    let end = records(&archive, b"PK\x05\x06")[0];
    let entry = archive[central..end].to_vec();
    let tail = archive.split_off(end);
    let count = ZIP_DIRECTORY_MAX as usize / entry.len() + 1;
    archive.extend(entry.repeat(count - 1));
    let size = (archive.len() - central) as u32;
    archive.extend(tail);
    let end = archive.len() - 22;
    archive[end + 8..end + 10].copy_from_slice(&(count as u16).to_le_bytes());
    archive[end + 10..end + 12].copy_from_slice(&(count as u16).to_le_bytes());
    archive[end + 12..end + 16].copy_from_slice(&size.to_le_bytes());
    assert_eq!(why(&archive), "its table of contents is too long");
}

/// Numbers that look random and are the same each time.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// Changes a few places of `bytes`.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let end = (at + self.below(40)).min(bytes.len());
            match self.below(6) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at..end].fill(0xff),
                2 => bytes[at..end].fill(0),
                3 => drop(bytes.drain(at..end)),
                4 => bytes.extend_from_within(at..end),
                _ => bytes[at] = self.below(256) as u8,
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        bytes
    }
}

/// The tar with a right checksum on every header: past that, a reader believes what it says.
fn with_checksums(mut tar: Vec<u8>) -> Vec<u8> {
    for block in tar
        .chunks_exact_mut(512)
        .filter(|block| &block[257..262] == b"ustar")
    {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    tar
}

/// Reads everything that an archive lets be read, without the net that catches a reader's panic.
fn devour(bytes: &[u8]) {
    let mut budget = Budget::default();
    let (mut count, mut total) = (0, 0);
    let walked = visit_format(file(bytes), Bounds::of_learner(), &mut |met| {
        budget.entry()?;
        count += 1;
        let _ = super::super::path::relative(met.name);
        let read = budget.read(&mut met.content.open()?, READ_MAX)?;
        total += read.map_or(0, |bytes| bytes.len() as u64);
        Ok(())
    });
    assert!(count <= ENTRIES_MAX && total <= READ_MAX);
    // Damaged or not: a refusal is one clean line.
    assert!(
        walked
            .err()
            .is_none_or(|why| !why.to_string().contains(['\n', '\u{1b}']))
    );
}

#[test]
fn no_mutation_of_an_archive_gets_past_the_limits() {
    let text = "fn main() { println!(\"hello\"); }\n".repeat(40);
    let files: &[(&str, &[u8])] = &[
        ("31-one/", b""),
        ("31-one/01-alpha/src/lib.rs", text.as_bytes()),
        ("31-one/01-alpha/src/a.rs", b"mod b;"),
        ("31-one/01-alpha/Cargo.toml", b"[package]"),
    ];
    let mut tarred = vec![tar_entry(b"pax", EntryType::XHeader, "", b"16 path=alpha/a\n")];
    tarred.push(tar_entry(b"l", EntryType::GNULongName, "", b"alpha/src/lib.rs\0"));
    tarred.push(tar_entry(b"x", EntryType::Regular, "", text.as_bytes()));
    let (zipped, tarred) = (zip(files), tar_of(&tarred));
    let packed = gzip(&tarred);
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2000 {
        devour(&noise.mutate(&zipped));
    }
    for _ in 0..1000 {
        devour(&noise.mutate(&packed));
        devour(&gzip(&with_checksums(noise.mutate(&tarred))));
    }
    for _ in 0..300 {
        devour(&with_checksums(noise.mutate(&tarred)));
        devour(&noise.mutate(&zstandard(&tarred)));
    }
}
