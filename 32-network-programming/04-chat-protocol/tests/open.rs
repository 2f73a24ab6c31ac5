//! The open tests: the bytes, the server's core, the client's core, both on a simulated network, then sockets.

#[allow(dead_code, reason = "each test file uses its part")]
mod support;

use chat_protocol::client::{Answer, Event, Request};
use chat_protocol::wire::{Decoder, Frame, WireError};
use phase7::wait;
use support::draw::{draw, raw};
use support::hall::{Hall, roomy, token};
use support::net::{Chat, Daemon, Peer};
use support::simulation::Simulation;
use support::talk::Talk;

/// The two frames that the brief draws byte by byte.
#[phase7::test(points = 1, rule = 1)]
fn frames_are_as_they_are_drawn() {
    let mut bytes = Vec::new();
    let hello = Frame::Hello {
        min: 1,
        max: 2,
        nick: "ada",
    };
    hello.encode(&mut bytes);
    assert_eq!(bytes, b"\x00\x0A\x01CHAT\x01\x02\x03ada", "Hello");
    bytes.clear();
    let message = Frame::Message {
        room: "rust",
        seq: 258,
        nick: "ada",
        text: "hi",
    };
    message.encode(&mut bytes);
    assert_eq!(
        bytes, b"\x00\x13\x94\x04rust\0\0\0\0\0\0\x01\x02\x03adahi",
        "Message"
    );
    assert_eq!(Frame::parse(0x94, &bytes[3..]), Ok(message));
    assert_eq!(Frame::parse(0x06, b""), Ok(Frame::Bye));
}

/// Every frame of the table, read and written again.
#[phase7::test(points = 1, rule = 1)]
fn every_frame_goes_there_and_back() {
    let lines = [
        "Hello 1 2 ada",
        "Resume 2 000102030405060708090a0b0c0d0e0f 18446744073709551615",
        "Ping 7",
        "Pong 4294967295",
        "Ack 65536",
        "Bye",
        "Join 1 rust",
        "Leave 2 rust",
        "Say 3 rust hello there",
        "Whisper 4 bob psst",
        "Rename 5 eve",
        "History 6 rust 99 100",
        "Who 7 rust",
        "Welcome 1",
        "Welcome 2 ffeeddccbbaa99887766554433221100",
        "Resumed 9",
        "ResumeFailed",
        "Gap 12 3",
        "Goodbye 10",
        "Done 1",
        "Failed 2 3",
        "Joined 3 rust 44",
        "Said 4 5",
        "Message rust 6 ada hello",
        "Whispered bob psst",
        "Past 7 8 ada hello",
        "PastEnd 8 9",
        "Members 9 1 ada bob",
        "Members 9 0",
        "Presence 5 rust ada eve",
        "Presence 1 rust ada -",
    ];
    for line in lines {
        let drawn = draw(line);
        let frame = Frame::parse(drawn[2], &drawn[3..]);
        let frame = frame.unwrap_or_else(|error| panic!("{line} is refused: {error}"));
        assert_eq!(frame.kind(), drawn[2], "the type of {line}");
        let mut bytes = Vec::new();
        frame.encode(&mut bytes);
        assert_eq!(bytes, drawn, "{line}");
    }
}

/// Frames that come byte by byte are awaited, and come out in order.
#[phase7::test(points = 1, rule = 2)]
fn incomplete_is_not_invalid() {
    let bytes = [draw("Ping 1"), draw("Bye"), draw("Say 3 rust hello there")].concat();
    let mut decoder = Decoder::new();
    let mut ends = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        assert_eq!(decoder.next_frame(), Ok(None), "before byte {at}");
        decoder.push(&[*byte]);
        if let Ok(Some(frame)) = decoder.next_frame() {
            ends.push((at + 1, frame.kind()));
        }
    }
    assert_eq!(
        ends,
        [(7, 3), (10, 6), (bytes.len(), 0x12)],
        "where each frame was whole, and its type"
    );
    assert_eq!(decoder.buffered(), 0);
}

/// 4097 is too much; 4096 may be right.
#[phase7::test(points = 1, rule = 3)]
fn a_body_over_the_maximum_is_refused_at_its_length() {
    let mut decoder = Decoder::new();
    decoder.push(&[0x10, 0x00]);
    assert_eq!(decoder.next_frame(), Ok(None), "4096 announced");
    let mut decoder = Decoder::new();
    decoder.push(&[0x10, 0x01]);
    assert_eq!(decoder.next_frame(), Err(WireError::TooLong { length: 4097 }));
}

/// Bit 6 of the type says whether an unknown frame may be skipped.
#[phase7::test(points = 1, rule = 5)]
fn unknown_frames_are_skipped_if_they_are_optional() {
    let body = &b"news"[..];
    assert_eq!(Frame::parse(0xC7, body), Ok(Frame::Unknown { kind: 0xC7, body }));
    assert_eq!(
        Frame::parse(0x87, body),
        Err(WireError::UnknownType { kind: 0x87 })
    );
}

/// The newest version that both speak; a token from version 2 on.
#[phase7::test(points = 1, rule = 6)]
fn the_newest_common_version_is_chosen() {
    let mut hall = Hall::new(roomy());
    let cases = [
        ("1 1 ada", "Welcome 1".to_owned()),
        ("1 2 bob", format!("Welcome 2 {}", token(1))),
        ("2 9 eve", format!("Welcome 2 {}", token(2))),
        ("3 9 zoe", "Goodbye 3".to_owned()),
    ];
    for (offer, answer) in cases {
        let id = hall.connect();
        hall.send(id, &format!("Hello {offer}"));
        assert_eq!(hall.heard(id), [answer], "the answer to {offer}");
    }
}

/// Everybody hears the same, in the same order, the speaker too.
#[phase7::test(points = 2, rule = 12)]
fn a_message_reaches_every_member() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    let eve = hall.enter_room("eve", 2, "other");
    hall.heard(ada);
    hall.send(ada, "Say 2 rust hello");
    hall.send(bob, "Say 2 rust hi ada");
    assert_eq!(
        hall.heard(ada),
        [
            "Message rust 1 ada hello",
            "Said 2 1",
            "Message rust 2 bob hi ada"
        ]
    );
    assert_eq!(
        hall.heard(bob),
        [
            "Message rust 1 ada hello",
            "Message rust 2 bob hi ada",
            "Said 2 2"
        ]
    );
    assert_eq!(hall.heard(eve), [""; 0], "who is in another room");
}

/// A private message reaches one, a list is sorted, and the past can be had again.
#[phase7::test(points = 1, rule = 15)]
fn history_is_what_was_said_behind_a_message() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    for (id, text) in [(2, "one"), (3, "two"), (4, "three")] {
        hall.send(ada, &format!("Say {id} rust {text}"));
    }
    let bob = hall.enter_room("bob", 2, "rust");
    hall.send(bob, "History 2 rust 1 100");
    assert_eq!(
        hall.heard(bob),
        ["Past 2 2 ada two", "Past 2 3 ada three", "PastEnd 2 3"]
    );
    hall.send(bob, "History 3 rust 0 1");
    assert_eq!(hall.heard(bob), ["Past 3 1 ada one", "PastEnd 3 3"]);
}

/// Private messages go to one, and nobody else.
#[phase7::test(points = 1, rule = 13)]
fn a_whisper_reaches_one() {
    let mut hall = Hall::new(roomy());
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(|nick| hall.enter(nick, 2));
    hall.send(ada, "Whisper 1 bob psst");
    hall.send(ada, "Whisper 2 nobody psst");
    assert_eq!(hall.heard(ada), ["Done 1", "Failed 2 4"]);
    assert_eq!(hall.heard(bob), ["Whispered ada psst"]);
    assert_eq!(hall.heard(eve), [""; 0]);
}

/// Version 2 hears of comings and goings, version 1 does not.
#[phase7::test(points = 1, rule = 18)]
fn presence_is_for_version_2() {
    let mut hall = Hall::new(roomy());
    let new = hall.enter_room("new", 2, "rust");
    let old = hall.enter_room("old", 1, "rust");
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send(ada, "Rename 2 eve");
    hall.send(ada, "Leave 3 rust");
    let seen = ["1 rust old -", "1 rust ada -", "5 rust ada eve", "2 rust eve -"];
    assert_eq!(hall.heard(new), seen.map(|line| format!("Presence {line}")));
    assert_eq!(hall.heard(old), [""; 0]);
    assert_eq!(
        hall.heard(ada),
        ["Done 2", "Done 3"],
        "who does not hear of herself"
    );
}

/// What was not received comes again, and nothing else does.
#[phase7::test(points = 2, rule = 20)]
fn a_session_is_resumed_without_loss_or_repetition() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.send(ada, "Say 2 rust one");
    hall.send(ada, "Say 3 rust two");
    assert_eq!(
        hall.heard(bob),
        ["Message rust 1 ada one", "Message rust 2 ada two"]
    );
    hall.cut(bob);
    hall.send(ada, "Say 4 rust three");
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 2", token(2)));
    let replayed = ["Resumed 1", "Message rust 2 ada two", "Message rust 3 ada three"];
    assert_eq!(
        hall.heard(again),
        replayed,
        "Joined and the first message had been received"
    );
}

/// A message that comes twice is said once.
#[phase7::test(points = 2, rule = 10)]
fn a_request_that_comes_again_is_not_carried_out_again() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send(ada, "Say 2 rust once");
    hall.cut(ada);
    let ada = hall.connect();
    hall.send(ada, &format!("Resume 2 {} 1", token(1)));
    hall.send(ada, "Say 2 rust once");
    hall.send(ada, "Say 3 rust and on");
    let heard = [
        "Resumed 2",
        "Message rust 1 ada once",
        "Said 2 1",
        "Message rust 2 ada and on",
        "Said 3 2",
    ];
    assert_eq!(hall.heard(ada), heard);
}

/// The client greets, asks, and tells what it hears.
#[phase7::test(points = 1, rule = 32)]
fn a_client_asks_and_hears() {
    let mut talk = Talk::in_room(6);
    let id = talk.say("hello");
    assert_eq!(talk.says(), ["Say 2 rust hello"]);
    talk.hear(&["Message rust 7 bob hi", "Said 2 8"]);
    let events = talk.events();
    assert!(
        matches!(&events[0], Event::Message { room, message } if room == "rust" && message.seq == 7 && message.nick == "bob"),
        "{events:?}"
    );
    let request = Request::Say {
        room: "rust".into(),
        text: "hello".into(),
    };
    let answer = Answer::Said { seq: 8 };
    assert_eq!(events[1..], [Event::Answer { id, request, answer }]);
}

/// After a cut the client resumes, and sends again what the server has not carried out.
#[phase7::test(points = 2, rule = 33)]
fn a_client_resumes() {
    let mut talk = Talk::in_room(0);
    talk.hear(&["Message rust 1 bob hi", "Message rust 2 bob there"]);
    talk.say("one");
    talk.say("two");
    assert_eq!(talk.says(), ["Say 2 rust one", "Say 3 rust two"]);
    talk.disconnect();
    talk.connect();
    assert_eq!(
        talk.says(),
        [format!("Resume 2 {} 3", token(1))],
        "three numbered frames have come"
    );
    talk.hear(&["Resumed 2"]);
    assert_eq!(
        talk.says(),
        ["Say 3 rust two"],
        "the server has carried out number 2"
    );
}

/// Two clients on a network that breaks every now and then: all is heard, once and in order.
#[phase7::test(points = 2, rule = 41, timeout_s = 20)]
fn a_conversation_survives_cuts() {
    use chat_protocol::client::Config;
    let mut simulation = Simulation::new(7, roomy(), vec![Config::new("ada"), Config::new("bob")]);
    for member in 0..2 {
        simulation.request(member, Request::Join { room: "rust".into() });
    }
    simulation.settle();
    for number in 0..40 {
        simulation.request(
            0,
            Request::Say {
                room: "rust".into(),
                text: number.to_string(),
            },
        );
        for _ in 0..5 {
            simulation.step(support::simulation::Weather { cut: 60, stall: 10 });
        }
    }
    simulation.settle();
    for member in &simulation.members {
        let text = |event: &Event| match event {
            Event::Message { message, .. } => Some(message.text.clone()),
            _ => None,
        };
        let heard: Vec<String> = member.events.iter().filter_map(text).collect();
        assert_eq!(
            heard,
            (0..40).map(|n| n.to_string()).collect::<Vec<_>>(),
            "what {} heard",
            member.client.nick()
        );
        assert!(member.events.contains(&Event::Resumed), "the network has broken");
    }
}

/// The same core behind a real socket.
#[phase7::test(points = 1, rule = 39, timeout_s = 20)]
fn the_server_serves_tcp() {
    let chat = Chat::start(roomy());
    let mut ada = Peer::enter(chat.address, "ada", 2, "rust");
    let mut bob = Peer::enter(chat.address, "bob", 1, "rust");
    ada.send(&["Say 2 rust hello"]);
    assert_eq!(bob.wait_for("Message"), ["Message rust 1 ada hello"]);
    // What is no frame is answered with Goodbye, and with the end of the stream.
    ada.wait_for("Said 2 1");
    std::io::Write::write_all(&mut ada.stream, &raw(0x00, b"")).expect("the server reads");
    assert_eq!(ada.rest(), ["Goodbye 2"]);
    chat.stop.cancel();
    assert_eq!(bob.rest(), ["Goodbye 11"]);
    drop((ada, bob));
    chat.join();
}

/// Three people on three transports, in pipes.
#[phase7::test(points = 2, rule = 39, timeout_s = 30)]
fn three_transports_are_one_chat() {
    let mut daemon = Daemon::start();
    let mut clients = ["tcp", "tls", "quic"].map(|transport| {
        let mut client = phase7::program!()
            .args(daemon.client(transport, transport))
            .spawn();
        client.wait_for_line("* in rust");
        client
    });
    for (client, text) in clients.iter_mut().zip(["one", "two", "three"]) {
        client.write(format!("{text}\n"));
    }
    for client in &mut clients {
        for line in ["[rust] tcp: one", "[rust] tls: two", "[rust] quic: three"] {
            client.wait_for_line(line);
        }
    }
    for client in clients {
        client.wait().expect_code(0);
    }
    daemon.terminate();
}

/// Nothing of a line is lost when the input ends behind it.
#[phase7::test(points = 1, rule = 43, timeout_s = 30)]
fn commands_come_from_a_pipe() {
    let mut daemon = Daemon::start();
    let mut bob = phase7::program!().args(daemon.client("tcp", "bob")).spawn();
    bob.wait_for_line("* in rust");
    let input = "hello\n/msg bob psst\n/who\n/history 5\n/nick eve\n/leave\nto nobody\n/dance\n";
    let ada = phase7::program!()
        .args(daemon.client("tcp", "ada"))
        .stdin(input)
        .run()
        .expect_code(0);
    let expected = [
        "* connected, version 2",
        "* in rust, 0 messages so far",
        "[rust] ada: hello",
        "[private] to bob: psst",
        "* rust: ada, bob",
        "[rust] #1 ada: hello",
        "* you are eve now",
        "* left rust",
        "* no such command: /dance; try /help",
    ];
    let printed = ada.stdout();
    for line in expected {
        assert!(
            printed.lines().any(|printed| printed == line),
            "{line:?} is missing in\n{printed}"
        );
    }
    bob.wait_for_line("[private] ada: psst");
    wait::until("bob to hear that ada has left", wait::DEADLINE, || {
        bob.stdout_so_far().contains("eve has left")
    });
}
