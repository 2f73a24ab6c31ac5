//! Rules 16 to 18: orders that are total, and trees that are none.

use crossterm::event::KeyCode;
use system_monitor::sample::{Identity, Process, Sample};
use system_monitor::view::{Order, SortKey, rows};

use super::support::{Desk, LINUX_5_10, pids};

/// Processes of these PIDs and parents, all alike but for that.
fn family(parents: &[(i32, i32)]) -> Sample {
    let process = |&(pid, ppid): &(i32, i32)| Process {
        identity: Identity { pid, start_ticks: 1 },
        ppid,
        state: 'S',
        threads: 1,
        cpu_ticks: 0,
        resident_bytes: 0,
        name: format!("p{pid}").into(),
        details: None,
    };
    Sample {
        processes: parents.iter().map(process).collect(),
        ..Sample::default()
    }
}

fn listed(sample: &Sample, order: &Order) -> Vec<i32> {
    let idle = vec![0.0; sample.processes.len()];
    pids(sample, &rows(&sample.processes, &idle, order))
}

/// Equal keys stand by PID; the other way round, everything does.
#[phase7::test(points = 1, rule = 16)]
fn equal_keys_are_ordered_by_pid() {
    let sample = family(&[(3, 0), (5, 0), (8, 0), (40, 0)]);
    for sort in [SortKey::Cpu, SortKey::Memory, SortKey::Pid] {
        let mut order = Order {
            sort,
            ..Order::default()
        };
        assert_eq!(listed(&sample, &order), [3, 5, 8, 40], "{sort:?}");
        order.reversed = true;
        assert_eq!(listed(&sample, &order), [40, 8, 5, 3], "{sort:?}, reversed");
    }
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::Char('n'));
    desk.press(KeyCode::Char('n'));
    assert_eq!(desk.pids()[..3], [3001, 1, 640], "by name, reversed");
}

/// Letters of any script, in either case; arguments too.
#[phase7::test(points = 1, rule = 17)]
fn the_filter_knows_letters() {
    let mut sample = family(&[(1, 0), (2, 0)]);
    sample.processes[1].name = "ÄPFEL".into();
    let order = Order {
        filter: "äpf".to_owned(),
        ..Order::default()
    };
    assert_eq!(listed(&sample, &order), [2], "either case");
    let mut desk = Desk::new(LINUX_5_10);
    desk.state.order.filter = "SRC/lib".to_owned();
    desk.arrange();
    assert_eq!(desk.pids(), [2301, 2302], "in the command line");
}

/// What matches keeps its parents.
#[phase7::test(points = 1, rule = 18)]
fn a_filtered_tree_keeps_parents() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.state.order.tree = true;
    desk.state.order.filter = "other".to_owned();
    desk.arrange();
    assert_eq!(desk.pids(), [1, 640, 2210, 2290, 2302], "the way to the root");
    let rails: Vec<u64> = desk.rows.iter().map(|row| row.rails).collect();
    assert_eq!(rails, [0; 5], "nothing follows in any branch");
}

/// Parents that make a circle, a process that is its own parent, a long chain: each is listed once.
#[phase7::test(points = 2, rule = 18)]
fn no_family_is_too_odd_for_a_tree() {
    let order = Order {
        tree: true,
        ..Order::default()
    };
    let circle = family(&[(1, 0), (4, 6), (5, 4), (6, 5), (7, 7), (8, 7), (9, 999)]);
    let mut all = listed(&circle, &order);
    all.sort_unstable();
    assert_eq!(all, [1, 4, 5, 6, 7, 8, 9], "each of them once");
    let chain: Vec<(i32, i32)> = (1..=20_000).map(|pid| (pid, pid - 1)).collect();
    let chain = family(&chain);
    let idle = vec![0.0; chain.processes.len()];
    let rows = rows(&chain.processes, &idle, &order);
    assert_eq!(rows[19_999].depth, 19_999, "the deepest");
    let filtered = Order {
        filter: "p6".to_owned(),
        ..order
    };
    let mut found = listed(&circle, &filtered);
    found.sort_unstable();
    assert_eq!(found, [4, 5, 6], "a match in a circle keeps the circle");
}
