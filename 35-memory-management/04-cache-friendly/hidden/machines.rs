//! Lists of processors, nodes, pinning and first touch.

use cache_friendly::numa::placement::{Policy, affinity, first_touch, nodemask, pin, prefer};
use cache_friendly::numa::{CpuListError, NumaError, Topology, cpulist};
use nix::sys::resource::{UsageWho, getrusage};
use phase7::Scratch;

use super::support::{nodes, write};

#[track_caller]
fn read(directory: &Scratch) -> Topology {
    Topology::read(directory.path()).expect("the nodes can be read")
}

/// A topology of one node whose processors are those of this thread.
fn here() -> (Topology, Vec<usize>) {
    let cpus = affinity().expect("the kernel says where this thread may run");
    let list: Vec<String> = cpus.iter().map(usize::to_string).collect();
    let directory = nodes(&[("0", &list.join(","), "10\n")]);
    (read(&directory), cpus)
}

/// What is a list, and what is not.
#[phase7::test(points = 2, rule = 31)]
fn lists_are_read_strictly() {
    use CpuListError::{Descending, Malformed, TooLarge};
    for (text, cpus) in [
        ("", &[][..]),
        ("5", &[5]),
        ("7-7\n", &[7]),
        ("8191\n", &[8191]),
        ("4,2,3", &[2, 3, 4]),
        ("0-2,1-3,2\n", &[0, 1, 2, 3]),
        ("007", &[7]),
    ] {
        assert_eq!(cpulist::parse(text).as_deref(), Ok(cpus), "{text:?}");
    }
    for (text, error) in [
        (" 1", Malformed),
        ("1 ", Malformed),
        ("1,", Malformed),
        (",1", Malformed),
        ("-1", Malformed),
        ("1-", Malformed),
        ("1-2-3", Malformed),
        ("+1", Malformed),
        ("0x1", Malformed),
        ("1\n\n", Malformed),
        ("1\n2", Malformed),
        ("\u{0661}", Malformed),
        ("2-1", Descending),
        ("8192", TooLarge),
        ("0-8192", TooLarge),
        ("0-4294967295", TooLarge),
        ("99999999999999999999999999", TooLarge),
        ("3-2,x", Descending),
        ("x,3-2", Malformed),
        ("9000-1", TooLarge),
    ] {
        assert_eq!(cpulist::parse(text), Err(error), "{text:?}");
    }
}

/// Numbers with gaps, a node of memory alone, and names that are no nodes.
#[phase7::test(points = 2, rule = 32)]
fn nodes_with_gaps_are_read() {
    let directory = nodes(&[
        ("10", "4-7\n", "40 20 10\n"),
        ("2", "\n", "20 10 20\n"),
        ("0", "0-3\n", "10  20 40"),
    ]);
    for name in ["node", "nodes", "node1x", "node-1", "memory3", "xnode1"] {
        std::fs::create_dir(directory.path().join(name)).expect("a directory");
    }
    let topology = read(&directory);
    let ids: Vec<_> = topology
        .nodes()
        .iter()
        .map(|node| (node.id, node.cpus.len()))
        .collect();
    assert_eq!(
        ids,
        [(0, 4), (2, 0), (10, 4)],
        "numbers and processors, ascending"
    );
    assert_eq!(topology.nodes()[2].distances, [40, 20, 10]);
    let machine = Topology::of_machine().expect("a machine has nodes");
    assert!(!machine.nodes().is_empty(), "at least one");
}

/// Each error names what is wrong.
#[phase7::test(points = 2, rule = 32)]
fn damaged_nodes_are_refused() {
    let directory = nodes(&[]);
    assert!(
        matches!(Topology::read(directory.path()), Err(NumaError::NoNode { .. })),
        "no node"
    );
    let missing = directory.path().join("missing");
    assert!(matches!(Topology::read(&missing), Err(NumaError::Read { path, .. }) if path == missing));
    let two = |cpus: &str, distances: &str| {
        let directory = nodes(&[("0", cpus, distances), ("1", "1\n", "20 10\n")]);
        Topology::read(directory.path()).expect_err("node 0 is wrong")
    };
    assert!(matches!(
        two("0-\n", "10 20\n"),
        NumaError::CpuList {
            source: CpuListError::Malformed,
            ..
        }
    ));
    for distances in ["", "10\n", "10 20 30\n", "10 far\n", "10 -20\n"] {
        assert!(
            matches!(two("0\n", distances), NumaError::Distances { .. }),
            "{distances:?}"
        );
    }
    let directory = nodes(&[("0", "0\n", "10\n")]);
    std::fs::remove_file(directory.path().join("node0/cpulist")).expect("it is there");
    let error = Topology::read(directory.path()).expect_err("a file is missing");
    assert!(error.to_string().ends_with("node0/cpulist"), "{error}");
}

/// Gaps in the numbers, equal distances, a node that is nearer to another than to itself.
#[phase7::test(points = 2, rule = 33)]
fn distances_belong_to_positions() {
    let directory = nodes(&[
        ("1", "0-1\n", "10 30 20\n"),
        ("4", "2-3\n", "30 10 30\n"),
        ("9", "\n", "10 30 10\n"),
    ]);
    write(&directory.path().join("has_cpu"), "1,4\n");
    let topology = read(&directory);
    let nearest = |id| topology.nearest(id).expect("there is such a node");
    assert_eq!(nearest(1), [1, 9, 4]);
    assert_eq!(nearest(4), [4, 1, 9], "equally far: the lower number first");
    assert_eq!(nearest(9), [9, 1, 4], "as near as node 1 is, but itself");
    for id in [0, 2, usize::MAX] {
        assert!(matches!(topology.nearest(id), Err(NumaError::UnknownNode { node }) if node == id));
    }
    assert_eq!(topology.node(4).expect("there is node 4").cpus, [2, 3]);
    let nodes = [0, 3, 4, usize::MAX].map(|cpu| topology.node_of_cpu(cpu));
    assert_eq!(
        nodes,
        [Some(1), Some(4), None, None],
        "nodes of processors 0, 3, 4, and the largest"
    );
}

/// What cannot be, leaves the thread where it was.
#[phase7::test(points = 2, rule = 34)]
fn a_refused_pin_changes_nothing() {
    let before = affinity().expect("the kernel says where this thread may run");
    assert!(matches!(pin(&[]), Err(NumaError::NoCpu)), "no processor");
    for cpu in [8191, 8192, usize::MAX] {
        assert!(
            matches!(pin(&[cpu]), Err(NumaError::Refused { .. })),
            "processor {cpu}"
        );
    }
    assert_eq!(affinity().expect("as before"), before);
    pin(&before).expect("where it is already");
    assert_eq!(affinity().expect("as before"), before);
    pin(&[before[0], before[0]]).expect("the same one twice");
    assert_eq!(affinity().expect("one"), [before[0]]);
    let child = std::thread::spawn(|| affinity().expect("one"));
    assert_eq!(
        child.join().expect("it ends"),
        [before[0]],
        "a thread begins where its parent is"
    );
    pin(&before).expect("back again");
}

/// The kernel is asked only where there is something to choose.
#[phase7::test(points = 2, rule = 35)]
fn a_policy_names_a_node_that_exists() {
    assert_eq!(nodemask(0), [1]);
    assert_eq!(nodemask(63), [1 << 63]);
    assert_eq!(nodemask(64), [0, 1]);
    assert_eq!(nodemask(130), [0, 0, 4]);
    let two = read(&nodes(&[("0", "0\n", "10 20\n"), ("1", "1\n", "20 10\n")]));
    assert!(matches!(prefer(&two, 2), Err(NumaError::UnknownNode { node: 2 })));
    match prefer(&two, 0) {
        // A sandbox may forbid the call, and a kernel may know no policies.
        Ok(Policy::Set)
        | Err(NumaError::Refused {
            call: "set_mempolicy",
            ..
        }) => {}
        other => panic!("the kernel was not asked: {other:?}"),
    }
    let far = read(&nodes(&[("0", "0\n", "10 20\n"), ("1000", "1\n", "20 10\n")]));
    let refused = prefer(&far, 1000);
    assert!(
        matches!(refused, Err(NumaError::Refused { .. })),
        "no machine has node 1000: {refused:?}"
    );
    let one = read(&nodes(&[("3", "0\n", "10\n")]));
    assert!(
        matches!(prefer(&one, 3), Ok(Policy::OneNode)),
        "one node, whatever its number"
    );
    assert!(matches!(prefer(&one, 0), Err(NumaError::UnknownNode { node: 0 })));
}

/// Pages that this thread does not have to make.
#[phase7::test(points = 3, rule = 36)]
fn pages_exist_before_they_are_used() {
    const BYTES: usize = 1 << 20; // Less than a huge page, so that each small one counts.
    let (topology, cpus) = here();
    let mut memory = first_touch(&topology, 0, BYTES).expect("memory");
    let faults = || {
        getrusage(UsageWho::RUSAGE_THREAD)
            .expect("the kernel counts")
            .minor_page_faults()
    };
    let before = faults();
    for page in memory.chunks_mut(4096) {
        page[0] += 1;
    }
    let faults = faults() - before;
    assert!(faults < 64, "{faults} page faults in 256 pages");
    assert_eq!(memory.len(), BYTES);
    let (ones, zeros): (usize, usize) = (BYTES / 4096, BYTES - BYTES / 4096);
    let count = |wanted: u8| memory.iter().filter(|byte| **byte == wanted).count();
    assert_eq!(
        (count(1), count(0)),
        (ones, zeros),
        "zeros, but for what was added"
    );
    assert_eq!(
        affinity().expect("as before"),
        cpus,
        "this thread is where it was"
    );
    assert!(first_touch(&topology, 0, 0).expect("no memory").is_empty());
    assert!(matches!(
        first_touch(&topology, 1, 1),
        Err(NumaError::UnknownNode { node: 1 })
    ));
    let memory_alone = read(&nodes(&[("0", "\n", "10\n")]));
    assert!(matches!(first_touch(&memory_alone, 0, 1), Err(NumaError::NoCpu)));
    let nowhere = read(&nodes(&[("0", "8191\n", "10\n")]));
    assert!(matches!(
        first_touch(&nowhere, 0, 1),
        Err(NumaError::Refused { .. })
    ));
}
