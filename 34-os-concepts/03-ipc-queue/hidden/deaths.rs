//! Programs that are killed at any moment, and what the others make of it.

use std::collections::HashMap;

use ipc_queue::transport::Transport;
use ipc_queue::{RecvError, SendError, Sender, Wait};
use phase7::process::Signal;
use phase7::{Running, wait};

use super::support::{DEADLINE, OPTIONS, Queue, drain, fill, next, parts, try_next};

/// More than anybody sends before it is killed.
const ENDLESS: &str = "1000000000000";

fn endless_sender(queue: &Queue, name: &str) -> Running {
    queue
        .program("send")
        .args(["--count", ENDLESS, "--name", name])
        .spawn()
}

fn kill(running: Running) {
    running.signal(Signal::SIGKILL);
    assert_eq!(
        running.wait().code(),
        128 + 9,
        "it was killed, and did not end before"
    );
}

/// Senders are killed while they send: of each everything up to some message came, and then the receiver is told.
#[track_caller]
fn killed_senders(transport: Transport) {
    for round in 0..6 {
        let queue = Queue::new(transport);
        let mut receiver = queue.receiver();
        let names = ["a", "b", "c"];
        let senders = names.map(|name| endless_sender(&queue, name));
        let mut next_of: HashMap<String, usize> = HashMap::new();
        let mut take = |message: &str| {
            let (name, number) = parts(message);
            let expected = next_of.entry(name.to_owned()).or_default();
            assert_eq!(number, *expected, "round {round}: the next message of {name}");
            *expected += 1;
            next_of.len()
        };
        // Until all are in full flow; a little longer in each round.
        let mut seen = 0;
        while seen < names.len() {
            seen = take(&String::from_utf8_lossy(&next(&mut *receiver)));
        }
        for _ in 0..round * 37 {
            take(&String::from_utf8_lossy(&next(&mut *receiver)));
        }
        for sender in senders {
            sender.signal(Signal::SIGKILL);
            // The others go on, whatever this one was doing.
            match receiver.recv_timeout(&mut vec![0; receiver.max_message()], DEADLINE) {
                Ok(_) | Err(RecvError::Disconnected) => {}
                Err(error) => panic!("round {round}: {error}"),
            }
            assert_eq!(sender.wait().code(), 128 + 9, "it was killed");
        }
        drain(&mut *receiver);
    }
}

/// A sender of a pipe dies.
#[phase7::test(points = 1, rule = 9, timeout_s = 90)]
fn a_sender_of_a_pipe_is_killed() {
    killed_senders(Transport::Pipe);
}

/// A sender of a socket dies.
#[phase7::test(points = 1, rule = 9, timeout_s = 90)]
fn a_sender_of_a_socket_is_killed() {
    killed_senders(Transport::Socket);
}

/// A sender of a message queue dies.
#[phase7::test(points = 1, rule = 9, timeout_s = 90, needs = "mqueue")]
fn a_sender_of_a_message_queue_is_killed() {
    killed_senders(Transport::Mq);
}

/// A sender of a ring dies, at whatever point of its turn.
#[phase7::test(points = 2, rule = 23, timeout_s = 90)]
fn a_sender_of_a_ring_is_killed() {
    killed_senders(Transport::Ring);
}

/// Receivers of a ring are killed one after the other; what they have not taken goes to the one that is left, once.
#[phase7::test(points = 2, rule = 23, timeout_s = 90)]
fn receivers_of_a_ring_are_killed() {
    let queue = Queue::new(Transport::Ring);
    let mut survivor = queue.receiver();
    let sender = endless_sender(&queue, "a");
    for round in 0..6 {
        let mut victim = queue.program("recv").spawn();
        victim.wait_for_stdout("a message for the victim", |text| {
            text.contains('\n').then_some(())
        });
        let mut last = None;
        for index in 0..200 {
            if index == 50 + round * 20 {
                victim.signal(Signal::SIGKILL);
            }
            let message = next(&mut *survivor);
            let (_, number) = parts(std::str::from_utf8(&message).expect("it is text"));
            assert!(
                last.is_none_or(|last| last < number),
                "round {round}: {number} came behind {last:?}"
            );
            last = Some(number);
        }
        kill(victim);
    }
    kill(sender);
    drain(&mut *survivor);
}

/// The only receiver is killed while a sender waits for room: the sender is told.
#[phase7::test(points = 2, rule = 10, timeout_s = 90, needs = "mqueue")]
fn a_sender_that_waits_learns_of_the_death() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let mut receiver = queue.program("recv").spawn();
        let mut sender = queue.sender();
        sender.send(b"message 0").expect("there is room");
        receiver.wait_for_line("message 0");
        // Asleep, and not dead yet.
        receiver.signal(Signal::SIGSTOP);
        wait::until("the queue to be full", DEADLINE, || {
            let (_, error) = fill(&mut *sender, b"message 1");
            assert!(matches!(error, SendError::Full), "{transport:?}: {error:?}");
            matches!(sender.try_send(b"message 1"), Err(SendError::Full))
        });
        let waiting = std::thread::spawn(move || sender.send_timeout(b"message 2", DEADLINE));
        receiver.signal(Signal::SIGKILL);
        let told = waiting.join().expect("it does not panic");
        assert!(
            matches!(told, Err(SendError::Disconnected)),
            "{transport:?}: {told:?}"
        );
    }
}

/// The only sender is killed while a receiver waits for a message: the receiver is told.
#[phase7::test(points = 2, rule = 9, timeout_s = 90, needs = "mqueue")]
fn a_receiver_that_waits_learns_of_the_death() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let mut receiver = queue.receiver();
        // Its lines never come: it has the queue open, and waits.
        let mut sender = queue.program("send").spawn();
        sender.write("one\n");
        assert_eq!(next(&mut *receiver), b"one", "it is there");
        let waiting = std::thread::spawn(move || {
            let mut buffer = vec![0; receiver.max_message()];
            receiver.recv_within(&mut buffer, Wait::at_most(DEADLINE))
        });
        sender.signal(Signal::SIGKILL);
        let told = waiting.join().expect("it does not panic");
        assert!(
            matches!(told, Err(RecvError::Disconnected)),
            "{transport:?}: {told:?}"
        );
    }
}

/// A program that had the only place in a ring is killed, and another one can take it.
#[phase7::test(points = 1, rule = 25, timeout_s = 60)]
fn a_sole_place_is_free_when_its_holder_is_killed() {
    let options = ipc_queue::Options {
        sole: true,
        ..OPTIONS
    };
    let queue = Queue::with(Transport::Ring, &options);
    let mut receiver = queue.receiver();
    let mut sender = queue.program("send").spawn();
    sender.write("one\n");
    assert_eq!(next(&mut *receiver), b"one", "of the first sender");
    let busy = queue.program("send").stdin("no\n").run().expect_code(1);
    assert!(
        busy.stderr().contains("no place is free"),
        "a second one: {}",
        busy.stderr()
    );
    kill(sender);
    let mut heir: Box<dyn Sender> = queue.sender();
    heir.send(b"two").expect("there is room");
    assert_eq!(next(&mut *receiver), b"two", "of the second sender");
    let empty = try_next(&mut *receiver);
    assert!(
        matches!(empty, Err(RecvError::Empty)),
        "and nothing else: {empty:?}"
    );
}
