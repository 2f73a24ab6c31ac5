//! A course of two exercises for the intake's own tests, and archives to hand in.

use std::path::{Path, PathBuf};

use crate::catalogue::{Brief, Course, Exercise, Manifest, Module};
use crate::submission::Allowed;

/// `31-one/01-alpha`, and `31-one/02-beta` that takes `config/*.toml` too.
pub fn course() -> (tempfile::TempDir, Course) {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "Cargo.toml",
        "[workspace]\nmembers = [\n    \"a\",\n    \"b\",\n]\n",
    );
    write("31-one/01-alpha/Cargo.toml", "[package]\nname = \"alpha\"\n");
    write("31-one/01-alpha/src/lib.rs", "// starter\n");
    write("31-one/01-alpha/tests/open.rs", "// open\n");
    write("31-one/01-alpha/hidden/hidden.rs", "// hidden\n");
    let exercise = |name: &str, dir: &str, submit: &[&str]| Exercise {
        name: name.to_owned(),
        dir: PathBuf::from(dir),
        manifest: Manifest {
            package: name.to_owned(),
            submit: Allowed::new(submit.iter().map(|glob| (*glob).to_owned()).collect()).unwrap(),
            ..Manifest::default()
        },
        brief: Brief::default(),
        tests: Vec::new(),
    };
    let module = Module {
        name: "31-one".to_owned(),
        title: "One".to_owned(),
        exercises: vec![
            exercise("alpha", "31-one/01-alpha", &[]),
            exercise("beta", "31-one/02-beta", &["config/*.toml"]),
        ],
    };
    let course = Course {
        root: directory.path().to_owned(),
        modules: vec![module],
    };
    (directory, course)
}

/// Writes `files` below `directory`.
pub fn folder(directory: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(directory).unwrap();
    for (name, text) in files {
        let path = directory.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A zip of `files`; a name that ends in `/` is a directory.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in files {
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            std::io::Write::write_all(&mut writer, bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// One tar entry with any name, kind and link: what a writer would refuse to write.
pub fn tar_entry(name: &[u8], kind: tar::EntryType, link: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(bytes.len() as u64);
    header.set_link_name_literal(link).unwrap();
    header.set_cksum();
    let mut entry = header.as_bytes().to_vec();
    entry.extend(bytes);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

/// A tar of entries.
pub fn tar_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.extend([0; 1024]);
    bytes
}

/// A tar of `files`.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let entries: Vec<_> = files
        .iter()
        .map(|(name, bytes)| tar_entry(name.as_bytes(), tar::EntryType::Regular, "", bytes))
        .collect();
    tar_of(&entries)
}

/// The bytes within gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

/// The bytes within Zstandard.
pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// A file that holds `bytes`, at its start.
pub fn file(bytes: &[u8]) -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    file
}
