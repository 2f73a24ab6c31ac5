//! Whose a submission is, and which of several counts.

use super::super::sample::zip;
use super::{Class, told};

#[test]
fn the_latest_attempt_counts() {
    let work = |text: &str| zip(&[("alpha/src/lib.rs", text.as_bytes())]);
    let entries = Class::new()
        .file("T_s1_attempt_2026-11-02-13-05-59_a.zip", &work("old"))
        .file("T_s1_attempt_2026-11-02-13-06-00_a.zip", &work("new"))
        .file("T_s1_attempt_2026-11-01-13-06-00_a.zip", &work("older"))
        .file("lastfirst_12_1_a.zip", &work("early"))
        .file("lastfirst_LATE_12_2_a.zip", &work("late"))
        .take();
    assert_eq!(entries["s1"].exercises["alpha"].files["src/lib.rs"], b"new");
    assert_eq!(
        entries["s1"].notes,
        ["3 attempts: the latest counts, T_s1_attempt_2026-11-02-13-06-00_a.zip"]
    );
    assert_eq!(entries["12"].exercises["alpha"].files["src/lib.rs"], b"late");
}

#[test]
fn two_that_cannot_be_ordered_refuse_their_learner() {
    let work = zip(&[("alpha/src/lib.rs", b"")]);
    let entries = Class::new()
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .file("s1.zip", &work)
        .file("s2.zip", &work)
        .take();
    assert_eq!(
        told(&entries["s1"]),
        "handed in 2 times, and nothing tells which is the latest: s1 and s1.zip"
    );
    assert!(entries["s1"].exercises.is_empty());
    assert_eq!(told(&entries["s2"]), "alpha: src/lib.rs");
}

#[test]
fn files_of_one_attempt_are_parts_of_it() {
    let entries = Class::new()
        .file("lastfirst_12_1_a.zip", &zip(&[("alpha/src/lib.rs", b"")]))
        .file("lastfirst_12_2_b.zip", &zip(&[("beta/src/lib.rs", b"")]))
        .file("lastfirst_12_3_notes.pdf", b"%PDF")
        .file("lastfirst_13_text.html", b"<p>")
        .take();
    assert_eq!(told(&entries["12"]), "alpha: src/lib.rs; beta: src/lib.rs");
    assert_eq!(
        entries["12"].notes,
        ["lastfirst_12_3_notes.pdf is no archive: it is left aside"]
    );
    assert_eq!(
        entries["13"].notes,
        ["lastfirst_13_text.html is text that was typed in: it is left aside"]
    );
    assert!(told(&entries["13"]).starts_with("no exercise of the course is in it"));
}

#[test]
fn who_the_roster_does_not_know_stays_in_the_book() {
    let class = Class::new()
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .roster("id,submitted\ns2,\n");
    let entries = class.take();
    assert_eq!(entries["s1"].notes, ["the roster does not know s1"]);
    assert_eq!(told(&entries["s1"]), "alpha: src/lib.rs");
    assert_eq!(
        (entries["s2"].source.clone(), told(&entries["s2"])),
        (None, String::new())
    );
    let told = Class::new()
        .folder("s1", &[])
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .roster("id,submitted\ns1,2026-11-02T13:05:59Z\n")
        .take();
    assert_eq!(told["s1"].submitted.as_ref().unwrap().told_by, "roster");
}
