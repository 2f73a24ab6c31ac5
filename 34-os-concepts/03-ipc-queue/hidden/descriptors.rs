//! Descriptors that travel through a socket, and those that have no business there.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use ipc_queue::{Receiver, RecvError, Sender, Wait, socket};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use phase7::wait;

use super::support::{DEADLINE, next};

const SOON: fn() -> Wait = || Wait::at_most(DEADLINE);

/// So many pipes: their reading ends, and their writing ends.
fn pipes(count: usize) -> (Vec<File>, Vec<OwnedFd>) {
    (0..count)
        .map(|_| std::io::pipe().expect("a pipe can be made"))
        .map(|(read, write)| (File::from(OwnedFd::from(read)), OwnedFd::from(write)))
        .unzip()
}

/// Whether nobody has the writing end of this pipe any more.
fn is_at_its_end(mut read: &File) -> bool {
    let flags = fcntl(read, FcntlArg::F_GETFL).expect("it is open");
    let flags = nix::fcntl::OFlag::from_bits_retain(flags) | nix::fcntl::OFlag::O_NONBLOCK;
    fcntl(read, FcntlArg::F_SETFL(flags)).expect("it is open");
    matches!(read.read(&mut [0; 16]), Ok(0))
}

fn borrowed(descriptors: &[OwnedFd]) -> Vec<BorrowedFd<'_>> {
    descriptors.iter().map(AsFd::as_fd).collect()
}

/// Several descriptors come in the order in which they were sent, each a new one that the next program does not inherit.
#[phase7::test(points = 2, rule = 16)]
fn descriptors_come_in_order_and_close_on_exec() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    let (mut reads, writes) = pipes(3);
    sender
        .send_with(b"", &borrowed(&writes), SOON())
        .expect("there is room");
    let mut buffer = vec![0; socket::MESSAGE_MAX];
    let received = receiver.recv_with(&mut buffer, 8, SOON()).expect("it comes");
    assert_eq!(
        (received.length, received.truncated),
        (0, false),
        "an empty message"
    );
    assert_eq!(received.descriptors.len(), 3, "the descriptors");
    for (index, end) in received.descriptors.into_iter().enumerate() {
        let flags = fcntl(&end, FcntlArg::F_GETFD).expect("it is open");
        assert_eq!(
            flags & FdFlag::FD_CLOEXEC.bits(),
            FdFlag::FD_CLOEXEC.bits(),
            "descriptor {index}"
        );
        assert!(
            writes.iter().all(|write| write.as_raw_fd() != end.as_raw_fd()),
            "{index} is a new one"
        );
        File::from(end)
            .write_all(&[index as u8])
            .expect("the pipe is open");
    }
    drop(writes);
    for (index, read) in reads.iter_mut().enumerate() {
        let mut bytes = Vec::new();
        read.read_to_end(&mut bytes).expect("it can be read");
        assert_eq!(bytes, [index as u8], "what came through pipe {index}");
    }
}

/// Of more descriptors than were asked for the first ones come, the rest are closed, and the caller is told.
#[phase7::test(points = 2, rule = 17)]
fn surplus_descriptors_are_closed() {
    for (sent, limit) in [(2, 1), (5, 1), (5, 2), (5, 4), (4, 3)] {
        let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
        let (reads, writes) = pipes(sent);
        sender
            .send_with(b"many", &borrowed(&writes), SOON())
            .expect("there is room");
        drop(writes);
        let mut buffer = vec![0; socket::MESSAGE_MAX];
        let received = receiver.recv_with(&mut buffer, limit, SOON()).expect("it comes");
        assert_eq!(&buffer[..received.length], b"many", "the message");
        assert_eq!(
            received.descriptors.len(),
            limit,
            "of {sent} no more than {limit}"
        );
        assert!(
            received.truncated,
            "the caller is told that {sent} were more than {limit}"
        );
        for (index, read) in reads.iter().enumerate() {
            assert_eq!(
                is_at_its_end(read),
                index >= limit,
                "{index} of {sent} is closed, for {limit} were kept"
            );
        }
        drop(received);
        assert!(
            reads.iter().all(is_at_its_end),
            "the others are closed when they are dropped"
        );
    }
}

/// A plain receive takes the message and leaves no descriptor open; exactly as many as asked for are not too many.
#[phase7::test(points = 2, rule = 17)]
fn a_receive_that_asks_for_none_leaks_none() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    let (reads, writes) = pipes(2);
    sender
        .send_with(b"with two", &borrowed(&writes), SOON())
        .expect("there is room");
    sender
        .send_with(b"again", &borrowed(&writes), SOON())
        .expect("there is room");
    drop(writes);
    assert_eq!(next(&mut receiver), b"with two", "the message");
    let mut buffer = vec![0; socket::MESSAGE_MAX];
    let received = receiver.recv_with(&mut buffer, 2, SOON()).expect("it comes");
    assert_eq!(
        (received.descriptors.len(), received.truncated),
        (2, false),
        "two were asked for"
    );
    drop(received);
    assert!(reads.iter().all(is_at_its_end), "all copies are closed");
}

/// Descriptors that come with what is no message of ours are closed as well.
#[phase7::test(points = 1, rule = 17)]
fn descriptors_of_a_foreign_packet_are_closed() {
    use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
    let (sender, mut receiver) = socket::pair().expect("a socket can be made");
    let (reads, writes) = pipes(1);
    let end = sender.into_end();
    let numbers = [writes[0].as_raw_fd()];
    let foreign = [std::io::IoSlice::new(b"\xff\xff\xff\xff?")];
    sendmsg::<()>(
        end.as_raw_fd(),
        &foreign,
        &[ControlMessage::ScmRights(&numbers)],
        MsgFlags::empty(),
        None,
    )
    .expect("a socket takes any packet");
    drop(writes);
    let mut buffer = vec![0; socket::MESSAGE_MAX];
    let error = receiver
        .recv_with(&mut buffer, 4, SOON())
        .expect_err("its header is wrong");
    assert!(
        matches!(error, RecvError::Corrupt(_)),
        "a foreign packet is {error:?}"
    );
    wait::until("its descriptor to be closed", DEADLINE, || {
        reads.iter().all(is_at_its_end)
    });
}

/// A descriptor stays with its message: neither the one before nor the one behind has it.
#[phase7::test(points = 1, rule = 16)]
fn descriptors_stay_with_their_message() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    let (reads, writes) = pipes(1);
    sender.send(b"before").expect("there is room");
    sender
        .send_with(b"with", &borrowed(&writes), SOON())
        .expect("there is room");
    sender.send(b"behind").expect("there is room");
    drop(writes);
    let mut buffer = vec![0; socket::MESSAGE_MAX];
    let counts = [(); 3].map(|()| {
        let received = receiver.recv_with(&mut buffer, 4, SOON()).expect("it comes");
        received.descriptors.len()
    });
    assert_eq!(counts, [0, 1, 0], "descriptors of the three messages");
    assert!(
        reads.iter().all(is_at_its_end),
        "it was closed when it was dropped"
    );
}

/// An end of a queue can itself be passed, and works in its new place.
#[phase7::test(points = 1, rule = 16)]
fn an_end_of_a_queue_can_be_passed_on() {
    let (mut sender, mut receiver) = socket::pair().expect("a socket can be made");
    let (inner_sender, mut inner_receiver) = socket::pair().expect("a socket can be made");
    let end = inner_sender.into_end();
    sender
        .send_with(b"an end", &[end.as_fd()], SOON())
        .expect("there is room");
    drop(end);
    let mut buffer = vec![0; socket::MESSAGE_MAX];
    let mut received = receiver.recv_with(&mut buffer, 1, SOON()).expect("it comes");
    let end = received.descriptors.pop().expect("it was sent along");
    let mut passed = socket::SocketSender::from_end(end).expect("it is the end of a connection");
    passed.send(b"from far away").expect("there is room");
    assert_eq!(next(&mut inner_receiver), b"from far away", "the message");
    drop(passed);
    let gone = inner_receiver.recv_timeout(&mut buffer, DEADLINE);
    assert!(
        matches!(gone, Err(RecvError::Disconnected)),
        "when that end is closed: {gone:?}"
    );
}
