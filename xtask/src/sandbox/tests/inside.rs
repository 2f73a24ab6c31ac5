//! What runs inside: system calls that a submission might try. Each is started by a test of another module.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::path::Path;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::support::INSIDE;

/// Declares functions that do something only inside.
macro_rules! inside {
    ($(fn $name:ident() $body:block)*) => {$(
        #[test]
        #[ignore = "runs inside the sandbox"]
        fn $name() {
            if std::env::var_os(INSIDE).is_some() $body
        }
    )*};
}

/// What a raw system call answered.
fn call(number: libc::c_long, arguments: [libc::c_long; 3]) -> Result<libc::c_long, Errno> {
    let [one, two, three] = arguments;
    // SAFETY: every call made through this is refused before it reads an argument, or takes numbers only.
    Errno::result(unsafe { libc::syscall(number, one, two, three, 0, 0) })
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("the outer test sets it")
}

inside! {
    fn nothing() {}

    fn no_programs() {
        for path in ["/bin/sh", "/usr/bin/env", "/usr/bin/python3", "/proc/self/exe"] {
            assert!(!Path::new(path).exists(), "{path}");
        }
        assert!(std::process::Command::new("true").status().is_err());
    }

    fn first_path_is_seen_and_second_is_not() {
        std::fs::read(variable("SEEN")).unwrap();
        let error = std::fs::read(variable("HIDDEN")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    fn devices() {
        let mut bytes = [1; 8];
        std::fs::File::open("/dev/zero").unwrap().read_exact(&mut bytes).unwrap();
        assert_eq!(bytes, [0; 8]);
        for name in ["random", "urandom"] {
            std::fs::File::open(format!("/dev/{name}")).unwrap().read_exact(&mut bytes).unwrap();
        }
        std::fs::write("/dev/null", "gone").unwrap();
        assert_eq!(std::fs::write("/dev/full", "x").unwrap_err().kind(), ErrorKind::StorageFull);
        std::fs::write("/dev/shm/x", "x").unwrap();
        let names: Vec<_> = std::fs::read_dir("/dev").unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 10, "{names:?}");
        assert_eq!(std::fs::read_dir("/dev/mqueue").unwrap().count(), 0, "queues of somebody else's");
    }

    fn a_terminal() {
        let master = nix::pty::posix_openpt(nix::fcntl::OFlag::O_RDWR).unwrap();
        nix::pty::grantpt(&master).unwrap();
        nix::pty::unlockpt(&master).unwrap();
        let name = nix::pty::ptsname_r(&master).unwrap();
        assert_eq!(name, "/dev/pts/0");
        let mut slave = std::fs::File::options().read(true).write(true).open(name).unwrap();
        slave.write_all(b"hello").unwrap();
        let mut bytes = [0; 5];
        let mut master = std::fs::File::from(std::os::fd::OwnedFd::from(master));
        master.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"hello");
        // The process leads a session, so this becomes its controlling terminal.
        // SAFETY: the request takes a number.
        assert_eq!(unsafe { libc::ioctl(slave.as_raw_fd(), libc::TIOCSCTTY, 0) }, 0);
        std::fs::File::open("/dev/tty").unwrap();
        // SAFETY: the request reads the byte, which lives through the call.
        let typed = Errno::result(unsafe { libc::ioctl(slave.as_raw_fd(), libc::TIOCSTI, b"x".as_ptr()) });
        assert_eq!(typed, Err(Errno::EPERM));
        // Closing it would hang up on this session.
        std::mem::forget(master);
    }

    fn own_loopback() {
        let machine = variable("ADDRESSES");
        for address in machine.split(' ').chain(["localhost:0"]) {
            let listener = TcpListener::bind(address).unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut server, _) = listener.accept().unwrap();
            client.write_all(b"ping").unwrap();
            let mut bytes = [0; 4];
            server.read_exact(&mut bytes).unwrap();
            assert_eq!(&bytes, b"ping");
        }
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.send_to(b"x", socket.local_addr().unwrap()).unwrap();
        assert_eq!(socket.recv(&mut [0; 4]).unwrap(), 1);
    }

    fn the_host_is_not_there() {
        let error = TcpStream::connect(variable("ADDRESS")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let error = TcpStream::connect("192.0.2.1:80").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NetworkUnreachable);
        let vsock = call(libc::SYS_socket, [libc::AF_VSOCK.into(), libc::SOCK_STREAM.into(), 0]);
        assert_eq!(vsock, Err(Errno::EPERM));
    }

    fn an_abstract_socket_of_the_host_is_not_there() {
        use std::os::linux::net::SocketAddrExt;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(variable("NAME")).unwrap();
        std::os::unix::net::UnixStream::connect_addr(&address).unwrap_err();
    }

    fn signals_stay_inside() {
        let outside: i32 = variable("OUTSIDE").parse().unwrap();
        let error = kill(Pid::from_raw(outside), Signal::SIGKILL).unwrap_err();
        assert!(matches!(error, Errno::ESRCH | Errno::EPERM), "{error}");
        // Neither the init nor anything outside is ended by this; the test goes on.
        let _ = kill(Pid::from_raw(1), Signal::SIGKILL);
        let _ = kill(Pid::from_raw(-1), Signal::SIGKILL);
    }

    fn calls_are_refused() {
        let refused = [
            ("ptrace", libc::SYS_ptrace, [libc::PTRACE_TRACEME.into(), 0, 0]),
            ("process_vm_readv", libc::SYS_process_vm_readv, [1, 0, 0]),
            ("process_vm_writev", libc::SYS_process_vm_writev, [1, 0, 0]),
            ("pidfd_getfd", libc::SYS_pidfd_getfd, [0, 0, 0]),
            ("unshare", libc::SYS_unshare, [libc::CLONE_NEWUSER.into(), 0, 0]),
            ("setns", libc::SYS_setns, [0, 0, 0]),
            ("mount", libc::SYS_mount, [0, 0, 0]),
            ("umount2", libc::SYS_umount2, [0, 0, 0]),
            ("fsopen", libc::SYS_fsopen, [0, 0, 0]),
            ("chroot", libc::SYS_chroot, [0, 0, 0]),
            ("bpf", libc::SYS_bpf, [0, 0, 0]),
            ("io_uring_setup", libc::SYS_io_uring_setup, [1, 0, 0]),
            ("keyctl", libc::SYS_keyctl, [0, 0, 0]),
            ("shmget", libc::SYS_shmget, [0, 4096, 0]),
            ("memfd_create", libc::SYS_memfd_create, [0, 0, 0]),
            ("clone", libc::SYS_clone, [(libc::CLONE_NEWUSER | libc::SIGCHLD).into(), 0, 0]),
            ("clone", libc::SYS_clone, [(libc::CLONE_NEWNET | libc::SIGCHLD).into(), 0, 0]),
            ("prctl", libc::SYS_prctl, [libc::PR_SET_DUMPABLE.into(), 1, 0]),
        ];
        for (name, number, arguments) in refused {
            assert_eq!(call(number, arguments), Err(Errno::EPERM), "{name}");
        }
        assert_eq!(call(libc::SYS_clone3, [0, 0, 0]), Err(Errno::ENOSYS));
        assert_eq!(call(libc::SYS_prctl, [libc::PR_SET_DUMPABLE.into(), 0, 0]), Ok(0));
        // What exercises use stays.
        std::thread::spawn(|| ()).join().unwrap();
        std::process::Command::new("/nowhere").spawn().unwrap_err();
    }

    fn the_second_set_of_calls_does_not_exist() {
        // Only x86-64 has one; elsewhere the number is nothing.
        assert_eq!(call(0x4000_0000 + 39, [0, 0, 0]), Err(Errno::ENOSYS));
    }

    fn only_what_is_kept_is_open() {
        let kept: i32 = variable("KEPT").parse().unwrap();
        let open = |number: &i32| call(libc::SYS_fcntl, [(*number).into(), libc::F_GETFD.into(), 0]).is_ok();
        let numbers: Vec<_> = (0..1024).filter(open).collect();
        assert_eq!(numbers, [0, 1, 2, kept]);
    }

    fn memory_is_held() {
        let block = vec![1_u8; 64 << 20];
        println!("held {}", block.iter().map(|byte| u64::from(*byte)).sum::<u64>());
        std::io::stdin().read_exact(&mut [0]).unwrap_err();
    }
}
