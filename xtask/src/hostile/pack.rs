//! Hand-ins: a folder, an archive or a repository with exactly these entries, however wrong they are.
//!
//! Libraries that write archives refuse what an attacker would write (a name with `..`, the same name twice), so
//! headers are filled in by hand where they do.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::attack::{Entry, EntryKind, Form};

/// Writes the hand-in `name` into the folder of the class; its path.
///
/// # Errors
/// When the machine cannot make it: no Git, a full disk.
pub fn pack(class: &Path, name: &str, form: Form, entries: &[Entry]) -> Result<PathBuf> {
    let entries: Vec<_> = entries.iter().flat_map(copies).collect();
    let path = match form {
        Form::Directory | Form::Git => class.join(name),
        Form::Zip => class.join(format!("{name}.zip")),
        Form::TarGz => class.join(format!("{name}.tar.gz")),
        Form::TarZst => class.join(format!("{name}.tar.zst")),
    };
    std::fs::create_dir_all(class).with_context(|| format!("cannot make {}", class.display()))?;
    let packed = match form {
        Form::Directory => directory(&path, &entries),
        Form::Git => directory(&path, &entries).and_then(|()| commit(&path)),
        Form::Zip => zip(&path, &entries),
        Form::TarGz => create(&path).and_then(|file| {
            let gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            tar(gzip, &entries)?.finish().context("cannot end the archive")?;
            Ok(())
        }),
        Form::TarZst => create(&path).and_then(|file| {
            let zstd = zstd::Encoder::new(file, 1).context("cannot compress")?;
            tar(zstd, &entries)?.finish().context("cannot end the archive")?;
            Ok(())
        }),
    };
    packed.with_context(|| format!("cannot pack {}", path.display()))?;
    Ok(path)
}

/// The entry as often as it says, each copy with its number in place.
fn copies(entry: &Entry) -> impl Iterator<Item = Entry> {
    (0..entry.copies).map(|number| Entry {
        name: entry.name.replace("{n}", &number.to_string()),
        ..entry.clone()
    })
}

/// What a file holds.
fn contents(entry: &Entry) -> impl Read {
    let text = entry.text.clone().into_bytes();
    let length = text.len() as u64 * entry.repeat;
    // Blocks of many copies: a reader of single bytes would take minutes for a large file.
    let count = ((1 << 16) / text.len().max(1)).max(1);
    Endless {
        block: text.repeat(count),
        at: 0,
    }
    .take(length)
}

/// A block that is read again and again.
struct Endless {
    block: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.block[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        if self.at == self.block.len() {
            self.at = 0;
        }
        Ok(count)
    }
}

fn create(path: &Path) -> Result<std::fs::File> {
    std::fs::File::create(path).context("cannot make the file")
}

/// A folder. Names that would leave it belong into archives.
fn directory(root: &Path, entries: &[Entry]) -> Result<()> {
    std::fs::create_dir_all(root).context("cannot make the folder")?;
    for entry in entries {
        let plain = Path::new(&entry.name)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        ensure!(plain, "{:?} would leave the folder", entry.name);
        let path = root.join(&entry.name);
        let parent = path.parent().context("an entry has a directory")?;
        std::fs::create_dir_all(parent).context("cannot make a directory")?;
        match entry.kind {
            EntryKind::File => {
                let mut file = create(&path)?;
                std::io::copy(&mut contents(entry), &mut file).context("cannot write a file")?;
            }
            EntryKind::Dir => std::fs::create_dir_all(&path).context("cannot make a directory")?,
            EntryKind::Symlink => {
                std::os::unix::fs::symlink(&entry.target, &path).context("cannot make a link")?
            }
            EntryKind::Hardlink => {
                std::fs::hard_link(root.join(&entry.target), &path).context("cannot make a hard link")?
            }
            EntryKind::Fifo => {
                nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).context("cannot make a pipe")?
            }
            EntryKind::Device => bail!("a device belongs into a tar archive"),
        }
    }
    Ok(())
}

/// Makes the folder a repository with everything in one commit.
fn commit(root: &Path) -> Result<()> {
    let identity = [
        "-c",
        "user.name=learner",
        "-c",
        "user.email=learner@localhost",
        "-c",
        "core.hooksPath=/dev/null",
        // It would go on in the background.
        "-c",
        "maintenance.auto=false",
        "-c",
        "gc.auto=0",
    ];
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A", "-f"],
        &["commit", "-q", "-m", "Hand in"],
    ] {
        let output = Command::new("git")
            .args(identity)
            .args(arguments)
            .current_dir(root)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .context("cannot start git")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "git {}: {said}", arguments[0]);
    }
    Ok(())
}

/// A tar archive, with names and links written as they are.
fn tar<W: Write>(writer: W, entries: &[Entry]) -> Result<W> {
    let mut builder = tar::Builder::new(writer);
    for entry in entries {
        let mut header = tar::Header::new_old();
        let is_file = entry.kind == EntryKind::File;
        header.set_size(if is_file {
            entry.text.len() as u64 * entry.repeat
        } else {
            0
        });
        header.set_mode(0o644);
        header.set_entry_type(match entry.kind {
            EntryKind::File => tar::EntryType::Regular,
            EntryKind::Dir => tar::EntryType::Directory,
            EntryKind::Symlink => tar::EntryType::Symlink,
            EntryKind::Hardlink => tar::EntryType::Link,
            EntryKind::Fifo => tar::EntryType::Fifo,
            EntryKind::Device => tar::EntryType::Char,
        });
        let fields = header.as_old_mut();
        fill(&mut fields.name, &entry.name)?;
        fill(&mut fields.linkname, &entry.target)?;
        header.set_cksum();
        if is_file {
            builder.append(&header, contents(entry))
        } else {
            builder.append(&header, std::io::empty())
        }
        .context("cannot append an entry")?;
    }
    builder.into_inner().context("cannot end the archive")
}

fn fill(field: &mut [u8], text: &str) -> Result<()> {
    ensure!(text.len() < field.len(), "{text:?} is too long for a header");
    field[..text.len()].copy_from_slice(text.as_bytes());
    Ok(())
}

/// A ZIP archive.
fn zip(path: &Path, entries: &[Entry]) -> Result<()> {
    let mut writer = ::zip::ZipWriter::new(create(path)?);
    let plain = ::zip::write::SimpleFileOptions::default();
    for entry in entries {
        match entry.kind {
            EntryKind::File => {
                writer
                    .start_file(entry.name.as_str(), plain)
                    .context("cannot append an entry")?;
                std::io::copy(&mut contents(entry), &mut writer).context("cannot write a file")?;
            }
            EntryKind::Dir => writer
                .add_directory(entry.name.as_str(), plain)
                .context("cannot append an entry")?,
            EntryKind::Symlink => writer
                .add_symlink(entry.name.as_str(), entry.target.as_str(), plain)
                .context("cannot append an entry")?,
            _ => bail!("a pipe, a device and a hard link belong into a tar archive"),
        }
    }
    writer.finish().context("cannot end the archive")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        toml::from_str(text).unwrap()
    }

    fn packed(form: Form, entries: &[Entry]) -> (tempfile::TempDir, PathBuf) {
        let class = tempfile::tempdir().unwrap();
        let path = pack(class.path(), "a", form, entries).unwrap();
        (class, path)
    }

    #[test]
    fn a_tar_archive_holds_what_no_library_would_write() {
        let entries = [
            entry("name = \"../up.rs\"\ntext = \"ab\"\nrepeat = 3\n"),
            entry("name = \"/etc/passwd\"\nkind = \"hardlink\"\ntarget = \"/etc/shadow\"\n"),
            entry("name = \"twice\"\nkind = \"fifo\"\ncopies = 2\n"),
        ];
        let (_class, path) = packed(Form::TarZst, &entries);
        let file = zstd::Decoder::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut archive = tar::Archive::new(file);
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            seen.push((name, entry.header().entry_type(), text));
        }
        let expected = [
            ("../up.rs", tar::EntryType::Regular, "ababab"),
            ("/etc/passwd", tar::EntryType::Link, ""),
            ("twice", tar::EntryType::Fifo, ""),
            ("twice", tar::EntryType::Fifo, ""),
        ];
        assert_eq!(
            seen,
            expected.map(|(name, kind, text)| (name.to_owned(), kind, text.to_owned()))
        );
    }

    #[test]
    fn a_zip_archive_holds_links_and_names_that_climb() {
        let entries = [
            entry("name = \"../../up.rs\"\ntext = \"a\"\n"),
            entry("name = \"link\"\nkind = \"symlink\"\ntarget = \"/etc/passwd\"\n"),
        ];
        let (_class, path) = packed(Form::Zip, &entries);
        let mut archive = ::zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        assert_eq!(archive.by_index(0).unwrap().name().unwrap(), "../../up.rs");
        assert!(archive.by_index(1).unwrap().is_symlink());
    }

    #[test]
    fn a_folder_holds_pipes_and_a_repository_a_commit() {
        let entries = [
            entry("name = \"src/lib.rs\"\ntext = \"a\"\n"),
            entry("name = \"src/b.rs\"\nkind = \"fifo\"\n"),
        ];
        let (_class, path) = packed(Form::Directory, &entries);
        let metadata = std::fs::symlink_metadata(path.join("src/b.rs")).unwrap();
        assert!(std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type()));
        let (_class, path) = packed(Form::Git, &entries[..1]);
        assert!(path.join(".git/refs/heads/main").is_file());
    }
}
