//! The program: everything it does is in the library. With `--given` as its first argument it is the program that was
//! given, as it was at the start, to measure yours beside.

#[path = "given/lib.rs"]
mod given;

fn main() -> std::process::ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match arguments.split_first() {
        Some((first, rest)) if first == "--given" => given::main(rest),
        _ => profile_and_optimize::main(&arguments),
    }
}
