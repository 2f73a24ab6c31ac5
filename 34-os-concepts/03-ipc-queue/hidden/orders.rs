//! The ring's algorithm under Loom: all orders of the steps of a few threads, with no more than a few interruptions.

use std::sync::Arc;

use ipc_queue::ring::consumer::Consumer;
use ipc_queue::ring::producer::Producer;
use ipc_queue::{RecvError, SendError, Wait};

use super::support::model::{Checked, Handle, Memory};

type Model = Arc<Memory<Checked>>;

fn producer(memory: &Model, id: u32, capacity: u32) -> Producer<Handle<Checked>> {
    Producer::new(Handle(Arc::clone(memory)), capacity, id, false)
}

fn consumer(memory: &Model, id: u32, capacity: u32) -> Consumer<Handle<Checked>> {
    Consumer::new(Handle(Arc::clone(memory)), capacity, id, false)
}

fn check(interruptions: Option<usize>, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = interruptions;
    builder.check(model);
}

fn send(producer: &mut Producer<Handle<Checked>>, message: u8) {
    producer
        .send(&[&[message]], Wait::Forever)
        .expect("the other side is there");
}

fn receive(consumer: &mut Consumer<Handle<Checked>>) -> u8 {
    let mut buffer = [0; 8];
    let length = consumer
        .recv(&mut buffer, Wait::Forever)
        .expect("the other side is there");
    assert_eq!(length, 1, "the length of a message");
    buffer[0]
}

/// Three messages through two slots: both sides wait for the other one.
#[phase7::test(points = 2, rule = 24, timeout_s = 120)]
fn both_sides_wait_for_each_other() {
    check(Some(3), || {
        let memory = Memory::new(2);
        let (mut sender, mut receiver) = (producer(&memory, 1, 2), consumer(&memory, 1, 2));
        let sent = loom::thread::spawn(move || (1..=3).for_each(|number| send(&mut sender, number)));
        let came = [(); 3].map(|()| receive(&mut receiver));
        assert_eq!(came, [1, 2, 3], "the messages, in order");
        sent.join().expect("it does not panic");
    });
}

/// Two senders take turns: no slot is written by both, and no message is overtaken by what is not there yet.
#[phase7::test(points = 2, rule = 24, timeout_s = 120)]
fn two_senders_share_a_ring() {
    check(Some(2), || {
        let memory = Memory::new(2);
        let (mut one, mut two) = (producer(&memory, 1, 2), producer(&memory, 2, 2));
        let mut receiver = consumer(&memory, 1, 2);
        let first = loom::thread::spawn(move || send(&mut one, 1));
        let second = loom::thread::spawn(move || send(&mut two, 2));
        let mut came = [receive(&mut receiver), receive(&mut receiver)];
        came.sort_unstable();
        assert_eq!(came, [1, 2], "each message once");
        first.join().expect("it does not panic");
        second.join().expect("it does not panic");
    });
}

/// Two receivers take turns: each gets one of the two messages.
#[phase7::test(points = 2, rule = 24, timeout_s = 120)]
fn two_receivers_share_a_ring() {
    check(Some(2), || {
        let memory = Memory::new(2);
        let mut sender = producer(&memory, 1, 2);
        let (mut one, mut two) = (consumer(&memory, 1, 2), consumer(&memory, 2, 2));
        let first = loom::thread::spawn(move || receive(&mut one));
        let second = loom::thread::spawn(move || receive(&mut two));
        send(&mut sender, 1);
        send(&mut sender, 2);
        let mut came = [first, second].map(|thread| thread.join().expect("it does not panic"));
        came.sort_unstable();
        assert_eq!(came, [1, 2], "each message once");
    });
}

/// Without waiting: what a receiver gets is what was sent, and what a sender was told is true.
#[phase7::test(points = 1, rule = 24, timeout_s = 120)]
fn nothing_is_lost_without_waiting() {
    check(None, || {
        let memory = Memory::new(1);
        let (mut sender, mut receiver) = (producer(&memory, 1, 1), consumer(&memory, 1, 1));
        let sent = loom::thread::spawn(move || {
            [1, 2].map(|number: u8| match sender.send(&[&[number]], Wait::No) {
                Ok(count) => count,
                Err(SendError::Full) => 0,
                Err(error) => panic!("sending {number}: {error}"),
            })
        });
        let mut came = Vec::new();
        let mut buffer = [0; 8];
        let mut look = || match receiver.recv(&mut buffer, Wait::No) {
            Ok(length) => came.extend_from_slice(&buffer[..length]),
            Err(RecvError::Empty) => {}
            Err(error) => panic!("receiving: {error}"),
        };
        look();
        let sent = sent.join().expect("it does not panic");
        look();
        look();
        let wanted: Vec<u8> = [1, 2]
            .into_iter()
            .zip(sent)
            .filter(|(_, sent)| *sent == 1)
            .map(|(number, _)| number)
            .collect();
        assert_eq!(came, wanted, "what was sent, and nothing else");
    });
}
