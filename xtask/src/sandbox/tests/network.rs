//! What of the network is there.

use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

use super::support::{SANDBOX, check_command, probe};

#[test]
fn its_own_loopback_works() {
    // A machine may have no IPv6 at all.
    let addresses = ["127.0.0.1:0", "[::1]:0"];
    let addresses = addresses
        .into_iter()
        .filter(|address| TcpListener::bind(address).is_ok());
    let mut command = probe("own_loopback");
    let addresses: Vec<_> = addresses.collect();
    command
        .environment
        .push(("ADDRESSES".into(), addresses.join(" ").into()));
    check_command(&SANDBOX, &command);
}

#[test]
fn nothing_outside_can_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = probe("the_host_is_not_there");
    let address = listener.local_addr().unwrap().to_string();
    command.environment.push(("ADDRESS".into(), address.into()));
    check_command(&SANDBOX, &command);
}

#[test]
fn abstract_sockets_of_the_host_cannot_be_reached() {
    let name = format!("phase7-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let _listener = UnixListener::bind_addr(&address).unwrap();
    let mut command = probe("an_abstract_socket_of_the_host_is_not_there");
    command.environment.push(("NAME".into(), name.into()));
    check_command(&SANDBOX, &command);
}
