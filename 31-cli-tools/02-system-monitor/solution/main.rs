//! The program: everything it does is in the library.

fn main() -> std::process::ExitCode {
    system_monitor_solution::main()
}
