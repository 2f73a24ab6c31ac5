//! A table of names as the platforms write them.

use super::*;

fn bare(name: &str) -> Claim {
    claim(name, &Surroundings::default())
}

fn with_roster(text: &str, name: &str) -> Claim {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("roster.csv");
    std::fs::write(&path, text).unwrap();
    let roster = Roster::read(&path).unwrap();
    claim(
        name,
        &Surroundings {
            roster: Some(&roster),
            names: vec!["task-1-x"],
            classroom_prefix: None,
        },
    )
}

#[test]
fn each_platform_names_the_learner() {
    for (name, key) in [
        ("Learner A_123456_assignsubmission_file_", "123456"),
        ("Learner A_123456_assignsubmission_file", "123456"),
        ("Learner A_123456_assignsubmission_file_my_work.zip", "123456"),
        ("Learner A_123456_assignsubmission_onlinetext_", "123456"),
        ("Participant_123456_assignsubmission_file_", "123456"),
        ("Group 4_77_assignsubmission_file_", "77"),
        ("learnera_12345_67890_work.zip", "12345"),
        ("learnera_LATE_12345_67890_work-1.zip", "12345"),
        ("learnera_12345_67890_my_1_2_work.zip", "12345"),
        ("learnera_12345_text.html", "12345"),
        ("learnera_LATE_12345_link.html", "12345"),
        ("anon_x7Gk2_67890_work.zip", "x7Gk2"),
        ("LATE_anon_x7Gk2_67890_work.zip", "x7Gk2"),
        (
            "gradebook_CS-101_Task 1_s001_attempt_2026-11-02-13-05-59_work.zip",
            "s001",
        ),
        ("Task 1_s001_attempt_2026-11-02-13-05-59_work.zip", "s001"),
        ("Task 1_s001_attempt_2026-11-02-13-05-59.txt", "s001"),
        ("s001", "s001"),
        ("s001.zip", "s001"),
        ("s001.tar.gz", "s001"),
        ("s001.TGZ", "s001"),
        ("team-a", "team-a"),
        ("a_b_c", "a_b_c"),
        ("s_1", "s_1"),
        ("x_attempt_soon", "x_attempt_soon"),
        (
            "Task_s001_attempt_2026-13-02-13-05-59_work.zip",
            "Task_s001_attempt_2026-13-02-13-05-59_work",
        ),
    ] {
        assert_eq!(bare(name).keys[0], key, "{name}");
    }
}

#[test]
fn what_else_a_name_tells_is_kept() {
    let moodle = bare("Learner A_123456_assignsubmission_file_");
    assert_eq!(moodle.name.as_deref(), Some("Learner A"));
    assert_eq!(bare("Participant_123456_assignsubmission_file_").name, None);
    assert!(bare("Learner A_1_assignsubmission_onlinetext_").is_text && !moodle.is_text);
    let canvas = bare("learnera_LATE_12345_67890_work-1.zip");
    assert_eq!((canvas.keys[1].as_str(), canvas.is_late), ("learnera", true));
    assert!(bare("learnera_12345_text.html").is_text);
    let blackboard = bare("gradebook_C_T_s001_attempt_2026-11-02-13-05-59_work.zip")
        .submitted
        .unwrap();
    assert_eq!(blackboard.at.to_string(), "2026-11-02T13:05:59Z");
    assert_eq!(blackboard.told_by, "file name");
    assert!(bare("T_s001_attempt_2026-11-02-13-05-59.txt").is_text);
}

#[test]
fn parts_of_one_submission_share_its_attempt_and_attempts_do_not() {
    let same = |left: &str, right: &str| bare(left).attempt == bare(right).attempt;
    assert!(same("l_12345_1_a.zip", "l_12345_2_b.zip"));
    assert!(same(
        "L A_7_assignsubmission_file_",
        "L A_7_assignsubmission_onlinetext_"
    ));
    let [first, second] = ["05-59", "06-00"].map(|time| format!("T_s1_attempt_2026-11-02-13-{time}_a.zip"));
    assert!(!same(&first, &second));
    assert!(!same("l_12345_1_a.zip", "l_LATE_12345_2_a.zip"));
    assert!(!same("s001", "s001.zip"));
}

#[test]
fn the_roster_tells_where_a_user_name_starts() {
    let roster = "id\nlearner_a\nteam-b\n12_34\n";
    let time = "attempt_2026-11-02-13-05-59_x.zip";
    assert_eq!(
        with_roster(roster, &format!("C_T_learner_a_{time}")).keys,
        ["learner_a"]
    );
    assert_eq!(with_roster(roster, &format!("C_T_learner_b_{time}")).keys, ["b"]);
    assert_eq!(with_roster(roster, "task-1-team-b").keys, ["team-b"]);
    assert_eq!(with_roster(roster, "task-1-team-c").keys, ["task-1-team-c"]);
    // Nothing shows that this one is of a task.
    assert_eq!(with_roster(roster, "other-team-b").keys, ["other-team-b"]);
    assert_eq!(with_roster(roster, "12_34.zip").keys, ["12_34"]);
}

#[test]
fn clones_of_a_classroom_share_their_start() {
    let prefix = |directory, names: &[&str]| classroom_prefix(directory, names);
    assert_eq!(
        prefix(Some("task-1-submissions"), &["task-1-a", "task-1-b-c"]).as_deref(),
        Some("task-1-")
    );
    assert_eq!(prefix(Some("task-1-submissions"), &["task-1-a", "other"]), None);
    assert_eq!(
        prefix(None, &["task-1-abc", "task-1-abd"]).as_deref(),
        Some("task-1-")
    );
    assert_eq!(prefix(None, &["task-1-abc"]), None);
    assert_eq!(prefix(None, &["abc", "abd"]), None);
    let around = Surroundings {
        roster: None,
        names: Vec::new(),
        classroom_prefix: Some("task-1-".to_owned()),
    };
    assert_eq!(claim("task-1-octo-cat", &around).keys, ["octo-cat"]);
}

#[test]
fn a_name_that_only_looks_like_a_platforms_is_a_plain_one() {
    for name in [
        "_assignsubmission_",
        "A_x_assignsubmission_file_",
        "_1_2",
        "1_2_3",
        "anon_1",
        "__",
        "LATE_1_2_x",
    ] {
        let claim = bare(name);
        assert!(!claim.keys[0].is_empty() || name.is_empty(), "{name}: {claim:?}");
    }
}
