//! What of the file system is there.

use super::support::{SANDBOX, run, shell};

#[test]
fn smoke() {
    println!("{:?}\n{:?}", SANDBOX.layers(), SANDBOX.missing());
    let ended = run(
        &SANDBOX,
        &shell("id; ls -la / /dev /tmp; env; cat /etc/hosts; cat /proc/self/status; exit 3"),
    );
    println!("{}", ended.output);
    assert_eq!(ended.code(), 3);
}
