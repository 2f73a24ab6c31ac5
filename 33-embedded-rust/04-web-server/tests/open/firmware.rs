//! The firmware on its board.

use super::board::{LED, ask, boot, connect};
use super::http::{get, put};

/// A client on the host switches the light of the board.
#[phase7::test(
    points = 3,
    rule = 35,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_light_of_the_board_is_switched() {
    let mut live = boot();
    let mut client = connect(&live);
    assert!(!live.is_high(LED.0, LED.1), "the light, at first");
    for on in [true, false, true] {
        let switched = ask(&mut client, put("/api/led", &format!(r#"{{"on":{on}}}"#)));
        assert_eq!(
            switched.brief(),
            (200, format!(r#"{{"on":{on}}}"#).as_str()),
            "the answer"
        );
        assert_eq!(live.is_high(LED.0, LED.1), on, "the light, seen from outside");
    }
    let temperature = ask(&mut client, get("/api/temperature"));
    assert_eq!(
        temperature.brief(),
        (200, r#"{"celsius":23.5000}"#),
        "the temperature"
    );
}
