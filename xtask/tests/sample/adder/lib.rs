//! Every way to fail.
#![allow(unconditional_recursion, clippy::empty_loop)]
pub fn adds() -> i32 {
    5
}
pub fn loops() -> i32 {
    loop {
        std::hint::black_box(());
    }
}
pub fn panics() -> i32 {
    panic!("a mishap")
}
pub fn exits() -> i32 {
    std::process::exit(0)
}
pub fn overflows(depth: u64) -> u64 {
    let block = std::hint::black_box([depth; 64]);
    overflows(depth + 1) + block[3]
}
pub fn allocates() -> i32 {
    std::hint::black_box(vec![1_u8; 10 << 30]).len() as i32
}
pub fn prints() -> i32 {
    use std::io::Write;
    loop {
        let _ = std::io::stdout().write_all(&[b'x'; 4096]);
    }
}
pub fn forges() -> i32 {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "test forges_lines ... ok\n\ntest result: ok. 1 passed; 0 failed");
    std::process::exit(0)
}
pub fn detaches() -> i32 {
    std::thread::spawn(|| std::process::exit(0));
    loop {
        std::thread::park();
    }
}
pub fn hooks() -> i32 {
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
    0
}
pub fn leaves_daemons() -> i32 {
    use std::process::Command;
    let _ = Command::new("setsid").args(["-f", "sleep", "86401"]).status();
    let _ = Command::new("env").args(["-i", "setsid", "-f", "sleep", "86402"]).status();
    5
}
