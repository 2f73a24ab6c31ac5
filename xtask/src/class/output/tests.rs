//! What is written, and what a second run says.

use super::*;
use crate::class::fixture;

fn write(report: &ClassReport, directory: &Path) -> Written {
    write_all(report, &fixture::policy(), Timestamp::UNIX_EPOCH, directory).unwrap()
}

#[test]
fn everything_is_written_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let written = write(&fixture::class(), directory.path());
    assert!(
        written.changes.is_none() && written.warnings.is_empty(),
        "{:?}",
        written.warnings
    );
    let files = |directory: &Path| -> BTreeSet<_> {
        let files = std::fs::read_dir(directory).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let mut named: BTreeSet<_> = written.files.iter().cloned().collect();
    named.insert("feedback".to_owned());
    assert_eq!(files(directory.path()), named);
    assert_eq!(files(&directory.path().join("feedback")).len(), 60);
}

#[test]
fn a_second_run_gives_the_same_bytes_and_no_change() {
    let directory = tempfile::tempdir().unwrap();
    let written = write(&fixture::class(), directory.path());
    let read = |name: &str| std::fs::read(directory.path().join(name)).unwrap();
    let before: Vec<_> = written.files.iter().map(|name| read(name)).collect();
    let again = write(&fixture::class(), directory.path());
    assert!(again.changes.unwrap().is_empty());
    let after: Vec<_> = written.files.iter().map(|name| read(name)).collect();
    assert!(before == after);
}

#[test]
fn a_class_merged_twice_says_that_nothing_changed() {
    let directory = tempfile::tempdir().unwrap();
    let parts = ["1", "2"].map(|part| directory.path().join(part).join(file::NAME));
    let (mut one, mut two) = (fixture::class(), fixture::class());
    one.entries.retain(|entry| entry.learner.id.as_str() <= "s020");
    two.entries.retain(|entry| entry.learner.id.as_str() >= "s015");
    two.entries[0].results[0].tests[0].duration_ms += 9;
    one.write(&parts[0]).unwrap();
    two.write(&parts[1]).unwrap();
    let merge = |order: [usize; 2]| {
        let reports = order.map(|part| ClassReport::read(&parts[part]).unwrap());
        let whole = crate::class::merge::merge(reports.into()).unwrap();
        (write(&whole, &directory.path().join("out")), whole)
    };
    assert!(merge([0, 1]).0.changes.is_none());
    for order in [[0, 1], [1, 0]] {
        let (written, whole) = merge(order);
        assert!(written.warnings.is_empty(), "{:?}", written.warnings);
        let changes = written.changes.as_ref().unwrap();
        assert!(changes.is_empty() && !changes.course_differs, "{changes:?}");
        let mut out = anstream::StripStream::new(Vec::new());
        let policy = fixture::policy();
        crate::class::summary::write(&mut out, &Figures::new(&grades(&whole, &policy)), &written).unwrap();
        let said = String::from_utf8(out.into_inner()).unwrap();
        assert!(
            said.contains("No verdict changed since the last grading."),
            "{said}"
        );
    }
}

#[test]
fn a_decision_changes_the_book_and_not_the_report() {
    let directory = tempfile::tempdir().unwrap();
    write(&fixture::class(), directory.path());
    let read = |name: &str| std::fs::read(directory.path().join(name)).unwrap();
    let (report, book) = (read(file::NAME), read("gradebook.csv"));
    let policy = fixture::reviewed(fixture::SET_ASIDE, fixture::SUPERVISOR, true);
    let now = Timestamp::UNIX_EPOCH;
    let written = write_all(&fixture::class(), &policy, now, directory.path()).unwrap();
    assert!(written.changes.unwrap().is_empty());
    assert!(read(file::NAME) == report && read("gradebook.csv") != book);
}

#[test]
fn a_report_that_cannot_be_read_is_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("class.json"), "{").unwrap();
    let written = write(&fixture::class(), directory.path());
    assert!(written.changes.is_none());
    assert!(
        written.warnings[0].starts_with("not compared with the last grading"),
        "{:?}",
        written.warnings
    );
}

#[test]
fn feedback_of_somebody_who_is_gone_is_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    let mut class = fixture::class();
    write(&class, directory.path());
    class.entries.pop();
    let written = write(&class, directory.path());
    assert!(
        written.warnings[0].contains("2 files of an earlier grading"),
        "{:?}",
        written.warnings
    );
    assert_eq!(written.changes.unwrap().gone, ["s030"]);
}

/// Writes a class for a look at it: `PHASE7_LOOK=DIRECTORY cargo test -p xtask class_to_look_at -- --ignored`.
#[test]
#[ignore = "for a person's eyes"]
fn class_to_look_at() {
    let directory = PathBuf::from(std::env::var_os("PHASE7_LOOK").unwrap());
    let (class, policy) = (fixture::class(), fixture::policy());
    let written = write(&class, &directory);
    let mut out = Vec::new();
    crate::class::summary::write(&mut out, &Figures::new(&grades(&class, &policy)), &written).unwrap();
    std::fs::write(directory.join("summary.ansi"), out).unwrap();
}
