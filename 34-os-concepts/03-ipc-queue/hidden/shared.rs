//! The ring's algorithm over memory that counts and answers as the test wants.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ipc_queue::ring::consumer::Consumer;
use ipc_queue::ring::control::Word;
use ipc_queue::ring::producer::Producer;
use ipc_queue::{Batch, RecvError, SendError, Wait};
use phase7::wait;

use super::support::DEADLINE;
use super::support::model::{Counted, Handle, Memory};

type Model = Arc<Memory<Counted>>;

fn producer(memory: &Model, id: u32) -> Producer<Handle<Counted>> {
    Producer::new(Handle(Arc::clone(memory)), 4, id, false)
}

fn consumer(memory: &Model, id: u32) -> Consumer<Handle<Counted>> {
    Consumer::new(Handle(Arc::clone(memory)), 4, id, false)
}

/// What a receive without waiting says.
fn try_next(consumer: &mut Consumer<Handle<Counted>>) -> Result<Vec<u8>, RecvError> {
    let mut buffer = [0; 8];
    let length = consumer.recv(&mut buffer, Wait::No)?;
    Ok(buffer[..length].to_vec())
}

/// Batches, full and empty rings and ends that take turns: as long as nobody waits, nobody is called.
#[phase7::test(points = 2, rule = 22)]
fn no_call_is_made_while_nobody_waits() {
    let memory: Model = Memory::new(4);
    let (mut one, mut two) = (producer(&memory, 1), producer(&memory, 2));
    let (mut left, mut right) = (consumer(&memory, 1), consumer(&memory, 2));
    let mut batch = Batch::new(3, 8);
    for _ in 0..50 {
        assert_eq!(
            one.send(&[b"a", b"b"], Wait::Forever).expect("there is room"),
            2,
            "sent"
        );
        assert_eq!(
            two.send(&[b"c", b"d", b"e"], Wait::Forever)
                .expect("there is room"),
            2,
            "up to the fourth"
        );
        left.recv_batch(&mut batch, Wait::Forever)
            .expect("they are there");
        assert_eq!(batch.len(), 3, "as many as it takes");
        assert_eq!(try_next(&mut right).expect("it is there"), b"d", "the last one");
    }
    assert_eq!(memory.system_calls(), 0, "calls that would go to the kernel");
}

/// Who waits sleeps: it does not look again and again until the message comes, and is woken when it does.
#[phase7::test(points = 2, rule = 22, timeout_s = 60)]
fn who_waits_is_asleep_and_is_woken() {
    let memory: Model = Memory::new(4);
    let mut sender = producer(&memory, 1);
    let mut receiver = consumer(&memory, 1);
    let received = std::thread::spawn(move || {
        let mut buffer = [0; 8];
        let length = receiver.recv(&mut buffer, Wait::Forever).expect("it comes");
        (buffer[..length].to_vec(), receiver)
    });
    wait::until("the receiver to sleep", DEADLINE, || memory.sleepers() == 1);
    sender.send(&[b"up"], Wait::No).expect("there is room");
    let (message, mut receiver) = received.join().expect("it does not panic");
    assert_eq!(message, b"up", "the message");

    let before = memory.system_calls();
    sender.send(&[b"a"], Wait::No).expect("there is room");
    assert_eq!(
        try_next(&mut receiver).expect("it is there"),
        b"a",
        "the message behind that"
    );
    assert_eq!(
        memory.system_calls(),
        before,
        "nobody waits any more, and nobody is called"
    );

    while sender.send(&[b"x"], Wait::No).is_ok() {}
    let sent = std::thread::spawn(move || sender.send(&[b"y"], Wait::Forever).expect("room comes"));
    wait::until("the sender to sleep", DEADLINE, || memory.sleepers() == 1);
    for _ in 0..4 {
        assert_eq!(
            try_next(&mut receiver).expect("it is there"),
            b"x",
            "what filled the ring"
        );
    }
    sent.join().expect("it does not panic");
    assert_eq!(
        try_next(&mut receiver).expect("it is there"),
        b"y",
        "what had to wait"
    );
}

/// All who sleep are woken by one message each, whoever gets the first.
#[phase7::test(points = 1, rule = 22, timeout_s = 60)]
fn all_sleepers_get_a_message() {
    let memory: Model = Memory::new(4);
    let receivers: Vec<_> = (1..=3)
        .map(|id| {
            let mut receiver = consumer(&memory, id);
            std::thread::spawn(move || {
                let mut buffer = [0; 8];
                receiver
                    .recv(&mut buffer, Wait::Forever)
                    .expect("a message for each")
            })
        })
        .collect();
    wait::until("all three to sleep", DEADLINE, || memory.sleepers() == 3);
    let mut sender = producer(&memory, 1);
    sender.send(&[b"a", b"b", b"c"], Wait::No).expect("there is room");
    for receiver in receivers {
        assert_eq!(
            receiver.join().expect("it does not panic"),
            1,
            "the length of its message"
        );
    }
}

/// A dead end whose turn it was holds nobody up, on either side.
#[phase7::test(points = 2, rule = 23)]
fn the_turn_of_the_dead_is_taken_over() {
    let memory: Model = Memory::new(4);
    let (mut sender, mut receiver) = (producer(&memory, 1), consumer(&memory, 1));
    memory.world.is_alive.store(false, Ordering::Relaxed);
    for wait in [Wait::No, Wait::at_most(DEADLINE), Wait::Forever] {
        memory.control.send_turn.0.store(7, Ordering::SeqCst);
        sender.send(&[b"sent"], wait).expect("its holder is dead");
        memory.control.recv_turn.0.store(7, Ordering::SeqCst);
        let mut buffer = [0; 8];
        assert_eq!(
            receiver.recv(&mut buffer, wait).expect("its holder is dead"),
            4,
            "the message"
        );
    }
    sender.send(&[b"on"], Wait::No).expect("the turn is free");
    assert_eq!(
        try_next(&mut receiver).expect("it is there"),
        b"on",
        "the ring goes on"
    );
}

/// A living end that has the turn is waited for, as long as the caller wants to, and nothing is sent past it.
#[phase7::test(points = 1, rule = 23)]
fn the_turn_of_the_living_is_respected() {
    let memory: Model = Memory::new(4);
    let (mut sender, mut receiver) = (producer(&memory, 1), consumer(&memory, 1));
    memory.control.send_turn.0.store(7, Ordering::SeqCst);
    let error = sender
        .send(&[b"no"], Wait::No)
        .expect_err("another one is sending");
    assert!(matches!(error, SendError::Full), "without a wait: {error:?}");
    let soon = Wait::at_most(Duration::from_millis(20));
    let error = sender.send(&[b"no"], soon).expect_err("another one is sending");
    assert!(matches!(error, SendError::TimedOut), "with a deadline: {error:?}");
    let empty = try_next(&mut receiver);
    assert!(
        matches!(empty, Err(RecvError::Empty)),
        "nothing was sent: {empty:?}"
    );
}

/// A sender that dies while it writes has sent nothing, and the next one writes over it.
#[phase7::test(points = 2, rule = 23)]
fn a_message_that_was_never_finished_never_was() {
    let memory: Model = Memory::new(4);
    let mut first = producer(&memory, 1);
    first.send(&[b"whole"], Wait::No).expect("there is room");
    memory.world.writes_left.store(1, Ordering::Relaxed);
    let died = catch_unwind(AssertUnwindSafe(|| {
        first.send(&[b"batch 0", b"batch 1"], Wait::No)
    }));
    assert!(died.is_err(), "it died in its second message");
    // Forgotten, not dropped: the dead clean up nothing.
    std::mem::forget(first);
    memory.world.writes_left.store(usize::MAX, Ordering::Relaxed);
    memory.world.is_alive.store(false, Ordering::Relaxed);

    let (mut second, mut receiver) = (producer(&memory, 2), consumer(&memory, 1));
    second
        .send(&[b"next"], Wait::at_most(DEADLINE))
        .expect("the dead hold nobody up");
    assert_eq!(
        try_next(&mut receiver).expect("it is there"),
        b"whole",
        "what was sent before"
    );
    assert_eq!(
        try_next(&mut receiver).expect("it is there"),
        b"next",
        "nothing of the batch comes"
    );
    let empty = try_next(&mut receiver);
    assert!(
        matches!(empty, Err(RecvError::Empty)),
        "and nothing follows: {empty:?}"
    );
}

/// Whoever gets the place of a dead end frees its turn: to all others it looks alive from then on.
#[phase7::test(points = 1, rule = 23)]
fn a_new_end_does_not_keep_the_turn_of_its_predecessor() {
    let memory: Model = Memory::new(4);
    memory.control.send_turn.0.store(1, Ordering::SeqCst);
    memory.control.recv_turn.0.store(2, Ordering::SeqCst);
    let (_heir, mut sender) = (producer(&memory, 1), producer(&memory, 2));
    sender.send(&[b"on"], Wait::No).expect("nobody has the turn");
    let (_heir, mut receiver) = (consumer(&memory, 2), consumer(&memory, 1));
    assert_eq!(
        try_next(&mut receiver).expect("nobody has the turn"),
        b"on",
        "the message"
    );
}

/// The last words of a sender that dies: seen as a message, and only then as its end.
#[phase7::test(points = 1, rule = 9)]
fn what_the_last_sender_sent_comes_before_the_news() {
    let memory: Model = Memory::new(4);
    let (mut sender, mut receiver) = (producer(&memory, 1), consumer(&memory, 1));
    memory.control.senders_came.0.store(1, Ordering::SeqCst);
    // The message comes between the look at the ring and the question: the question itself sends it.
    *memory
        .world
        .last_words
        .lock()
        .expect("nobody panics with the lock held") = Some(Box::new(move || {
        sender.send(&[b"bye"], Wait::No).expect("there is room");
    }));
    memory.world.has_peers.store(false, Ordering::Relaxed);
    let last = try_next(&mut receiver).expect("the message comes before the news");
    assert_eq!(last, b"bye", "the message");
    let gone = receiver
        .recv(&mut [0; 8], Wait::Forever)
        .expect_err("nobody is left");
    assert!(matches!(gone, RecvError::Disconnected), "behind it: {gone:?}");
}

/// Ends that have not looked for a long time are not misled by what they saw then.
#[phase7::test(points = 1, rule = 8)]
fn an_end_that_was_idle_looks_again() {
    let memory: Model = Memory::new(4);
    let (mut idle_sender, mut sender) = (producer(&memory, 1), producer(&memory, 2));
    let (mut idle_receiver, mut receiver) = (consumer(&memory, 1), consumer(&memory, 2));
    idle_sender.send(&[b"first"], Wait::No).expect("there is room");
    sender.send(&[b"second"], Wait::No).expect("there is room");
    assert_eq!(
        try_next(&mut idle_receiver).expect("it is there"),
        b"first",
        "the first one"
    );
    for number in 0..10_u8 {
        sender.send(&[&[number]], Wait::No).expect("there is room");
        try_next(&mut receiver).expect("it is there");
    }
    assert_eq!(
        try_next(&mut idle_receiver).expect("it is there"),
        [9],
        "the newest"
    );
    let empty = try_next(&mut idle_receiver);
    assert!(matches!(empty, Err(RecvError::Empty)), "and no more: {empty:?}");
    for _ in 0..4 {
        idle_sender
            .send(&[b"again"], Wait::No)
            .expect("there is room for four");
    }
    let error = idle_sender
        .send(&[b"fifth"], Wait::No)
        .expect_err("and for no more");
    assert!(matches!(error, SendError::Full), "the fifth: {error:?}");
}

/// Counts and lengths that cannot be are told, whichever end meets them, and lead nowhere.
#[phase7::test(points = 2, rule = 21)]
fn impossible_counts_are_told() {
    for (tail, head) in [(5, 0), (0, 1), (u64::MAX, 0), (3, u64::MAX - 9), (1 << 63, 7)] {
        let memory: Model = Memory::new(4);
        memory.control.tail.0.store(tail, Ordering::SeqCst);
        memory.control.head.0.store(head, Ordering::SeqCst);
        let (mut sender, mut receiver) = (producer(&memory, 1), consumer(&memory, 1));
        let error = sender.send(&[b"a"], Wait::No).expect_err("the ring is damaged");
        assert!(
            matches!(error, SendError::Corrupt(_)),
            "tail {tail}, head {head}: {error:?}"
        );
        let error = try_next(&mut receiver).expect_err("the ring is damaged");
        assert!(
            matches!(error, RecvError::Corrupt(_)),
            "tail {tail}, head {head}: {error:?}"
        );
        let error = sender
            .send(&[b"a"], Wait::Forever)
            .expect_err("the ring is damaged");
        assert!(
            matches!(error, SendError::Corrupt(_)),
            "and the turn was given back: {error:?}"
        );
    }
}

/// Counts go round: nothing happens at the end of their range.
#[phase7::test(points = 1, rule = 21)]
fn counts_may_go_round() {
    let memory: Model = Memory::new(4);
    memory.control.tail.0.store(u64::MAX - 1, Ordering::SeqCst);
    memory.control.head.0.store(u64::MAX - 1, Ordering::SeqCst);
    let (mut sender, mut receiver) = (producer(&memory, 1), consumer(&memory, 1));
    for number in 0..8_u8 {
        sender
            .send(&[&[number], b"second"], Wait::No)
            .expect("there is room");
        assert_eq!(
            try_next(&mut receiver).expect("it is there"),
            [number],
            "the first of a pair"
        );
        assert_eq!(
            try_next(&mut receiver).expect("it is there"),
            b"second",
            "the other one"
        );
    }
}
