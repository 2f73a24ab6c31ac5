//! Links the firmware: `memory.x` says where flash and RAM lie, `link.x` of cortex-m-rt uses it.
//!
//! On the host there is nothing to do: the program is a stub there.

use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=../memory.x");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a directory for the output"));
    std::fs::write(out.join("memory.x"), include_bytes!("../memory.x"))
        .expect("the output directory takes a file");
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
}
