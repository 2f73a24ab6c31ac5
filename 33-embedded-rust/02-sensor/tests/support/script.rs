//! Operations without a bus: each step as a line.

use std::fmt::Debug;

use sensor::operation::{Operation, Step};

/// Bytes as two digits each: `19 00`.
pub fn hex(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(" ")
}

/// Runs `operation`; each read takes the next of `replies`. The steps, then what it led to.
///
/// ```text
/// write 01 e1
/// wait 300000
/// read 00 2
/// ```
pub fn play<O: Operation>(mut operation: O, replies: &[&[u8]]) -> (Vec<String>, Result<O::Output, O::Fault>)
where
    O::Output: Debug,
{
    let mut replies = replies.iter();
    let mut steps = Vec::new();
    let mut received: &[u8] = &[];
    for _ in 0..100 {
        let step = operation.step(received);
        received = &[];
        match step {
            Ok(Step::Write(frame)) => steps.push(format!("write {}", hex(frame.bytes()))),
            Ok(Step::Wait { us }) => steps.push(format!("wait {us}")),
            Ok(Step::Read { register, len }) => {
                steps.push(format!("read {register:02x} {len}"));
                received = replies
                    .next()
                    .unwrap_or_else(|| panic!("one read too many: {steps:?}"));
                assert_eq!(received.len(), len, "the bytes of a read: {steps:?}");
            }
            Ok(Step::Done(output)) => return (steps, Ok(output)),
            Err(fault) => return (steps, Err(fault)),
        }
    }
    panic!("no end after 100 steps: {steps:?}");
}
