//! A class graded as a Slurm job array comes to the very gradebook of a class graded at once.
//!
//! It runs the recipe of `deploy/slurm` on a cluster of one node that it starts itself, and wants Debian's packages
//! `slurmctld slurmd munge slurm-client` installed, and a user who may start `slurmd`: root, in practice.
//!
//! ```text
//! cargo test -p xtask --test slurm -- --ignored
//! ```

#[allow(dead_code, reason = "this test needs a part of the sample")]
mod sample;

mod cluster;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use cluster::Cluster;
use sample::Sample;

/// How long the array may take: a few seconds, and a build of the sample's dependencies on a machine at work.
const DEADLINE: Duration = Duration::from_secs(300);

/// What each learner hands in for `honest`; nothing at all from the last.
const CLASS: [(&str, &str); 5] = [
    ("s001", "pub fn one() -> u8 { 1 }\n"),
    ("s002", "pub fn one() -> u8 { 2 }\n"),
    ("s003", "pub fn one() -> u8 { \"one\" }\n"),
    ("s004", "pub fn one() -> u8 { std::process::exit(0) }\n"),
    ("s005", ""),
];

/// Writes the class; returns the options of `grade` that name it.
fn write_class(directory: &Path) -> Vec<String> {
    let mut roster = String::from("id\n");
    for (id, source) in CLASS {
        roster.push_str(&format!("{id}\n"));
        let place = directory.join("submissions").join(id).join("01-honest/src");
        if !source.is_empty() {
            std::fs::create_dir_all(&place).expect("directories can be made");
            std::fs::write(place.join("lib.rs"), source).expect("a file can be written");
        }
    }
    std::fs::write(directory.join("roster.csv"), roster).expect("a file can be written");
    std::fs::write(directory.join("class.toml"), "[scale]\nweight.honest = 2\n")
        .expect("a file can be written");
    let options = [
        ("--submissions", "submissions"),
        ("--roster", "roster.csv"),
        ("--policy", "class.toml"),
    ];
    let path = |name: &str| directory.join(name).display().to_string();
    let options = options.map(|(option, name)| [option.to_owned(), path(name)]);
    [options.concat(), vec!["honest".to_owned()]].concat()
}

#[test]
#[ignore = "wants slurmctld, slurmd, munge and slurm-client, and starts them"]
fn an_array_of_parts_comes_to_the_same_gradebook() {
    let sample = Sample::new();
    let scratch = tempfile::tempdir().expect("a directory can be made");
    let options = write_class(scratch.path());
    let path = |name: &str| scratch.path().join(name).display().to_string();

    let cluster = Cluster::start(&scratch.path().join("cluster"), DEADLINE);
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/slurm/submit.sh");
    let mut submit = Command::new(recipe);
    submit
        .args([path("out"), "3".to_owned()])
        .args(&options)
        .current_dir(scratch.path())
        .env("PHASE7_COURSE", sample.path(""))
        .env("PHASE7_XTASK", env!("CARGO_BIN_EXE_xtask"))
        .env("PHASE7_LOCAL", path("node"))
        .env("PHASE7_SBATCH", "--cpus-per-task=1 --mem=0");
    println!("{}", cluster.run(&mut submit));
    cluster.wait_for_jobs(DEADLINE);
    let log = |name: &str| std::fs::read_to_string(scratch.path().join("out/log").join(name));
    let gradebook = |out: &str| std::fs::read_to_string(scratch.path().join(out).join("gradebook.csv"));
    let merged = gradebook("out/class").unwrap_or_else(|error| {
        panic!(
            "no gradebook ({error}):\n{:?}\n{:?}",
            log("part-1.log"),
            log("merge.log")
        )
    });
    drop(cluster);

    let out = path("direct");
    let mut arguments = vec!["grade", "--out", &out];
    arguments.extend(options.iter().map(String::as_str));
    println!("{}", sample.xtask(&arguments).code(0));
    assert_eq!(merged, gradebook("direct").expect("it was graded"));
    // The one honest answer, twice its two points.
    let line = merged
        .lines()
        .find(|line| line.contains("s001"))
        .expect("s001 is in it");
    assert!(line.contains('4'), "{merged}");
}
