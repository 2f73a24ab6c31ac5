//! What is under way when the proxy is told to stop.

use std::io::{BufReader, Write};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use phase7::process::Signal;
use phase7::wait;

use super::support::Proxy;
use super::support::origin::{Origin, get, ok, read_request};

/// Waits until nobody listens.
fn wait_until_deaf(proxy: &Proxy) {
    wait::until("the listener to be closed", Duration::from_secs(10), || {
        std::net::TcpStream::connect(proxy.address).is_err()
    });
}

/// A request gets its answer, which says that it is the last; a tunnel may end by itself.
#[phase7::test(points = 2, rule = 34, timeout_s = 40)]
fn what_is_under_way_is_finished() {
    let (answer, answers) = channel::<()>();
    let answers = Mutex::new(answers);
    let (asked, is_asked) = channel();
    let asked = Mutex::new(asked);
    let slow = Origin::start(move |mut stream, _| {
        let copy = stream.try_clone().expect("a descriptor can be duplicated");
        if read_request(&mut BufReader::new(copy)).is_some() {
            let _ = asked.lock().expect("nobody panics with the lock held").send(());
            let _ = answers.lock().expect("nobody panics with the lock held").recv();
            let _ = stream.write_all(&ok("at last"));
        }
    });
    let echo = Origin::echo();
    let mut proxy = Proxy::start(&["--grace", "30s"]);
    let mut tunnel = proxy.tunnel(echo.address);
    let mut client = proxy.connect();
    client.send(get(slow.address, "/"));
    is_asked
        .recv_timeout(Duration::from_secs(10))
        .expect("the request arrives");
    proxy.running.signal(Signal::SIGTERM);
    wait_until_deaf(&proxy);
    answer.send(()).expect("the server waits");
    let head = client.expect_status(200);
    assert!(
        head.contains("\r\nConnection: close\r\n"),
        "the last answer says so: {head:?}"
    );
    client.expect_last(b"at last", "the body, then the end");
    tunnel.send("still here");
    tunnel.end();
    tunnel.expect_last(b"still here", "the tunnel goes on");
    let lines = proxy.lines(2);
    assert!(
        lines.iter().all(|line| line.end == "done"),
        "the ends in the log: {lines:?}"
    );
    let output = proxy.running.wait().expect_code(0);
    assert_eq!(output.stderr(), "", "standard error");
}

/// A tunnel that does not end is cut; the log says so, and the exit code.
#[phase7::test(points = 1, rule = 34, timeout_s = 30)]
fn the_grace_period_ends() {
    let echo = Origin::echo();
    let mut proxy = Proxy::start(&["--grace", "300ms"]);
    let mut tunnel = proxy.tunnel(echo.address);
    tunnel.send("x");
    tunnel.expect(b"x", "the echo");
    proxy.running.signal(Signal::SIGTERM);
    assert_eq!(
        phase7::net::read_to_end(&mut tunnel.stream),
        b"",
        "the end of the tunnel"
    );
    let line = proxy.line();
    assert_eq!((line.end.as_str(), line.up, line.down), ("cut", 1, 1));
    let output = proxy.running.wait().expect_code(3);
    let stderr = output.stderr();
    assert!(
        stderr.starts_with("proxy-server: ") && stderr.matches('\n').count() == 1,
        "{stderr:?}"
    );
}
