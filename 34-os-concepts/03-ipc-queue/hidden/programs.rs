//! The program: its commands, what it prints, how it ends.

use std::process::{Command, Stdio};

use ipc_queue::transport::Transport;
use ipc_queue::{pipe, socket};
use phase7::Scratch;

use super::support::{DEADLINE, Queue, assert_each_once};

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A queue is made, used and removed by the program alone.
#[phase7::test(points = 1, rule = 26, timeout_s = 60, needs = "mqueue")]
fn a_queue_is_made_and_removed_by_commands() {
    let scratch = Scratch::new();
    let path = scratch.join("queue");
    for transport in ["pipe", "mq", "ring"] {
        let run = |arguments: &[&str]| {
            phase7::program!()
                .args(arguments)
                .args(["--transport", transport])
                .arg(&path)
                .deadline(DEADLINE)
        };
        run(&["create", "--capacity", "4", "--max-message", "100"])
            .run()
            .expect_code(0);
        let again = run(&["create"]).run().expect_code(1);
        assert_eq!(again.stderr().lines().count(), 1, "one line: {}", again.stderr());
        assert!(
            again.stderr().starts_with("ipc-queue: "),
            "it names the program: {}",
            again.stderr()
        );
        let receiver = run(&["recv", "--count", "3"]).spawn();
        run(&["send", "--count", "3", "--name", "n"]).run().expect_code(0);
        assert_eq!(
            receiver.wait().expect_code(0).stdout(),
            "n 0\nn 1\nn 2\n",
            "through {transport}"
        );
        run(&["remove"]).run().expect_code(0);
        assert!(!path.exists(), "{transport}: it is gone");
        run(&["remove"]).run().expect_code(1);
    }
}

/// What does not come in time ends the program, with one line; a wrong command line is told apart.
#[phase7::test(points = 1, rule = 26, timeout_s = 60)]
fn a_program_does_not_wait_longer_than_it_is_told() {
    let queue = Queue::new(Transport::Ring);
    let late = queue
        .program("recv")
        .args(["--timeout", "20"])
        .run()
        .expect_code(1);
    assert_eq!(
        late.stderr(),
        "ipc-queue: cannot receive: timed out\n",
        "nobody sends"
    );
    let queue = Queue::new(Transport::Ring);
    let late = queue
        .program("send")
        .args(["--count", "9", "--timeout", "20"])
        .run()
        .expect_code(1);
    assert_eq!(
        late.stderr(),
        "ipc-queue: cannot send: timed out\n",
        "nobody receives, and eight fit"
    );
    let long = queue.program("send").stdin("x".repeat(1025)).run().expect_code(1);
    let wanted = "ipc-queue: cannot send: a message of 1025 bytes, and the queue takes 1024\n";
    assert_eq!(long.stderr(), wanted, "a line that is too long");
    let fifo = Queue::new(Transport::Pipe);
    let late = fifo
        .program("send")
        .args(["--count", "1", "--timeout", "20"])
        .run()
        .expect_code(1);
    assert!(
        late.stderr().ends_with(": timed out\n"),
        "no receiver of a FIFO: {}",
        late.stderr()
    );
    for wrong in [&["send"][..], &["recv", "--transport", "pigeon", "x"], &["fly"]] {
        let output = phase7::program!().args(wrong).run().expect_code(2);
        assert_eq!(
            output.stderr().lines().count(),
            1,
            "{wrong:?}: {}",
            output.stderr()
        );
    }
    let ring = phase7::program!()
        .args(["recv", "--transport", "ring", "-"])
        .run()
        .expect_code(1);
    assert_eq!(
        ring.stderr().lines().count(),
        1,
        "a ring is not standard input: {}",
        ring.stderr()
    );
}

/// Three programs send and two receive, over each transport that has many ends at a path.
#[phase7::test(points = 2, rule = 8, timeout_s = 90, needs = "mqueue")]
fn many_programs_share_a_queue() {
    const NAMES: [&str; 3] = ["a", "b", "c"];
    for transport in [Transport::Pipe, Transport::Mq, Transport::Ring] {
        let queue = Queue::new(transport);
        let count = 3000;
        // Held until all senders are there: else a quick one would be gone before the next has come.
        let held = (transport == Transport::Pipe).then(|| queue.receiver());
        let receivers = [(); 2].map(|()| queue.program("recv").spawn());
        let first = queue.sender();
        let senders = NAMES.map(|name| {
            let count = count.to_string();
            queue
                .program("send")
                .args(["--count", &count, "--name", name])
                .spawn()
        });
        drop(held);
        for sender in senders {
            sender.wait().expect_code(0);
        }
        drop(first);
        let received = receivers.map(|receiver| lines(&receiver.wait().expect_code(0).stdout()));
        assert_each_once(&received, &NAMES, count);
    }
}

/// Programs share the ends of a pipe and of a connection that they were given as standard input.
#[phase7::test(points = 2, rule = 8, timeout_s = 90)]
fn programs_share_ends_that_they_inherit() {
    const NAMES: [&str; 3] = ["a", "b", "c"];
    let count = 3000;
    for transport in ["pipe", "socket"] {
        let (sending, receiving) = if transport == "pipe" {
            let (sender, receiver) = pipe::pair(16).expect("a pipe can be made");
            (sender.into_end(), receiver.into_end())
        } else {
            let (sender, receiver) = socket::pair().expect("a socket can be made");
            (
                sender.into_end(),
                receiver.into_end().expect("it has one connection"),
            )
        };
        let start = |end: &std::os::fd::OwnedFd, arguments: &[&str]| {
            Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))))
                .args(arguments)
                .args(["--transport", transport, "-"])
                .stdin(end.try_clone().expect("it can be cloned"))
                .stdout(Stdio::piped())
                .spawn()
                .expect("the program can be started")
        };
        let receivers = [(); 2].map(|()| start(&receiving, &["recv"]));
        let senders =
            NAMES.map(|name| start(&sending, &["send", "--count", &count.to_string(), "--name", name]));
        drop((sending, receiving));
        let received = receivers.map(|receiver| {
            let output = receiver.wait_with_output().expect("it ends");
            assert!(
                output.status.success(),
                "a receiver over {transport}: {}",
                output.status
            );
            lines(&String::from_utf8_lossy(&output.stdout))
        });
        for mut sender in senders {
            assert!(
                sender.wait().expect("it ends").success(),
                "a sender over {transport}"
            );
        }
        assert_each_once(&received, &NAMES, count);
    }
}
