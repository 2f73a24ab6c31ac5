//! The open tests, from the parts to programs that talk to each other.

#![allow(clippy::drop_non_drop, reason = "the starter's types have no fields yet")]

use std::fs::OpenOptions;
use std::io::Read;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ipc_queue::member::{Member, Side};
use ipc_queue::mq::{MqReceiver, MqSender};
use ipc_queue::ring::consumer::Consumer;
use ipc_queue::ring::layout::Layout;
use ipc_queue::ring::producer::Producer;
use ipc_queue::transport::Transport;
use ipc_queue::{Batch, OpenError, Options, RecvError, SendError, Wait, frame, pipe, socket};
use phase7::Scratch;

mod support;

use support::model::{Checked, Counted, Handle, Memory};
use support::{DEADLINE, Queue, drain, fill, next, try_next};

/// The header of a packet is the length of the message, and nothing else is taken for one.
#[phase7::test(points = 1, rule = 13)]
fn a_header_is_the_length() {
    assert_eq!(frame::header(0x0102), [2, 1, 0, 0], "the header of 258 bytes");
    assert_eq!(
        frame::length([2, 1, 0, 0], 262).expect("it is right"),
        258,
        "the length"
    );
    assert_eq!(
        frame::length([0; 4], 4).expect("it is right"),
        0,
        "the length of an empty message"
    );
    let short = frame::length([0; 4], 3);
    assert!(
        matches!(short, Err(RecvError::Corrupt(_))),
        "three bytes are {short:?}"
    );
    let other = frame::length([5, 0, 0, 0], 10);
    assert!(
        matches!(other, Err(RecvError::Corrupt(_))),
        "5 said and 6 there are {other:?}"
    );
}

/// Whole messages, each with its own length, in order; the empty one too.
#[phase7::test(points = 1, rule = 1)]
fn a_pipe_keeps_messages_apart() {
    let (mut sender, mut receiver) = pipe::pair(8).expect("a pipe can be made");
    keeps_messages_apart(&mut sender, &mut receiver);
}

/// The same through a socket.
#[phase7::test(points = 1, rule = 1)]
fn a_socket_keeps_messages_apart() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    keeps_messages_apart(&mut sender, &mut receiver);
}

/// The same through a message queue.
#[phase7::test(points = 1, rule = 1, needs = "mqueue")]
fn a_message_queue_keeps_messages_apart() {
    let queue = Queue::new(Transport::Mq);
    let (mut sender, mut receiver) = queue.ends();
    keeps_messages_apart(&mut *sender, &mut *receiver);
}

/// The same through a ring.
#[phase7::test(points = 1, rule = 1)]
fn a_ring_keeps_messages_apart() {
    let queue = Queue::new(Transport::Ring);
    let (mut sender, mut receiver) = queue.ends();
    keeps_messages_apart(&mut *sender, &mut *receiver);
}

#[track_caller]
fn keeps_messages_apart(sender: &mut dyn ipc_queue::Sender, receiver: &mut dyn ipc_queue::Receiver) {
    for round in 0..10 {
        for message in ["one", "", "three", "\n"] {
            sender.send(message.as_bytes()).expect("there is room");
        }
        for message in ["one", "", "three", "\n"] {
            let came = next(receiver);
            assert_eq!(
                String::from_utf8_lossy(&came),
                message,
                "a message of round {round}"
            );
        }
    }
}

/// A send that is not to wait says that there is no room, and works again when there is.
#[phase7::test(points = 1, rule = 4)]
fn a_full_pipe_says_so() {
    let (mut sender, mut receiver) = pipe::pair(4).expect("a pipe can be made");
    full_and_empty(&mut sender, &mut receiver, Some(4));
}

/// The same with a socket, which is bounded by bytes.
#[phase7::test(points = 1, rule = 4)]
fn a_full_socket_says_so() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    full_and_empty(&mut sender, &mut receiver, None);
}

/// The same with a message queue.
#[phase7::test(points = 1, rule = 7, needs = "mqueue")]
fn a_full_message_queue_says_so() {
    let queue = Queue::new(Transport::Mq);
    let (mut sender, mut receiver) = queue.ends();
    full_and_empty(&mut *sender, &mut *receiver, Some(8));
}

/// The same with a ring.
#[phase7::test(points = 1, rule = 7)]
fn a_full_ring_says_so() {
    let queue = Queue::new(Transport::Ring);
    let (mut sender, mut receiver) = queue.ends();
    full_and_empty(&mut *sender, &mut *receiver, Some(8));
}

#[track_caller]
fn full_and_empty(
    sender: &mut dyn ipc_queue::Sender,
    receiver: &mut dyn ipc_queue::Receiver,
    capacity: Option<usize>,
) {
    let empty = try_next(receiver);
    assert!(
        matches!(empty, Err(RecvError::Empty)),
        "an empty queue says {empty:?}"
    );
    let (count, error) = fill(sender, b"message");
    assert!(matches!(error, SendError::Full), "a full queue says {error:?}");
    assert!(
        count > 0 && capacity.is_none_or(|capacity| capacity == count),
        "it took {count} messages"
    );
    for _ in 0..count {
        assert_eq!(next(receiver), b"message", "each of them");
    }
    let empty = try_next(receiver);
    assert!(
        matches!(empty, Err(RecvError::Empty)),
        "emptied it says {empty:?}"
    );
    sender.try_send(b"again").expect("there is room again");
    assert_eq!(next(receiver), b"again", "the message behind that");
}

/// The longest message passes, one more byte does not.
#[phase7::test(points = 1, rule = 2, needs = "mqueue")]
fn a_message_may_be_as_long_as_the_queue_says() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let mut message: Vec<u8> = (0..=250).cycle().take(sender.max_message()).collect();
        assert!(message.len() >= 1024, "{transport:?} takes what was asked for");
        sender.send(&message).expect("the longest fits");
        assert!(
            next(&mut *receiver) == message,
            "the longest comes whole through {transport:?}"
        );
        message.push(0);
        let error = sender.send(&message).expect_err("it is too long");
        assert!(
            matches!(error, SendError::TooLarge { .. }),
            "{transport:?}: {error:?}"
        );
        let empty = try_next(&mut *receiver);
        assert!(
            matches!(empty, Err(RecvError::Empty)),
            "nothing of it was sent: {empty:?}"
        );
    }
}

/// A wait ends at its deadline, and not before.
#[phase7::test(points = 1, rule = 5, needs = "mqueue")]
fn a_wait_for_a_message_times_out() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let (_sender, mut receiver) = queue.ends();
        let mut buffer = vec![0; receiver.max_message()];
        let time = Duration::from_millis(30);
        let started = Instant::now();
        let error = receiver
            .recv_timeout(&mut buffer, time)
            .expect_err("nothing was sent");
        assert!(matches!(error, RecvError::TimedOut), "{transport:?}: {error:?}");
        assert!(
            started.elapsed() >= time,
            "{transport:?} waited only {:?}",
            started.elapsed()
        );
    }
}

/// Whoever waits for a message gets it when it comes.
#[phase7::test(points = 1, rule = 6, timeout_s = 30, needs = "mqueue")]
fn a_receiver_sleeps_until_a_message_comes() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let received = std::thread::spawn(move || {
            let mut buffer = vec![0; receiver.max_message()];
            (0..3)
                .map(|_| receiver.recv(&mut buffer).expect("it comes"))
                .collect::<Vec<_>>()
        });
        for length in 1..=3 {
            sender.send(&vec![0; length]).expect("there is room");
        }
        let lengths = received.join().expect("it does not panic");
        assert_eq!(lengths, [1, 2, 3], "what came through {transport:?}");
    }
}

/// When the senders are gone, what they sent comes first, then the news.
#[phase7::test(points = 1, rule = 9, needs = "mqueue")]
fn a_receiver_learns_that_the_senders_are_gone() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let mut second = queue.sender();
        sender.send(b"first 0").expect("there is room");
        drop(sender);
        second.send(b"second 0").expect("there is room");
        drop(second);
        let mut messages = drain(&mut *receiver);
        messages.sort();
        assert_eq!(messages, ["first 0", "second 0"], "through {transport:?}");
    }
}

/// Places are taken in order, found free when their holder is gone, and counted apart on the two sides.
#[phase7::test(points = 1, rule = 12)]
fn a_place_is_held_until_its_file_is_closed() {
    let scratch = Scratch::new();
    let path = scratch.write("file", "");
    let file = || {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .expect("it is there")
    };
    let first = Member::join(file(), Side::Senders, false).expect("there is room");
    assert!(
        !first.has_peers().expect("it can be asked"),
        "no receiver is there yet"
    );
    let second = Member::join(file(), Side::Senders, false).expect("there is room");
    let receiver = Member::join(file(), Side::Receivers, false).expect("there is room");
    assert_eq!(
        (first.id(), second.id(), receiver.id()),
        (1, 2, 1),
        "their places"
    );
    assert!(first.is_alive(2).expect("it can be asked"), "the second is there");
    assert!(first.has_peers().expect("it can be asked"), "a receiver is there");
    drop(second);
    assert!(
        !first.is_alive(2).expect("it can be asked"),
        "the second has gone"
    );
    drop(receiver);
    assert!(
        !first.has_peers().expect("it can be asked"),
        "the receiver has gone"
    );
    assert_eq!(
        Member::join(file(), Side::Senders, false)
            .expect("there is room")
            .id(),
        2,
        "the free place"
    );
}

/// A socket carries descriptors: what is written into a passed pipe comes out of the other end.
#[phase7::test(points = 2, rule = 16)]
fn a_descriptor_arrives_and_works() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    let (mut read, write) = std::io::pipe().expect("a pipe can be made");
    sender
        .send_with(b"take this", &[write.as_fd()], Wait::at_most(DEADLINE))
        .expect("there is room");
    drop(write);
    let mut buffer = vec![0; socket::MESSAGE_MAX];
    let received = receiver
        .recv_with(&mut buffer, 1, Wait::at_most(DEADLINE))
        .expect("it comes");
    assert_eq!(&buffer[..received.length], b"take this", "the message");
    assert_eq!(
        (received.descriptors.len(), received.truncated),
        (1, false),
        "what came with it"
    );
    for end in received.descriptors {
        std::io::Write::write_all(&mut std::fs::File::from(end), b"through").expect("the other end is open");
    }
    let mut text = String::new();
    read.read_to_string(&mut text).expect("a pipe can be read");
    assert_eq!(text, "through", "what came through the pipe, up to its end");
}

/// The highest priority first, and in order among equals.
#[phase7::test(points = 1, rule = 19, needs = "mqueue")]
fn a_higher_priority_overtakes() {
    let queue = Queue::new(Transport::Mq);
    let mut receiver = MqReceiver::open(&queue.path).expect("it is there");
    let mut sender = MqSender::open(&queue.path).expect("it is there");
    for (message, priority) in [("a", 1), ("b", 5), ("c", 1), ("d", 32767), ("e", 5)] {
        sender
            .send_priority(message.as_bytes(), priority, Wait::No)
            .expect("there is room");
    }
    let mut order = Vec::new();
    for _ in 0..5 {
        let mut buffer = vec![0; 1024];
        let (length, priority) = receiver
            .recv_priority(&mut buffer, Wait::No)
            .expect("it is there");
        order.push((String::from_utf8_lossy(&buffer[..length]).into_owned(), priority));
    }
    let wanted = [("d", 32767), ("b", 5), ("e", 5), ("a", 1), ("c", 1)];
    assert_eq!(
        order,
        wanted.map(|(message, priority)| (message.to_owned(), priority)),
        "the order"
    );
}

/// The header of a ring, as it is drawn.
#[phase7::test(points = 1, rule = 20)]
fn a_ring_begins_with_its_measures() {
    let options = Options {
        capacity: 5,
        max_message: 100,
        sole: true,
    };
    let layout = Layout::of(&options).expect("it is possible");
    assert_eq!(
        (layout.capacity, layout.max_message),
        (8, 100),
        "a power of two, and as asked"
    );
    assert_eq!(
        (layout.stride(), layout.messages(), layout.size()),
        (128, 4096, 5120),
        "what follows"
    );
    let bytes = layout.to_bytes();
    assert_eq!(
        &bytes[..24],
        b"ipcq-rg\x01\x08\0\0\0\x64\0\0\0\x01\0\0\0\0\0\0\0",
        "the header"
    );
    assert_eq!(
        Layout::from_bytes(&bytes, 5120).expect("it is right"),
        layout,
        "read back"
    );
    let other = Layout::from_bytes(&bytes, 5184);
    assert!(
        matches!(other, Err(OpenError::Foreign(_))),
        "with another size it is {other:?}"
    );
}

/// Two ends over plain memory: messages go through, and nobody is asked, woken or put to sleep.
#[phase7::test(points = 2, rule = 22)]
fn a_ring_that_flows_calls_nobody() {
    let memory = Memory::<Counted>::new(4);
    let mut producer = Producer::new(Handle(Arc::clone(&memory)), 4, 1, false);
    let mut consumer = Consumer::new(Handle(Arc::clone(&memory)), 4, 1, false);
    let mut buffer = [0; 8];
    for number in 0..100_u8 {
        for half in 0..2 {
            producer
                .send(&[&[number, half]], Wait::Forever)
                .expect("there is room");
        }
        for half in 0..2 {
            let length = consumer.recv(&mut buffer, Wait::Forever).expect("it is there");
            assert_eq!(buffer[..length], [number, half], "the message");
        }
    }
    assert_eq!(memory.system_calls(), 0, "calls that would go to the kernel");
}

/// A sender and a receiver under Loom: whatever the order of their steps, both messages come, and nobody sleeps on.
#[phase7::test(points = 3, rule = 24, timeout_s = 60)]
fn a_ring_of_one_slot_holds_in_every_order() {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(|| {
        let memory = Memory::<Checked>::new(1);
        let mut producer = Producer::new(Handle(Arc::clone(&memory)), 1, 1, true);
        let mut consumer = Consumer::new(Handle(memory), 1, 1, true);
        let sent = loom::thread::spawn(move || {
            for number in 1..=2_u8 {
                producer
                    .send(&[&[number]], Wait::Forever)
                    .expect("the receiver is there");
            }
        });
        let mut buffer = [0; 8];
        for number in 1..=2_u8 {
            let length = consumer
                .recv(&mut buffer, Wait::Forever)
                .expect("the sender is there");
            assert_eq!(buffer[..length], [number], "the message");
        }
        sent.join().expect("it does not panic");
    });
}

/// Many messages with one call, as far as there is room.
#[phase7::test(points = 1, rule = 11, needs = "mqueue")]
fn a_batch_is_as_much_as_fits() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let (mut sender, mut receiver) = queue.ends();
        let messages: [&[u8]; 5] = [b"0", b"", b"22", b"333", b"4444"];
        assert_eq!(
            sender.send_batch(&messages, Wait::No).expect("there is room"),
            5,
            "{transport:?}: sent"
        );
        let mut batch = Batch::new(3, receiver.max_message());
        receiver
            .recv_batch(&mut batch, Wait::at_most(DEADLINE))
            .expect("they are there");
        let first: Vec<_> = (0..batch.len()).map(|index| batch.message(index)).collect();
        assert_eq!(first, messages[..3], "{transport:?}: as many as the batch takes");
        receiver
            .recv_batch(&mut batch, Wait::at_most(DEADLINE))
            .expect("they are there");
        let rest: Vec<_> = (0..batch.len()).map(|index| batch.message(index)).collect();
        assert_eq!(rest, messages[3..], "{transport:?}: the rest");
    }
}

/// Lines go from one program to another, over each transport.
#[phase7::test(points = 2, rule = 26, timeout_s = 60, needs = "mqueue")]
fn lines_go_from_program_to_program() {
    for transport in [Transport::Pipe, Transport::Socket, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let receiver = queue.program("recv").spawn();
        queue.program("send").stdin("a\n\nlast\n").run().expect_code(0);
        let output = receiver.wait().expect_code(0);
        assert_eq!(output.stdout(), "a\n\nlast\n", "through {transport:?}");
    }
}
