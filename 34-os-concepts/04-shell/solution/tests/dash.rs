//! For authors: the scripts of the tests, held against the `dash` of this machine.
//!
//! What the scripts must print stands in their files, so that the tests need no other shell. It was recorded from `dash`
//! 0.5.12; this test says where the one that is here differs, and passes where there is none.

use std::path::Path;

use phase7::Scratch;

#[path = "../../tests/support/mod.rs"]
mod support;

/// Every script prints what its file says, and ends so.
#[test]
fn dash_agrees_with_the_recorded_output() {
    if !Path::new("/bin/dash").exists() {
        return;
    }
    let mut differences = Vec::new();
    for directory in ["../tests/scripts", "../hidden/scripts"] {
        let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(directory));
        for entry in entries.expect("the scripts are there") {
            let text = std::fs::read_to_string(entry.expect("an entry can be read").path());
            for case in support::cases(&text.expect("a script is text")) {
                let scratch = Scratch::new();
                scratch.write("script.sh", &case.script);
                std::fs::create_dir(scratch.join("work")).expect("a directory can be made");
                let output = phase7::Program::new("/bin/dash")
                    .arg("../script.sh")
                    .dir(scratch.join("work"))
                    .env("PATH", "/usr/bin:/bin")
                    .env("HOME", "/nowhere")
                    .env("LC_ALL", "C")
                    .stdin("")
                    .run();
                if (output.stdout(), output.code()) != (case.stdout.clone(), case.status) {
                    differences.push(format!(
                        "{}: {:?}, status {}",
                        case.name,
                        output.stdout(),
                        output.code()
                    ));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
