//! Histories of many processes, and whether they are linearizable.
//!
//! Each value is written once, which makes the question easy (Gibbons and Korach, *Testing Shared Memories*, 1997). All
//! operations of one value, the write and its reads, form a cluster. In an order that all can agree on they stand
//! together, so the value rules from the first return among them to the last call: its *zone*. A zone whose end lies
//! before its beginning asks only for one moment between the two. An order exists if no read returns before its write
//! is called, no two zones of the first kind overlap, and none of the second kind lies within one of the first.
//!
//! A removal is a write that nobody reads. Misses are judged apart.

use std::collections::{BTreeMap, HashMap};

/// What was done, and when, by the clock of the machine.
#[derive(Debug, Clone)]
pub struct Operation {
    pub kind: Kind,
    pub called_ns: u64,
    /// Absent when the process was killed in it.
    pub returned_ns: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Set(String),
    Remove,
    /// With the value that was found, or without one.
    Get(Option<String>),
}

/// What all processes did, key by key.
#[derive(Default)]
pub struct History {
    pub keys: BTreeMap<u64, Vec<Operation>>,
    /// Operations that have returned.
    pub completed: usize,
}

impl History {
    /// Adds what one process has printed, which may end anywhere. Returns whether it came to its end.
    pub fn add(&mut self, text: &str) -> bool {
        let complete = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let mut lines = complete.lines().peekable();
        while let Some(line) = lines.next() {
            if line == "end" {
                return true;
            }
            let words: Vec<&str> = line.split(' ').collect();
            let [name, key, value, called_ns] = words[..] else {
                panic!("not the beginning of an operation: {line:?}");
            };
            let (found, returned_ns) = match lines.next() {
                None => (None, None),
                Some(line) => {
                    let words: Vec<&str> = line.split(' ').collect();
                    let ["done", found, returned_ns] = words[..] else {
                        panic!("not the end of an operation: {line:?}");
                    };
                    self.completed += 1;
                    let found = (found != "-").then(|| found.to_owned());
                    (found, Some(returned_ns.parse().expect("a time")))
                }
            };
            let kind = match name {
                "set" => Kind::Set(value.to_owned()),
                "remove" => Kind::Remove,
                // One that has not returned has found nothing yet.
                _ if returned_ns.is_none() => continue,
                _ => Kind::Get(found),
            };
            let operation = Operation {
                kind,
                called_ns: called_ns.parse().expect("a time"),
                returned_ns,
            };
            self.keys
                .entry(key.parse().expect("a number"))
                .or_default()
                .push(operation);
        }
        false
    }

    /// # Panics
    /// When there is no order that all can agree on, with the operations that contradict each other.
    #[track_caller]
    pub fn assert_linearizable(&self) {
        for (key, operations) in &self.keys {
            if let Some(contradiction) = contradiction(operations) {
                panic!("key {key}: {contradiction}");
            }
        }
    }

    /// # Panics
    /// When a key was missed behind a `set` that had returned, although nobody removed it and nobody died in changing it.
    #[track_caller]
    pub fn assert_nothing_lost(&self) {
        for (key, operations) in &self.keys {
            let changes = |operation: &&Operation| !matches!(operation.kind, Kind::Get(_));
            let unsure = operations
                .iter()
                .filter(changes)
                .any(|operation| operation.kind == Kind::Remove || operation.returned_ns.is_none());
            let first = operations
                .iter()
                .filter(changes)
                .filter_map(|operation| operation.returned_ns)
                .min();
            let (false, Some(first)) = (unsure, first) else {
                continue;
            };
            let lost = operations
                .iter()
                .find(|operation| operation.kind == Kind::Get(None) && operation.called_ns > first);
            assert!(
                lost.is_none(),
                "key {key} was set at {first} ns, and a get called at {} ns missed it",
                lost.map_or(0, |operation| operation.called_ns)
            );
        }
    }
}

/// From the first return to the last call of a cluster.
struct Zone {
    value: String,
    written_ns: u64,
    first_return_ns: u64,
    last_call_ns: u64,
}

fn contradiction(operations: &[Operation]) -> Option<String> {
    let mut zones: HashMap<&str, Zone> = HashMap::new();
    let mut points: Vec<Zone> = Vec::new();
    for operation in operations {
        let zone = |value: &str| Zone {
            value: value.to_owned(),
            written_ns: operation.called_ns,
            // One that was cut off may take effect as late as it likes.
            first_return_ns: operation.returned_ns.unwrap_or(u64::MAX),
            last_call_ns: operation.called_ns,
        };
        match &operation.kind {
            Kind::Set(value) => {
                zones.insert(value, zone(value));
            }
            Kind::Remove if operation.returned_ns.is_some() => points.push(zone("a removal")),
            Kind::Remove | Kind::Get(_) => {}
        }
    }
    for operation in operations {
        let (Kind::Get(Some(value)), Some(returned_ns)) = (&operation.kind, operation.returned_ns) else {
            continue;
        };
        let Some(zone) = zones.get_mut(value.as_str()) else {
            return Some(format!("{value} was read, and nobody wrote it"));
        };
        if returned_ns < zone.written_ns {
            return Some(format!("{value} was read before it was written"));
        }
        zone.first_return_ns = zone.first_return_ns.min(returned_ns);
        zone.last_call_ns = zone.last_call_ns.max(operation.called_ns);
    }
    let (mut forward, backward): (Vec<Zone>, Vec<Zone>) = zones
        .into_values()
        .chain(points)
        .partition(|zone| zone.first_return_ns < zone.last_call_ns);
    forward.sort_by_key(|zone| zone.first_return_ns);
    for pair in forward.windows(2) {
        if pair[1].first_return_ns < pair[0].last_call_ns {
            return Some(format!(
                "{} was read again when {} was there",
                pair[0].value, pair[1].value
            ));
        }
    }
    for zone in backward {
        // The last zone that begins before this one.
        let before = forward.partition_point(|other| other.first_return_ns < zone.last_call_ns);
        if let Some(other) = before.checked_sub(1).map(|index| &forward[index])
            && zone.first_return_ns < other.last_call_ns
        {
            return Some(format!(
                "{} was read before and behind {}",
                other.value, zone.value
            ));
        }
    }
    None
}
