//! The program: everything it does is in the library.

fn main() -> std::process::ExitCode {
    process_supervisor_solution::main()
}
