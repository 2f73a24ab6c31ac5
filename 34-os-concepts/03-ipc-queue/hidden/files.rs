//! What stands at a queue's path: made for its owner, and told from what somebody else has put there.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::time::Duration;

use ipc_queue::member::{MEMBERS_MAX, Member, Side};
use ipc_queue::mq::{MqSender, PRIORITY_END};
use ipc_queue::ring::layout::Layout;
use ipc_queue::transport::{self, Transport};
use ipc_queue::{OpenError, Options, RecvError, SendError, Sender, Wait, mq, pipe, ring, socket};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socketpair};
use phase7::Scratch;

use super::support::{DEADLINE, OPTIONS, Queue, next, try_next};

fn sole(capacity: usize) -> Options {
    Options {
        capacity,
        sole: true,
        ..OPTIONS
    }
}

/// A packet of a FIFO is as drawn; what others put in is told, is gone, and spoils nothing behind it.
#[phase7::test(points = 2, rule = 13)]
fn a_foreign_packet_in_a_fifo_spoils_no_other() {
    let queue = Queue::new(Transport::Pipe);
    let mut receiver = queue.receiver();
    let mut foreign = OpenOptions::new()
        .write(true)
        .open(&queue.path)
        .expect("it is there");
    fcntl(&foreign, FcntlArg::F_SETFL(OFlag::O_DIRECT)).expect("a pipe has a packet mode");
    let mut sender = queue.sender();
    for bytes in [
        &b"x"[..],
        b"abc",
        b"\x05\0\0\0four",
        b"\0\0\0\0more",
        b"\xff\xff\xff\xff\0",
        b"\x08\0\0\0",
    ] {
        foreign.write_all(bytes).expect("there is room");
        sender.send(b"ours").expect("there is room");
        let error = try_next(&mut *receiver).expect_err("it is no message");
        assert!(matches!(error, RecvError::Corrupt(_)), "{bytes:?} is {error:?}");
        assert_eq!(next(&mut *receiver), b"ours", "what stands behind {bytes:?}");
    }
    foreign.write_all(b"\x02\0\0\0hi").expect("there is room");
    assert_eq!(next(&mut *receiver), b"hi", "a packet as drawn, whoever wrote it");
}

/// A sender of a FIFO waits for a receiver, but not longer than it is told; what is no FIFO is told.
#[phase7::test(points = 1, rule = 14)]
fn a_fifo_is_opened_when_both_are_there() {
    let queue = Queue::new(Transport::Pipe);
    let mode = std::fs::metadata(&queue.path).expect("it is there").mode();
    assert_eq!(mode & 0o777, 0o600, "for its owner alone");
    for wait in [Wait::No, Wait::at_most(Duration::from_millis(20))] {
        let error = pipe::PipeSender::open(&queue.path, wait).expect_err("nobody receives");
        assert!(matches!(error, OpenError::TimedOut), "{wait:?}: {error:?}");
    }
    let path = queue.path.clone();
    let opened = std::thread::spawn(move || pipe::PipeSender::open(&path, Wait::at_most(DEADLINE)));
    let mut receiver = queue.receiver();
    let mut sender = opened
        .join()
        .expect("it does not panic")
        .expect("somebody receives");
    sender.send(b"hello").expect("there is room");
    assert_eq!(next(&mut *receiver), b"hello", "the message");
    let scratch = Scratch::new();
    let file = scratch.write("file", "text");
    for error in [
        pipe::PipeSender::open(&file, Wait::No).err(),
        pipe::PipeReceiver::open(&file).err(),
        pipe::PipeReceiver::from_end(File::open(&file).expect("it is there")).err(),
    ] {
        assert!(
            matches!(error, Some(OpenError::Foreign(_))),
            "a regular file: {error:?}"
        );
    }
    let (read, write) = std::io::pipe().expect("a pipe can be made");
    let error = pipe::PipeSender::from_end(OwnedFd::from(read)).expect_err("it cannot be written to");
    assert!(
        matches!(error, OpenError::Foreign(_)),
        "a reading end to send with: {error:?}"
    );
    let error = pipe::PipeReceiver::from_end(OwnedFd::from(write)).expect_err("it cannot be read");
    assert!(
        matches!(error, OpenError::Foreign(_)),
        "a writing end to receive with: {error:?}"
    );
}

/// A pipe has as many slots as were asked for, and a message fills one whatever its length.
#[phase7::test(points = 1, rule = 14)]
fn a_pipe_has_the_slots_that_were_asked_for() {
    for capacity in [1, 2, 16, 64] {
        let (mut sender, mut receiver) = pipe::pair(capacity).expect("a pipe can be made");
        let messages: [&[u8]; 3] = [b"", b"some", &[7; pipe::MESSAGE_MAX]];
        for index in 0..capacity {
            sender.try_send(messages[index % 3]).expect("there is room");
        }
        let error = sender.try_send(b"").expect_err("it is full");
        assert!(
            matches!(error, SendError::Full),
            "behind {capacity} messages: {error:?}"
        );
        for index in 0..capacity {
            assert!(
                next(&mut receiver) == messages[index % 3],
                "message {index} of {capacity}"
            );
        }
    }
    let error = pipe::pair(usize::MAX).expect_err("that is too many");
    assert!(
        matches!(error, OpenError::Limit(_)),
        "a capacity that no pipe has: {error:?}"
    );
}

/// A receiver at a path takes all who connect, each in its turn.
#[phase7::test(points = 2, rule = 15)]
fn a_socket_receiver_looks_at_all_connections_in_turn() {
    let queue = Queue::new(Transport::Socket);
    let mut receiver = queue.receiver();
    let mut senders: Vec<_> = (0..3).map(|_| queue.sender()).collect();
    for (index, sender) in senders.iter_mut().enumerate() {
        for number in 0..20 {
            sender
                .send(format!("{index} {number}").as_bytes())
                .expect("there is room");
        }
    }
    let came: Vec<_> = (0..12).map(|_| next(&mut *receiver)).collect();
    for index in 0..3 {
        let own: Vec<_> = came.iter().filter(|message| message[0] == b'0' + index).collect();
        assert_eq!(
            own.len(),
            4,
            "of the first twelve messages, those of sender {index}"
        );
        assert_eq!(own[3], format!("{index} 3").as_bytes(), "in order");
    }
    drop(senders);
    let mut late = queue.sender();
    late.send(b"late").expect("there is room");
    let rest: Vec<_> = (0..49).map(|_| next(&mut *receiver)).collect();
    assert!(
        rest.contains(&b"late".to_vec()),
        "who connects later is heard too"
    );
    drop(late);
    let gone = receiver.recv_timeout(&mut vec![0; socket::MESSAGE_MAX], DEADLINE);
    assert!(
        matches!(gone, Err(RecvError::Disconnected)),
        "when all have closed: {gone:?}"
    );
}

/// A sender waits for somebody who listens, but not longer than it is told; other sockets are told.
#[phase7::test(points = 1, rule = 15)]
fn a_socket_sender_waits_for_a_listener() {
    let scratch = Scratch::new();
    let path = scratch.join("socket");
    for wait in [Wait::No, Wait::at_most(Duration::from_millis(20))] {
        let error = socket::SocketSender::connect(&path, wait).expect_err("nobody listens");
        assert!(matches!(error, OpenError::TimedOut), "{wait:?}: {error:?}");
    }
    let there = path.clone();
    let connected =
        std::thread::spawn(move || socket::SocketSender::connect(&there, Wait::at_most(DEADLINE)));
    let mut receiver = socket::SocketReceiver::bind(&path).expect("the path is free");
    let mut sender = connected
        .join()
        .expect("it does not panic")
        .expect("somebody listens");
    sender.send(b"hello").expect("there is room");
    assert_eq!(next(&mut receiver), b"hello", "the message");
    let taken = socket::SocketReceiver::bind(&path).expect_err("the path is taken");
    assert!(matches!(taken, OpenError::Os(_)), "a second receiver: {taken:?}");
    let (stream, _other) = socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::empty())
        .expect("a socket can be made");
    let error = socket::SocketSender::from_end(stream).expect_err("it has no boundaries");
    assert!(matches!(error, OpenError::Foreign(_)), "a stream: {error:?}");
    let file = scratch.write("file", "");
    let error = socket::SocketReceiver::from_end(File::open(&file).expect("it is there"));
    assert!(matches!(error, Err(OpenError::Foreign(_))), "a file: {error:?}");
}

/// A socket passes the frame that a pipe does, and tells what is none.
#[phase7::test(points = 1, rule = 13)]
fn a_foreign_packet_in_a_socket_spoils_no_other() {
    let (sender, mut receiver) = socket::pair().expect("a socket can be made");
    let end = sender.into_end();
    let mut sender =
        socket::SocketSender::from_end(end.try_clone().expect("it can be cloned")).expect("it is one");
    let mut foreign = File::from(end);
    for bytes in [&b"abc"[..], b"\x05\0\0\0four", b"\0\0\0\0more"] {
        foreign.write_all(bytes).expect("there is room");
        sender.send(b"ours").expect("there is room");
        let error = try_next(&mut receiver).expect_err("it is no message");
        assert!(matches!(error, RecvError::Corrupt(_)), "{bytes:?} is {error:?}");
        assert_eq!(next(&mut receiver), b"ours", "what stands behind {bytes:?}");
    }
    foreign.write_all(b"\x02\0\0\0hi").expect("there is room");
    assert_eq!(next(&mut receiver), b"hi", "a packet as drawn, whoever wrote it");
}

/// The file of a message queue, and what is not one.
#[phase7::test(points = 2, rule = 18, needs = "mqueue")]
fn a_message_queue_has_a_file_as_drawn() {
    let queue = Queue::new(Transport::Mq);
    let metadata = std::fs::metadata(&queue.path).expect("it is there");
    assert_eq!(metadata.mode() & 0o777, 0o600, "for its owner alone");
    let bytes = || std::fs::read(&queue.path).expect("it can be read");
    assert_eq!(bytes(), b"ipcq-mq\x01\0\0\0\0\0\0\0\0", "a new one");
    let receiver = queue.receiver();
    assert_eq!(bytes()[8..10], [0, 1], "when a receiver has come");
    let sender = queue.sender();
    assert_eq!(bytes()[8..10], [1, 1], "when a sender has come");
    drop((sender, receiver));
    assert_eq!(bytes()[8..10], [1, 1], "when both have gone");
    let again = mq::create(&queue.path, &OPTIONS).expect_err("the path is taken");
    assert!(matches!(again, OpenError::Os(_)), "a second one: {again:?}");

    let scratch = Scratch::new();
    for contents in [
        &b""[..],
        b"ipcq-mq\x01",
        b"ipcq-mq\x02\0\0\0\0\0\0\0\0",
        b"#!/bin/sh\necho what\n",
    ] {
        let path = scratch.write("file", contents);
        for error in [
            mq::MqReceiver::open(&path).err(),
            MqSender::open(&path).err(),
            mq::remove(&path).err(),
        ] {
            assert!(
                matches!(error, Some(OpenError::Foreign(_))),
                "{contents:?}: {error:?}"
            );
        }
        assert_eq!(
            std::fs::read(&path).expect("it is there"),
            contents,
            "it is left alone"
        );
    }
}

/// A message queue that the system does not allow leaves nothing behind; one that is removed is gone.
#[phase7::test(points = 1, rule = 18, needs = "mqueue")]
fn a_message_queue_that_cannot_be_leaves_no_file() {
    let scratch = Scratch::new();
    let path = scratch.join("queue");
    for (capacity, max_message) in [(1 << 30, 64), (4, 1 << 30), (usize::MAX, usize::MAX)] {
        let options = Options {
            capacity,
            max_message,
            sole: false,
        };
        let error = mq::create(&path, &options).expect_err("no system allows that");
        assert!(matches!(error, OpenError::Limit(_)), "{options:?}: {error:?}");
        assert!(!path.exists(), "no file for {options:?}");
    }
    mq::create(&path, &OPTIONS).expect("this is possible");
    transport::remove(Transport::Mq, &path).expect("it is there");
    assert!(!path.exists(), "the file is removed");
    mq::create(&path, &OPTIONS).expect("the path is free again");
    let mut sender = MqSender::open(&path).expect("it is there");
    sender.try_send(b"new").expect("it is a new and empty queue");
    transport::remove(Transport::Mq, &path).expect("it is there");
    let error = MqSender::open(&path).expect_err("it is gone");
    assert!(matches!(error, OpenError::Os(_)), "when it is removed: {error:?}");
}

/// There are priorities up to 32767, and a higher one is told.
#[phase7::test(points = 1, rule = 19, needs = "mqueue")]
fn a_priority_beyond_the_last_is_told() {
    let queue = Queue::new(Transport::Mq);
    let mut receiver = mq::MqReceiver::open(&queue.path).expect("it is there");
    let mut sender = MqSender::open(&queue.path).expect("it is there");
    for priority in [PRIORITY_END, u32::MAX] {
        let error = sender
            .send_priority(b"x", priority, Wait::No)
            .expect_err("there is no such one");
        assert!(
            matches!(error, SendError::Priority(told) if told == priority),
            "{priority}: {error:?}"
        );
    }
    sender.send(b"lowest").expect("there is room");
    sender
        .send_priority(b"highest", PRIORITY_END - 1, Wait::No)
        .expect("there is room");
    assert_eq!(next(&mut receiver), b"highest", "the highest comes first");
    let mut buffer = vec![0; 1024];
    let (length, priority) = receiver
        .recv_priority(&mut buffer, Wait::No)
        .expect("it is there");
    assert_eq!(
        (&buffer[..length], priority),
        (&b"lowest"[..], 0),
        "an ordinary send has the lowest"
    );
}

/// A ring's file: its size, its mode, its words where they are drawn, its lengths and messages.
#[phase7::test(points = 2, rule = 20)]
fn a_ring_is_a_file_as_drawn() {
    let queue = Queue::with(
        Transport::Ring,
        &Options {
            capacity: 3,
            max_message: 70,
            sole: false,
        },
    );
    let file = File::open(&queue.path).expect("it is there");
    let metadata = file.metadata().expect("it is there");
    assert_eq!(
        (metadata.mode() & 0o777, metadata.len()),
        (0o600, 4096 + 4 * 128),
        "mode and size"
    );
    assert!(
        metadata.blocks() * 512 >= metadata.len(),
        "its memory is there, and not only promised"
    );
    let (mut sender, mut receiver) = queue.ends();
    for message in ["zero", "one", "two", "three", "four", "five"] {
        sender.send(message.as_bytes()).expect("there is room");
        assert_eq!(next(&mut *receiver), message.as_bytes(), "the message");
    }
    sender.send(&[9; 70]).expect("there is room");
    let bytes = |at: u64, count: usize| {
        let mut bytes = vec![0; count];
        file.read_exact_at(&mut bytes, at).expect("it is that long");
        bytes
    };
    let word = |number: u64| {
        let word = bytes(128 + 128 * number, 8);
        u64::from_le_bytes(word.try_into().expect("eight bytes"))
    };
    assert_eq!(
        [0, 1, 3, 4, 5, 7].map(word),
        [7, 0, 1, 6, 0, 1],
        "tail, turn, came; head, turn, came"
    );
    assert_eq!(
        bytes(1152, 16),
        [4, 0, 0, 0, 4, 0, 0, 0, 70, 0, 0, 0, 5, 0, 0, 0],
        "lengths of messages 4, 5, 6, 3"
    );
    assert_eq!(bytes(4096, 4), b"four", "message 4, in slot 0");
    assert_eq!(bytes(4096 + 2 * 128, 70), [9; 70], "message 6, in slot 2");
}

/// Whatever is wrong with a header is found when a ring is opened.
#[phase7::test(points = 2, rule = 20)]
fn a_foreign_ring_is_told() {
    let good = Layout::of(&OPTIONS).expect("it is possible");
    let size = good.size();
    let whole = |header: &[u8]| {
        let mut bytes = vec![0; size];
        bytes[..header.len()].copy_from_slice(header);
        bytes
    };
    let header = good.to_bytes();
    let changed = |at: usize, value: u32| {
        let mut header = header;
        header[at..at + 4].copy_from_slice(&value.to_le_bytes());
        whole(&header)
    };
    let mut files = vec![
        Vec::new(),
        header[..64].to_vec(),
        header.to_vec(),
        vec![0; size],
        whole(&header)[..size - 1].to_vec(),
        [whole(&header), vec![0]].concat(),
        changed(0, 0),
        changed(4, 0x0267_722d),
    ];
    files.extend([0, 7, 12, 16, 1 << 17, u32::MAX].map(|capacity| changed(8, capacity)));
    files.extend([0, 1025, (1 << 20) + 1, u32::MAX].map(|longest| changed(12, longest)));
    files.extend([2, 4, u32::MAX].map(|flags| changed(16, flags)));
    files.extend([changed(20, 1), changed(124, 1)]);
    let scratch = Scratch::new();
    for (index, contents) in files.iter().enumerate() {
        let path = scratch.write("file", contents);
        for error in [
            ring::RingSender::open(&path).err(),
            ring::RingReceiver::open(&path).err(),
        ] {
            assert!(
                matches!(error, Some(OpenError::Foreign(_))),
                "file {index} is {error:?}"
            );
        }
        assert!(
            std::fs::read(&path).expect("it is there") == *contents,
            "file {index} is left alone"
        );
    }
    ring::RingSender::open(&scratch.write("good", whole(&header))).expect("nothing is wrong with this one");
}

/// Rings that cannot be, and the smallest that can.
#[phase7::test(points = 1, rule = 20)]
fn the_measures_of_a_ring_have_limits() {
    let options = |capacity, max_message| Options {
        capacity,
        max_message,
        sole: false,
    };
    let scratch = Scratch::new();
    let path = scratch.join("ring");
    for wrong in [
        options(0, 64),
        options(65_537, 64),
        options(4, 0),
        options(4, (1 << 20) + 1),
        options(usize::MAX, 1),
    ] {
        let error = ring::create(&path, &wrong).expect_err("it cannot be");
        assert!(matches!(error, OpenError::Limit(_)), "{wrong:?}: {error:?}");
        assert!(!path.exists(), "{wrong:?} leaves no file");
    }
    ring::create(&path, &options(1, 1)).expect("the smallest");
    let mut receiver = ring::RingReceiver::open(&path).expect("it is there");
    let mut sender = ring::RingSender::open(&path).expect("it is there");
    for byte in 0..5_u8 {
        sender.try_send(&[byte]).expect("there is room for one");
        let error = sender.try_send(&[byte]).expect_err("and for no more");
        assert!(matches!(error, SendError::Full), "a second one: {error:?}");
        assert_eq!(next(&mut receiver), [byte], "the message");
    }
}

/// A length that cannot be is told once, and is gone.
#[phase7::test(points = 2, rule = 21)]
fn an_impossible_length_is_told_and_gone() {
    let queue = Queue::new(Transport::Ring);
    let (mut sender, mut receiver) = queue.ends();
    for message in ["first", "second", "third"] {
        sender.send(message.as_bytes()).expect("there is room");
    }
    let file = OpenOptions::new()
        .write(true)
        .open(&queue.path)
        .expect("it is there");
    file.write_all_at(&u32::MAX.to_le_bytes(), 1152)
        .expect("it can be written to");
    let error = try_next(&mut *receiver).expect_err("no message is that long");
    assert!(matches!(error, RecvError::Corrupt(_)), "the first: {error:?}");
    assert_eq!(next(&mut *receiver), b"second", "the one behind it");
    file.write_all_at(&1025_u32.to_le_bytes(), 1152 + 8)
        .expect("it can be written to");
    let error = try_next(&mut *receiver).expect_err("one byte too long");
    assert!(matches!(error, RecvError::Corrupt(_)), "the third: {error:?}");
    sender.send(b"fourth").expect("there is room");
    assert_eq!(next(&mut *receiver), b"fourth", "the ring goes on");
}

/// A ring for one sender and one receiver has no place for a second one, until the first has gone.
#[phase7::test(points = 1, rule = 25)]
fn a_sole_place_is_taken_once() {
    let queue = Queue::with(Transport::Ring, &sole(4));
    let (mut sender, mut receiver) = queue.ends();
    for error in [
        ring::RingSender::open(&queue.path).err(),
        ring::RingReceiver::open(&queue.path).err(),
    ] {
        assert!(matches!(error, Some(OpenError::Busy)), "a second end: {error:?}");
    }
    sender.send(b"first").expect("there is room");
    drop(sender);
    let mut sender = queue.sender();
    sender.send(b"second").expect("there is room");
    assert_eq!(next(&mut *receiver), b"first", "of the first sender");
    drop(receiver);
    let mut receiver = queue.receiver();
    assert_eq!(
        next(&mut *receiver),
        b"second",
        "of the second one, to the second receiver"
    );
}

/// There are a thousand places on each side, and no more.
#[phase7::test(points = 1, rule = 12)]
fn places_are_limited() {
    let scratch = Scratch::new();
    let path = scratch.write("file", "");
    let file = || {
        OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(0)
            .open(&path)
            .expect("it is there")
    };
    let all = Member::join(file(), Side::Senders, true).expect("nobody is there");
    let error = Member::join(file(), Side::Senders, false).expect_err("one has all places");
    assert!(matches!(error, OpenError::Busy), "beside a sole one: {error:?}");
    assert!(
        !all.is_alive(1).expect("it can be asked"),
        "it does not take itself for another one"
    );
    let other = Member::join(file(), Side::Receivers, true).expect("the other side is free");
    assert!(other.has_peers().expect("it can be asked"), "and has a peer");
    drop(all);
    assert!(!other.has_peers().expect("it can be asked"), "which has gone");
    let last = MEMBERS_MAX;
    assert_eq!(last, 1000, "places");
    let first = Member::join(file(), Side::Senders, false).expect("nobody is there");
    let error = Member::join(file(), Side::Senders, true).expect_err("somebody is there");
    assert!(
        matches!(error, OpenError::Busy),
        "a sole one beside it: {error:?}"
    );
    first.leave();
    assert!(
        !other.has_peers().expect("it can be asked"),
        "one that has left is not there"
    );
    Member::join(file(), Side::Senders, true).expect("all places are free");
}
