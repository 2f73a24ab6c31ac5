//! Random sessions: against the reference model, and on a network that breaks, where the promises are what is checked.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use chat_protocol::client::{Answer, Config, Event, Request};
use chat_protocol::limits::Limits;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::support::hall::{Hall, roomy};
use super::support::model::{Model, Op};
use super::support::simulation::{Simulation, Weather};

const NICKS: [&str; 4] = ["ada", "bob", "eve", "zoe"];

fn op() -> impl Strategy<Value = Op> {
    let room = || proptest::sample::select(vec!["rust", "other", "third"]).prop_map(str::to_owned);
    let nick =
        || proptest::sample::select(vec!["ada", "bob", "eve", "zoe", "new", "newer"]).prop_map(str::to_owned);
    let text = || "[a-z ]{1,8}".prop_map(|text| format!("x{text}"));
    prop_oneof![
        4 => room().prop_map(Op::Join),
        1 => room().prop_map(Op::Leave),
        6 => (room(), text()).prop_map(|(room, text)| Op::Say(room, text)),
        2 => (nick(), text()).prop_map(|(nick, text)| Op::Whisper(nick, text)),
        1 => nick().prop_map(Op::Rename),
        1 => (room(), 0..6_u64, any::<u8>()).prop_map(|(room, after, limit)| Op::History(room, after, limit)),
        1 => room().prop_map(Op::Who),
    ]
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

/// Whatever four clients ask for, each hears what the model says, frame by frame.
#[phase7::test(points = 3, rule = 41, timeout_s = 30)]
fn random_sessions_are_as_the_model_has_them() {
    let sessions = proptest::collection::vec((0..NICKS.len(), op()), 1..60);
    let checked = runner(96).run(&sessions, |session| {
        let (mut hall, mut model) = (Hall::new(roomy()), Model::new(&NICKS));
        let clients = NICKS.map(|nick| hall.enter(nick, 2));
        let mut last = [0; NICKS.len()];
        for (me, op) in session {
            last[me] += 1;
            let expected = model.carry_out(me, last[me], &op);
            hall.send(clients[me], &Model::frame(last[me], &op));
            for (at, expected) in expected.into_iter().enumerate() {
                prop_assert_eq!(
                    hall.heard(clients[at]),
                    expected,
                    "what {} hears of {:?}",
                    NICKS[at],
                    &op
                );
            }
        }
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}

/// What one client has heard and done, out of its events.
#[derive(Default)]
struct Account {
    heard: BTreeMap<u64, String>,
    is_in_order: bool,
    said: BTreeMap<u64, String>,
    outcomes: BTreeSet<u64>,
    twice: Vec<u64>,
    uncertain: usize,
    lost: usize,
    resumed: usize,
    gaps: usize,
}

fn account(events: &[Event]) -> Account {
    let mut account = Account {
        is_in_order: true,
        ..Account::default()
    };
    for event in events {
        let outcome = match event {
            Event::Message { message, .. } => {
                let next = account
                    .heard
                    .keys()
                    .last()
                    .is_none_or(|last| message.seq == last + 1);
                account.is_in_order &= next;
                account.heard.insert(message.seq, message.text.clone());
                None
            }
            Event::Answer {
                id,
                request: Request::Say { text, .. },
                answer: Answer::Said { seq },
            } => {
                account.said.insert(*seq, text.clone());
                Some(*id)
            }
            Event::Answer { id, .. } | Event::Unanswered { id, .. } => Some(*id),
            Event::Uncertain { id, .. } => {
                account.uncertain += 1;
                Some(*id)
            }
            Event::Lost { .. } => {
                account.lost += 1;
                None
            }
            Event::Resumed => {
                account.resumed += 1;
                None
            }
            Event::Gap { .. } => {
                account.gaps += 1;
                None
            }
            _ => None,
        };
        account
            .twice
            .extend(outcome.filter(|id| !account.outcomes.insert(*id)));
    }
    account
}

/// A session in foul weather: three clients of version 2, and one of version 1, in a room. Returns what was resumed, and the
/// gaps.
fn check_weather(seed: u64, limits: Limits) -> Result<(usize, usize), TestCaseError> {
    let configs = NICKS.map(|nick| Config {
        seed: seed + nick.len() as u64,
        ..Config::new(nick)
    });
    let mut configs = configs.to_vec();
    configs[3].versions = 1..=1;
    let mut simulation = Simulation::new(seed, limits, configs);
    let room = || "rust".to_owned();
    for member in 0..NICKS.len() {
        simulation.request(member, Request::Join { room: room() });
    }
    simulation.settle();
    let mut asked = [1_u64; NICKS.len()];
    for number in 0..60 {
        let member = simulation.random.below(NICKS.len());
        if simulation.members[member].client.pending() < 50 {
            let text = format!("{} {number}", NICKS[member]);
            simulation.request(member, Request::Say { room: room(), text });
            asked[member] += 1;
        }
        for _ in 0..simulation.random.below(12) {
            simulation.step(Weather { cut: 80, stall: 8 });
        }
    }
    simulation.settle();
    let accounts: Vec<Account> = simulation
        .members
        .iter()
        .map(|member| account(&member.events))
        .collect();
    let all = &accounts[0].heard;
    let texts: BTreeSet<&String> = all.values().collect();
    prop_assert_eq!(texts.len(), all.len(), "a text that was said twice, in {:?}", all);
    for (at, account) in accounts.iter().enumerate() {
        let nick = NICKS[at];
        prop_assert!(account.is_in_order, "{} heard {:?}", nick, &account.heard);
        prop_assert_eq!(&account.heard, all, "what {} heard, and what ada heard", nick);
        prop_assert_eq!(
            account.lost,
            0,
            "messages that {} has lost: the history has them all",
            nick
        );
        prop_assert_eq!(
            &account.twice,
            &[0_u64; 0],
            "tickets of {} with two outcomes",
            nick
        );
        prop_assert_eq!(
            account.outcomes.len() as u64,
            asked[at],
            "outcomes of the requests of {}",
            nick
        );
        for (seq, text) in &account.said {
            prop_assert_eq!(
                all.get(seq),
                Some(text),
                "what {} was told about message {}",
                nick,
                seq
            );
        }
        let mine = all.values().filter(|text| text.starts_with(nick)).count() as u64;
        if at < 3 {
            prop_assert_eq!(account.uncertain, 0, "{} has resumed each time", nick);
            prop_assert_eq!(mine + 1, asked[at], "the messages of {}", nick);
        } else {
            prop_assert!(mine < asked[at], "{} cannot say more than it was asked to", nick);
        }
    }
    let sum = |count: fn(&Account) -> usize| accounts.iter().map(count).sum();
    Ok((sum(|account| account.resumed), sum(|account| account.gaps)))
}

fn check_seeds(cases: u32, limits: Limits) -> (usize, usize) {
    let (resumed, gaps) = (Cell::new(0), Cell::new(0));
    let checked = runner(cases).run(&any::<u32>(), |seed| {
        let (more, holes) = check_weather(seed.into(), limits)?;
        resumed.set(resumed.get() + more);
        gaps.set(gaps.get() + holes);
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("the seed of the simulation is what failed: {error}"));
    (resumed.get(), gaps.get())
}

/// A network that cuts, delays, splits and reorders costs nothing but time.
#[phase7::test(points = 3, rule = 41, timeout_s = 60)]
fn nothing_is_lost_or_repeated_in_foul_weather() {
    let (resumed, _) = check_seeds(16, roomy());
    assert!(resumed > 30, "sessions were resumed {resumed} times");
}

/// The same with windows that are too small for it: what falls out of them comes back from the history.
#[phase7::test(points = 3, rule = 35, timeout_s = 60)]
fn gaps_are_filled_in_foul_weather() {
    let (_, gaps) = check_seeds(
        16,
        Limits {
            window_frames: 6,
            ..roomy()
        },
    );
    assert!(gaps > 10, "there were {gaps} gaps");
}
