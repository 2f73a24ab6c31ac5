//! The firmware on its board, with clients that do not help.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use phase7::Program;
use phase7::qemu::{Board, Live};
use phase7::wait;

use super::board::{ETHERNET, LED, ask, ask_once, boot, boot_with, connect, warm};
use super::http::{self, To, get, put};

/// How long a client may wait on a loaded machine, with others in front of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What curl prints for `arguments` and a path of the board.
#[track_caller]
fn curl(live: &Live, arguments: &[&str], path: &str) -> String {
    let url = format!("http://{}{path}", live.address());
    let output = Program::new("curl")
        .args(["--silent", "--show-error", "--max-time", "30"])
        .args(arguments)
        .arg(url)
        .deadline(PATIENCE)
        .run();
    output.expect_code(0).stdout()
}

/// Asks on a new connection until there is an answer: a client whose place was needed tries again.
#[track_caller]
fn insist(live: &Live, path: &str) -> http::Response {
    let what = format!("an answer for {path}");
    wait::until_some(&what, PATIENCE, || {
        let mut stream = TcpStream::connect(live.address()).ok()?;
        stream.set_read_timeout(Some(wait::DEADLINE)).ok()?;
        stream.write_all(get(path).as_bytes()).ok()?;
        let mut bytes = Vec::new();
        let mut piece = [0; 512];
        loop {
            if let Some((response, _)) = http::parse(&bytes, To::Get) {
                return Some(response);
            }
            match stream.read(&mut piece) {
                Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
                _ => return None,
            }
        }
    })
}

/// The registers of the board, read from outside.
#[phase7::test(
    points = 2,
    rule = 34,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_is_set_up() {
    let mut live = boot();
    assert_eq!(
        ask_once(&live, get("/api/temperature")).status,
        200,
        "the sensor answers"
    );
    assert_eq!(live.read(0x400F_E104) & 1 << 12, 1 << 12, "clock of I2C0");
    let gates = 1 << 30 | 1 << 28 | 1 << 5 | 1 << 1;
    assert_eq!(
        live.read(0x400F_E108) & gates,
        gates,
        "clocks of Ethernet, port F and port B"
    );
    for (port, name, pins) in [(0x4000_5000, "port B", 0b1100), (0x4002_5000, "port F", 0b1100)] {
        assert_eq!(
            (live.read(port + 0x420) & pins, live.read(port + 0x51C) & pins),
            (pins, pins),
            "AFSEL and DEN of {name}, pins 2 and 3"
        );
    }
    assert_eq!(live.read(0x4002_5400) & 1, 1, "DIR of PF0");
    let user = [live.read(0x400F_E1E0), live.read(0x400F_E1E4)].map(u32::to_le_bytes);
    let address = [live.read(ETHERNET + 0x14), live.read(ETHERNET + 0x18)].map(u32::to_le_bytes);
    assert_eq!(
        [&address[0][..], &address[1][..2]].concat(),
        [&user[0][..3], &user[1][..3]].concat(),
        "the Ethernet address, and that of USER0 and USER1"
    );
    assert_eq!(live.read(ETHERNET + 0x0C), 0x17, "TCTL");
    live.wait_for(
        "the receiver's interrupts to be asked for",
        ETHERNET + 0x04,
        |im| im == 0x19,
    );
    assert_eq!(
        live.read(0xE000_E104) & 1 << 10,
        1 << 10,
        "interrupt 42 in the NVIC"
    );
}

/// Instructions of a processor to which nothing comes.
#[phase7::test(
    points = 2,
    rule = 34,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_sleeps() {
    let mut board = Board::boot(&phase7::firmware!("thumbv7m-none-eabi"));
    board.run_for(Duration::from_millis(200));
    assert_eq!(board.read(ETHERNET + 0x08) & 1, 1, "the receiver is on");
    let before = board.instructions();
    board.run_for(Duration::from_millis(500));
    let per_ms = (board.instructions() - before) / 500;
    assert!(
        (1..=300).contains(&per_ms),
        "{per_ms} instructions a millisecond, with nothing on the wire"
    );
}

/// What people use.
#[phase7::test(
    points = 3,
    rule = 35,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi, curl"
)]
fn curl_reaches_the_board() {
    let mut live = boot();
    assert_eq!(curl(&live, &[], "/"), web_server::page::PAGE, "the page");
    let head = curl(&live, &["--head"], "/");
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n"),
        "the head of the page: {head:?}"
    );
    let data = ["--request", "PUT", "--data", r#"{"on":true}"#];
    assert_eq!(curl(&live, &data, "/api/led"), r#"{"on":true}"#, "the light");
    assert!(live.is_high(LED.0, LED.1), "the light, seen from outside");
    let code = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    assert_eq!(
        curl(&live, &code, "/nothing"),
        "404",
        "the status of what there is not"
    );
    let large = "x".repeat(5_000);
    let put_large = [&["--request", "PUT", "--data", &large], &code[..]].concat();
    assert_eq!(
        curl(&live, &put_large, "/api/led"),
        "413",
        "the status of a large body"
    );
    assert_eq!(
        curl(&live, &["--http1.0"], "/api/temperature"),
        r#"{"celsius":23.5000}"#,
        "the temperature"
    );
}

/// The sensor, warmed from outside, and a board without one.
#[phase7::test(
    points = 2,
    rule = 35,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_sensor_is_read() {
    let mut live = boot();
    let mut client = connect(&live);
    for (millidegrees, celsius) in [
        (23_500, "23.5000"),
        (-10_250, "-10.2500"),
        (125_000, "125.0000"),
        (0, "0.0000"),
        (-63, "-0.0625"),
    ] {
        warm(&mut live, millidegrees);
        assert_eq!(
            ask(&mut client, get("/api/temperature")).body,
            format!(r#"{{"celsius":{celsius}}}"#),
            "at {millidegrees} thousandths of a degree"
        );
    }
    let bare = boot_with(&[]);
    let mut client = connect(&bare);
    for _ in 0..2 {
        assert_eq!(
            ask(&mut client, get("/api/temperature")).brief(),
            (503, "Service Unavailable\n"),
            "without a sensor"
        );
        assert_eq!(
            ask(&mut client, get("/api/led")).status,
            200,
            "the light, without a sensor"
        );
    }
}

/// A hundred requests on one connection, on each of two boards at once.
#[phase7::test(
    points = 2,
    rule = 36,
    timeout_s = 120,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn a_hundred_requests_on_two_boards() {
    let boards = [boot(), boot()];
    let mut clients = boards.each_ref().map(connect);
    for number in 0..100 {
        for (client, on) in clients.iter_mut().zip([number % 2 == 0, number % 3 == 0]) {
            let body = format!(r#"{{"on":{on}}}"#);
            let padding = "x".repeat(number % 60);
            let response = ask(client, put(&format!("/api/led?{padding}"), &body));
            assert_eq!(response.brief(), (200, body.as_str()), "response {number}");
        }
    }
    for client in &mut clients {
        let status = ask(client, get("/api/status")).body;
        assert!(
            status.ends_with(r#""requests":101,"connections":1,"errors":0}"#),
            "the status: {status}"
        );
    }
}

/// Two dozen clients at once, each with a few requests.
#[phase7::test(
    points = 2,
    rule = 36,
    timeout_s = 240,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn many_clients_are_served() {
    let live = boot();
    std::thread::scope(|scope| {
        for number in 0..24 {
            let live = &live;
            scope.spawn(move || {
                for path in ["/", "/api/led", "/api/temperature"] {
                    assert_eq!(insist(live, path).status, 200, "{path} for client {number}");
                }
            });
        }
    });
}

/// Clients that send a byte and wait take every place, and lose it when somebody needs it.
#[phase7::test(
    points = 2,
    rule = 36,
    timeout_s = 240,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn slow_clients_lock_nobody_out() {
    let live = boot();
    let mut slow: Vec<TcpStream> = (0..20).map(|_| connect(&live)).collect();
    for stream in &mut slow {
        // One that was reset already is none the slower.
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nX-");
    }
    for number in 0..5 {
        assert_eq!(insist(&live, "/api/led").status, 200, "client {number}");
    }
    drop(slow);
    assert_eq!(
        insist(&live, "/").body,
        web_server::page::PAGE,
        "the page, after them"
    );
}

/// Noise, half requests and resets, and the board goes on.
#[phase7::test(
    points = 2,
    rule = 36,
    timeout_s = 240,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_board_survives_its_clients() {
    let live = boot();
    for (bytes, status) in [
        ("\u{0}\u{1}\u{2}\r\n", 400),
        ("GET / HTTP/1.1\nHost: a\n\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/9.9\r\n", 505),
        (
            "PUT /api/led HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            501,
        ),
        (
            "PUT /api/led HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400,
        ),
        (
            "PUT /api/led HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n",
            413,
        ),
    ] {
        let mut stream = connect(&live);
        stream
            .write_all(bytes.as_bytes())
            .expect("the connection is open");
        let all = phase7::net::read_to_end(&mut stream);
        let responses = http::parse_all(&all);
        assert_eq!(
            responses
                .iter()
                .map(|response| response.status)
                .collect::<Vec<_>>(),
            [status],
            "statuses until the board closes, after {bytes:?}"
        );
    }
    let mut stream = connect(&live);
    stream.write_all(&[b'a'; 10_000]).expect("the connection is open");
    let all = phase7::net::read_to_end(&mut stream);
    assert!(
        all.starts_with(b"HTTP/1.1 414 "),
        "the answer to a line without an end"
    );

    for round in 0..24 {
        let mut stream = connect(&live);
        match round % 3 {
            // A socket that is dropped with bytes unread sends a reset.
            0 => {
                let _ = stream.write_all(get("/").repeat(3).as_bytes());
                let mut byte = [0];
                let _ = stream.read(&mut byte);
            }
            1 => {
                let _ = stream.write_all(b"PUT /api/led HTTP/1.1\r\nHost");
            }
            _ => {
                let _ = stream.write_all(b"GET /");
                let _ = stream.shutdown(Shutdown::Write);
            }
        }
    }
    assert_eq!(
        insist(&live, "/api/led").brief(),
        (200, r#"{"on":false}"#),
        "after all of them"
    );
}

/// The first address behind RAM: the stack grows down from here.
const STACK_TOP: u32 = 0x2001_0000;

/// Bytes that the stack may take.
const STACK_MAX: u32 = 4 * 1024;

/// Code, static variables and stack, after clients of every kind.
#[phase7::test(
    points = 3,
    rule = 37,
    timeout_s = 240,
    needs = "qemu-system-arm, thumbv7m-none-eabi"
)]
fn the_firmware_keeps_to_its_memory() {
    let elf = std::fs::read(phase7::firmware!("thumbv7m-none-eabi")).expect("it was just built");
    let (flash_used, ram_used) = segments(&elf);
    assert!(
        (8_192..=49_152).contains(&flash_used),
        "{flash_used} bytes of code and constants"
    );
    assert!(
        (8_192..=24_576).contains(&ram_used),
        "{ram_used} bytes of static variables"
    );

    let mut live = boot();
    let streams: Vec<TcpStream> = (0..12).map(|_| connect(&live)).collect();
    for mut stream in &streams {
        let _ = stream.write_all(get("/").repeat(8).as_bytes());
        let _ = stream.write_all(put("/api/led", r#"{ "on" : false }"#).as_bytes());
        let _ = stream.write_all(get("/api/temperature").as_bytes());
        let _ = stream.write_all(&[b'x'; 3_000]);
    }
    drop(streams);
    for path in ["/", "/api/status", "/api/temperature", "/nothing"] {
        insist(&live, path);
    }
    // RAM is zero until it is written to.
    let below = live.memory(STACK_TOP - 2 * STACK_MAX, 2 * STACK_MAX);
    let deepest = below.iter().position(|&byte| byte != 0);
    let used = deepest.map_or(0, |at| 2 * STACK_MAX as usize - at);
    assert!(
        (256..=STACK_MAX as usize).contains(&used),
        "{used} bytes of stack, below {STACK_TOP:#x}"
    );
}

/// What the segments of an ELF file take of the flash and of RAM, from their program headers.
fn segments(elf: &[u8]) -> (u32, u32) {
    let word = |at: usize| u32::from_le_bytes(elf[at..at + 4].try_into().expect("four bytes"));
    let half = |at: usize| usize::from(u16::from_le_bytes([elf[at], elf[at + 1]]));
    let (mut in_flash, mut in_ram) = (0, 0);
    for number in 0..half(0x2C) {
        let header = word(0x1C) as usize + number * half(0x2A);
        // Of PT_LOAD: where it runs, how much the file has of it, how much memory it takes.
        let (address, in_file, in_memory) = (word(header + 8), word(header + 16), word(header + 20));
        if word(header) == 1 {
            in_flash += in_file;
            in_ram += if address >= 0x2000_0000 { in_memory } else { 0 };
        }
    }
    (in_flash, in_ram)
}
