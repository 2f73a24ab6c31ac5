//! The firmware under test on its board.

use std::time::Duration;

use phase7::qemu::{Board, Edge, Port};

/// Where the light is.
pub const LED: (Port, u8) = (Port::F, 0);

/// Where the button is; it pulls the pin low.
pub const BUTTON: (Port, u8) = (Port::F, 1);

/// Instructions a millisecond that a processor may execute which sleeps between ticks.
pub const INSTRUCTIONS_PER_MS: u64 = 200;

/// The board with the firmware, before its first instruction, its button released.
pub fn boot() -> Board {
    let mut board = Board::boot(&phase7::firmware!("thumbv7m-none-eabi"));
    press(&mut board, false);
    board
}

/// Presses or releases the button. Its times are exact because the processor sleeps: see [`sleeps`].
pub fn press(board: &mut Board, pressed: bool) {
    board.set_input(BUTTON.0, BUTTON.1, !pressed);
}

/// Lets `duration` pass and checks that the processor slept between ticks meanwhile.
#[track_caller]
pub fn sleeps(board: &mut Board, duration: Duration) {
    let before = board.instructions();
    board.run_for(duration);
    let milliseconds = u64::try_from(duration.as_millis()).expect("seconds");
    let per_ms = (board.instructions() - before) / milliseconds;
    assert!(
        (1..=INSTRUCTIONS_PER_MS).contains(&per_ms),
        "{per_ms} instructions a millisecond, not 1 to {INSTRUCTIONS_PER_MS}: the processor {} (rule 18)",
        if per_ms == 0 {
            "never wakes"
        } else {
            "does not sleep between ticks"
        }
    );
}

/// The edges of the light after `after`, from the first that lights it on: (emulated time, level).
pub fn light(board: &mut Board, after: Duration) -> Vec<Edge> {
    let edges = board.edges(LED.0, LED.1).into_iter();
    edges
        .filter(|edge| u128::from(edge.at_us) >= after.as_micros())
        .skip_while(|edge| !edge.high)
        .collect()
}

/// The times between neighbouring edges, in microseconds.
pub fn intervals_us(edges: &[Edge]) -> Vec<u64> {
    edges
        .windows(2)
        .map(|pair| pair[1].at_us - pair[0].at_us)
        .collect()
}
