//! The interface's edges, held against all four transports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ipc_queue::transport::Transport;
use ipc_queue::{Batch, Receiver, RecvError, SendError, Sender, Wait, pipe, socket};
use nix::sys::pthread::{pthread_kill, pthread_self};
use nix::sys::signal::Signal;
use phase7::wait;

use super::support::{DEADLINE, OPTIONS, Queue, assert_each_once, drain, fill, next, try_next};

const ALL: [Transport; 4] = [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring];

/// A buffer that could not take every message is refused, before any message is lost.
#[phase7::test(points = 1, rule = 3, needs = "mqueue")]
fn a_small_buffer_loses_nothing() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        sender.send(b"tiny").expect("there is room");
        let mut buffer = vec![0; receiver.max_message() - 1];
        let error = receiver
            .try_recv(&mut buffer)
            .expect_err("the buffer is too small");
        assert!(
            matches!(error, RecvError::BufferTooSmall { .. }),
            "{transport:?}: {error:?}"
        );
        let mut batch = Batch::new(4, receiver.max_message() - 1);
        let error = receiver
            .recv_batch(&mut batch, Wait::No)
            .expect_err("the batch is too small");
        assert!(
            matches!(error, RecvError::BufferTooSmall { .. }),
            "{transport:?}: {error:?}"
        );
        assert_eq!(next(&mut *receiver), b"tiny", "the message is still there");
    }
}

/// A larger buffer is no mistake, and no more than the message is counted.
#[phase7::test(points = 1, rule = 1, needs = "mqueue")]
fn a_large_buffer_takes_one_message_all_the_same() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        for message in ["ab", "", "cde"] {
            sender.send(message.as_bytes()).expect("there is room");
        }
        let mut buffer = vec![0; 2 * receiver.max_message() + 100];
        for message in ["ab", "", "cde"] {
            let length = receiver.recv_timeout(&mut buffer, DEADLINE).expect("it comes");
            assert_eq!(
                String::from_utf8_lossy(&buffer[..length]),
                message,
                "through {transport:?}"
            );
        }
    }
}

/// A send to a full queue ends at its deadline, or as soon as there is room.
#[phase7::test(points = 2, rule = 5, timeout_s = 40, needs = "mqueue")]
fn a_wait_for_room_ends_with_room_or_with_time() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let (count, _) = fill(&mut *sender, b"full");
        let time = Duration::from_millis(30);
        let started = Instant::now();
        let error = sender.send_timeout(b"late", time).expect_err("there is no room");
        assert!(matches!(error, SendError::TimedOut), "{transport:?}: {error:?}");
        assert!(
            started.elapsed() >= time,
            "{transport:?} waited only {:?}",
            started.elapsed()
        );
        let sent = std::thread::spawn(move || sender.send_timeout(b"last", DEADLINE).map(|()| sender));
        for index in 0..count {
            assert_eq!(
                next(&mut *receiver),
                b"full",
                "message {index} through {transport:?}"
            );
        }
        sent.join()
            .expect("it does not panic")
            .expect("there is room in time");
        assert_eq!(next(&mut *receiver), b"last", "the one that had to wait");
    }
}

/// A deadline that lies behind is no wait, and a message that is there comes all the same; the longest time is for ever.
#[phase7::test(points = 1, rule = 5, needs = "mqueue")]
fn a_deadline_may_lie_behind_or_far_ahead() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let mut buffer = vec![0; receiver.max_message()];
        let past = Wait::Until(Instant::now());
        let error = receiver
            .recv_within(&mut buffer, past)
            .expect_err("nothing is there");
        assert!(matches!(error, RecvError::TimedOut), "{transport:?}: {error:?}");
        sender.send_within(b"now", past).expect("there is room");
        sender
            .send_timeout(b"then", Duration::MAX)
            .expect("there is room");
        assert_eq!(
            receiver.recv_within(&mut buffer, past).expect("it is there"),
            3,
            "{transport:?}"
        );
        assert_eq!(
            receiver
                .recv_timeout(&mut buffer, Duration::MAX)
                .expect("it is there"),
            4,
            "{transport:?}"
        );
    }
}

/// A signal that interrupts a wait is no message and no error.
#[phase7::test(points = 2, rule = 6, timeout_s = 60, needs = "mqueue")]
fn a_signal_interrupts_nothing() {
    let flag = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(Signal::SIGUSR1 as i32, Arc::clone(&flag)).expect("it can be caught");
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let received = interrupted(&flag, move || {
            let mut buffer = vec![0; receiver.max_message()];
            let length = receiver.recv(&mut buffer);
            (length.expect("a message comes"), receiver)
        });
        sender.send(b"message").expect("there is room");
        let (length, mut receiver) = received.join().expect("it does not panic");
        assert_eq!(length, 7, "what came through {transport:?}");
        fill(&mut *sender, b"message");
        let sent = interrupted(&flag, move || sender.send(b"last").map(|()| sender));
        wait::until("the sender to find room", DEADLINE, || {
            let _ = try_next(&mut *receiver);
            sent.is_finished()
        });
        sent.join().expect("it does not panic").expect("there is room");
    }
}

/// Runs `wait` on a thread, and interrupts it again and again before it returns.
#[track_caller]
fn interrupted<T: Send + 'static>(
    flag: &AtomicBool,
    wait: impl FnOnce() -> T + Send + 'static,
) -> std::thread::JoinHandle<T> {
    let (tell, thread) = std::sync::mpsc::channel();
    let waiting = std::thread::spawn(move || {
        tell.send(pthread_self()).expect("the test listens");
        wait()
    });
    let thread = thread.recv().expect("the thread tells");
    // Several, for the first may come before the wait has begun.
    for _ in 0..50 {
        flag.store(false, Ordering::SeqCst);
        pthread_kill(thread, Signal::SIGUSR1).expect("the thread is there");
        wait::until("the handler to run", DEADLINE, || flag.load(Ordering::SeqCst));
    }
    assert!(!waiting.is_finished(), "the wait goes on");
    waiting
}

/// Four senders and four receivers on threads: each message goes to one of them.
#[phase7::test(points = 1, rule = 8, timeout_s = 60)]
fn a_pipe_has_many_ends() {
    let (sender, receiver) = pipe::pair(8).expect("a pipe can be made");
    let senders = (0..4).map(|_| Box::new(sender.try_clone().expect("it can be cloned")) as Box<dyn Sender>);
    let receivers =
        (0..4).map(|_| Box::new(receiver.try_clone().expect("it can be cloned")) as Box<dyn Receiver>);
    let ends = (senders.collect(), receivers.collect());
    drop((sender, receiver));
    many(ends, 2000);
}

/// The same with a connection whose ends are shared.
#[phase7::test(points = 1, rule = 8, timeout_s = 60)]
fn a_connection_has_many_ends() {
    let (sender, receiver) = socket::pair().expect("a socket can be made");
    let senders = (0..4).map(|_| Box::new(sender.try_clone().expect("it can be cloned")) as Box<dyn Sender>);
    let receivers =
        (0..4).map(|_| Box::new(receiver.try_clone().expect("it can be cloned")) as Box<dyn Receiver>);
    let ends = (senders.collect(), receivers.collect());
    drop((sender, receiver));
    many(ends, 2000);
}

/// The same with a message queue.
#[phase7::test(points = 1, rule = 8, timeout_s = 60, needs = "mqueue")]
fn a_message_queue_has_many_ends() {
    let queue = Queue::new(Transport::Mq);
    many(ends_of(&queue), 2000);
}

/// The same with a ring.
#[phase7::test(points = 2, rule = 8, timeout_s = 60)]
fn a_ring_has_many_ends() {
    let queue = Queue::new(Transport::Ring);
    many(ends_of(&queue), 5000);
}

type Ends = (Vec<Box<dyn Sender>>, Vec<Box<dyn Receiver>>);

fn ends_of(queue: &Queue) -> Ends {
    let receivers = (0..4).map(|_| queue.receiver()).collect();
    ((0..4).map(|_| queue.sender()).collect(), receivers)
}

#[track_caller]
fn many((senders, receivers): Ends, count: usize) {
    const NAMES: [&str; 4] = ["a", "b", "c", "d"];
    let received: Vec<_> = std::thread::scope(|scope| {
        let receivers: Vec<_> = receivers
            .into_iter()
            .map(|mut receiver| scope.spawn(move || drain(&mut *receiver)))
            .collect();
        for (mut sender, name) in senders.into_iter().zip(NAMES) {
            scope.spawn(move || {
                for number in 0..count {
                    sender
                        .send_timeout(format!("{name} {number}").as_bytes(), DEADLINE)
                        .expect("there is room in time");
                }
            });
        }
        receivers
            .into_iter()
            .map(|receiver| receiver.join().expect("it does not panic"))
            .collect()
    });
    assert_each_once(&received, &NAMES, count);
}

/// A batch that does not fit is sent as far as it does, in order; one without messages is nothing.
#[phase7::test(points = 1, rule = 11, needs = "mqueue")]
fn a_batch_stops_where_the_queue_is_full() {
    for transport in [Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        assert_eq!(
            sender.send_batch(&[], Wait::No).expect("nothing is no mistake"),
            0,
            "{transport:?}"
        );
        let messages: Vec<Vec<u8>> = (0..12).map(|number| vec![number]).collect();
        let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let sent = sender
            .send_batch(&messages, Wait::No)
            .expect("there is room for some");
        assert_eq!(sent, OPTIONS.capacity, "{transport:?}: as many as fit");
        let error = sender
            .send_batch(&messages[sent..], Wait::No)
            .expect_err("it is full");
        assert!(matches!(error, SendError::Full), "{transport:?}: {error:?}");
        let mut batch = Batch::new(20, receiver.max_message());
        receiver.recv_batch(&mut batch, Wait::No).expect("they are there");
        let came: Vec<_> = (0..batch.len()).map(|index| batch.message(index)).collect();
        assert_eq!(came, messages[..sent], "{transport:?}: in order");
        let error = receiver
            .recv_batch(&mut batch, Wait::No)
            .expect_err("it is empty");
        assert!(matches!(error, RecvError::Empty), "{transport:?}: {error:?}");
        assert!(
            batch.is_empty(),
            "{transport:?}: nothing is left of the batch before"
        );
    }
}

/// A message that is too long ends a batch, and is an error only at its beginning.
#[phase7::test(points = 1, rule = 11, needs = "mqueue")]
fn a_batch_ends_before_a_message_that_is_too_long() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let long = vec![0; sender.max_message() + 1];
        let messages: [&[u8]; 3] = [b"fits", &long, b"not reached"];
        assert_eq!(
            sender.send_batch(&messages, Wait::No).expect("the first fits"),
            1,
            "{transport:?}"
        );
        let error = sender
            .send_batch(&messages[1..], Wait::No)
            .expect_err("the first is too long");
        assert!(
            matches!(error, SendError::TooLarge { .. }),
            "{transport:?}: {error:?}"
        );
        assert_eq!(next(&mut *receiver), b"fits", "what was sent");
        let empty = try_next(&mut *receiver);
        assert!(matches!(empty, Err(RecvError::Empty)), "{transport:?}: {empty:?}");
    }
}

/// Before the first sender a queue is empty and not deserted.
#[phase7::test(points = 1, rule = 9, needs = "mqueue")]
fn before_the_first_sender_a_queue_is_empty() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let mut receiver = queue.receiver();
        let empty = try_next(&mut *receiver);
        assert!(matches!(empty, Err(RecvError::Empty)), "{transport:?}: {empty:?}");
        let mut buffer = vec![0; receiver.max_message()];
        let late = receiver.recv_timeout(&mut buffer, Duration::from_millis(20));
        assert!(
            matches!(late, Err(RecvError::TimedOut)),
            "{transport:?}: {late:?}"
        );
        drop(queue.sender());
        let gone = receiver.recv_timeout(&mut buffer, DEADLINE);
        assert!(
            matches!(gone, Err(RecvError::Disconnected)),
            "{transport:?}: {gone:?}"
        );
        let gone = receiver.try_recv(&mut buffer);
        assert!(
            matches!(gone, Err(RecvError::Disconnected)),
            "{transport:?}, without a wait: {gone:?}"
        );
    }
}

/// A sender learns that nobody receives any more: at once where the kernel knows, else when the queue is full.
#[phase7::test(points = 1, rule = 10, needs = "mqueue")]
fn a_sender_learns_that_the_receivers_are_gone() {
    for transport in ALL {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        sender.send(b"first").expect("there is room");
        assert_eq!(next(&mut *receiver), b"first", "it arrives");
        drop(receiver);
        let (count, error) = fill(&mut *sender, b"message");
        assert!(
            matches!(error, SendError::Disconnected),
            "{transport:?}: {error:?}"
        );
        let known = matches!(transport, Transport::Pipe | Transport::Socket);
        assert_eq!(
            count,
            if known { 0 } else { OPTIONS.capacity },
            "{transport:?}: sent before that"
        );
        let error = sender.send(b"for ever").expect_err("nobody is there");
        assert!(
            matches!(error, SendError::Disconnected),
            "{transport:?}, waiting for ever: {error:?}"
        );
    }
}
