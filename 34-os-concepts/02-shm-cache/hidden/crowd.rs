//! Many processes, their histories, and kills at random.

#[path = "support/history.rs"]
mod history;

use phase7::Running;
use phase7::process::Signal;
use phase7::wait;

use super::support::{DEADLINE, Fixture};
use history::{History, Kind, Operation};

/// Processes at once.
const WORKERS: u64 = 8;

/// Starts a process that reads and writes and keeps a history.
fn worker(fixture: &Fixture, number: u64, arguments: &str) -> Running {
    let number = number.to_string();
    fixture
        .program("hammer")
        .args(["--worker", &number])
        .args(arguments.split(' '))
        .deadline(2 * DEADLINE)
        .spawn()
}

/// Waits for processes that come to their end, and collects what they did.
fn collect(history: &mut History, workers: Vec<Running>) {
    for running in workers {
        let output = running.wait().expect_code(0);
        assert!(
            history.add(&output.stdout()),
            "a process that came to its end says so"
        );
    }
}

/// Eight processes on six keys of one set.
#[phase7::test(points = 2, rule = 18, timeout_s = 180)]
fn eight_processes_agree_on_one_order() {
    let fixture = Fixture::new(32, 1032);
    let arguments = "--keys 6 --others 6 --operations 1500 --value 1000 --noise 10 --removals 10";
    let workers = (0..WORKERS)
        .map(|number| worker(&fixture, number, arguments))
        .collect();
    let mut history = History::default();
    collect(&mut history, workers);
    assert_eq!(history.completed, 8 * 1500, "operations");
    history.assert_linearizable();
    let stats = fixture.open().stats();
    assert_eq!(
        (stats.corruptions, stats.recoveries, stats.evictions),
        (0, 0, 0),
        "corruptions, recoveries, evictions"
    );
}

/// A region that is far from full loses nothing.
#[phase7::test(points = 1, rule = 18, timeout_s = 180)]
fn what_was_set_is_found() {
    let fixture = Fixture::new(320, 136);
    let arguments = "--keys 12 --others 12 --operations 1500 --value 100 --noise 10";
    let workers = (0..WORKERS)
        .map(|number| worker(&fixture, number, arguments))
        .collect();
    let mut history = History::default();
    collect(&mut history, workers);
    history.assert_linearizable();
    history.assert_nothing_lost();
    let found = history
        .keys
        .values()
        .flatten()
        .filter(|operation| matches!(operation.kind, Kind::Get(Some(_))));
    assert!(found.count() > 4000, "gets that have found something");
    assert_eq!(fixture.open().stats().entries, 24, "entries");
}

/// Eight processes at work, of which one after the other is killed and replaced.
#[phase7::test(points = 3, rule = 16, timeout_s = 240)]
fn killed_at_any_moment_they_spoil_nothing() {
    let fixture = Fixture::new(64, 8200);
    let arguments = "--keys 12 --others 4 --operations 1000000 --value 8000 --noise 6";
    let mut history = History::default();
    let mut crowd: Vec<Running> = (0..WORKERS)
        .map(|number| worker(&fixture, number, arguments))
        .collect();
    let mut state = 12_345_u32;
    for number in WORKERS..WORKERS + 60 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let victim = crowd.remove((state >> 16) as usize % crowd.len());
        // It has begun, and so it is in the middle of something. An operation has two lines.
        let lines = 24 + (state >> 8) as usize % 24;
        wait::until("a process to be at work", DEADLINE, || {
            victim.stdout_so_far().lines().count() > lines
        });
        victim.signal(Signal::SIGKILL);
        assert!(
            !history.add(&victim.wait().stdout()),
            "a killed process does not come to its end"
        );
        crowd.push(worker(&fixture, number, arguments));
    }
    // Those who live are not held up by the dead.
    let progress: Vec<usize> = crowd
        .iter()
        .map(|running| running.stdout_so_far().len())
        .collect();
    wait::until("every process to go on", DEADLINE, || {
        crowd
            .iter()
            .zip(&progress)
            .all(|(running, before)| running.stdout_so_far().len() > *before)
    });
    for running in crowd {
        running.signal(Signal::SIGKILL);
        let output = running.wait();
        assert_eq!(
            output.stderr(),
            "",
            "what a process says of a value that is not whole"
        );
        history.add(&output.stdout());
    }
    history.assert_linearizable();
    history.assert_nothing_lost();
    assert!(history.completed > 1000, "{} operations", history.completed);
    // Who needs the locks now has them, and finds everything in order.
    let cache = fixture.open();
    assert_eq!(cache.check(), 0, "damaged entries");
    assert_eq!(cache.stats().corruptions, 0, "corruptions");
    let image = fixture.image();
    for index in 0..2 {
        assert_eq!(image.u32(image.set_at(index)), 0, "the lock of set {index}");
    }
}

/// The judge of histories, judged.
#[phase7::test(points = 1, rule = 18)]
fn a_value_does_not_come_back() {
    let fixture = Fixture::new(32, 88);
    let cache = fixture.open();
    let mut clock = 0;
    let mut history = History::default();
    let mut operation = |kind: Kind| {
        clock += 2;
        let operation = Operation {
            kind,
            called_ns: clock,
            returned_ns: Some(clock + 1),
        };
        history.keys.entry(0).or_default().push(operation);
    };
    for round in 0..100 {
        let value = format!("{round}");
        match round % 5 {
            4 => {
                cache.remove(b"k").expect("a good key");
                operation(Kind::Remove);
            }
            _ => {
                super::support::set(&cache, "k", &value);
                operation(Kind::Set(value));
            }
        }
        operation(Kind::Get(super::support::get(&cache, "k")));
    }
    history.assert_linearizable();
    let operations = history.keys.get_mut(&0).expect("it was used");
    let late = operations.len() as u64 * 4;
    operations.push(Operation {
        kind: Kind::Get(Some("1".to_owned())),
        called_ns: late,
        returned_ns: Some(late + 1),
    });
    let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| history.assert_linearizable()));
    assert!(judged.is_err(), "a value that came back was not noticed");
}
