//! Symbols that a library defines for others: only mangled names of its own, and of generic code it instantiates.
//!
//! A mangled name proves little by itself, since `export_name` writes any: names that begin in a crate which no learner's
//! library can instantiate code of, the tests' and their harness's, are found all the same, and a second definition of
//! what the standard library defines does not link.

use object::elf::{STB_GLOBAL, STB_LOCAL, STB_WEAK, STT_GNU_IFUNC};
use object::read::elf::ElfFile64;
use object::{Object, ObjectSymbol, SymbolFlags};

use super::{Finding, What};

/// What the compiler itself defines without mangling, weak and hidden: the pointer to the personality routine.
const COMPILERS: [&str; 1] = ["DW.ref.rust_eh_personality"];

/// Crates that are linked beside a learner's library and never below it.
const TESTS: [&str; 5] = ["phase7", "test", "open", "hidden", "phase7_macros"];

/// The path of the functions that rustc makes up between a program and its allocator or panic runtime.
const RUSTC: &str = "_7___rustc";

/// What is to be said about the symbols of one member.
pub fn findings(object: &ElfFile64<'_>) -> Vec<Finding> {
    let judged = object.symbols().filter_map(|symbol| {
        let SymbolFlags::Elf { st_info, .. } = symbol.flags() else {
            return None;
        };
        let name = String::from_utf8_lossy(symbol.name_bytes().unwrap_or(b"unreadable")).into_owned();
        let what = judge(&name, st_info >> 4, st_info & 0xf, symbol.is_undefined())?;
        Some(Finding::new(what, name))
    });
    judged.collect()
}

/// What a symbol of this binding and type means, if anything.
fn judge(name: &str, binding: u8, kind: u8, is_undefined: bool) -> Option<What> {
    if kind == STT_GNU_IFUNC {
        return Some(What::Ifunc);
    }
    if ![STB_LOCAL, STB_GLOBAL, STB_WEAK].contains(&binding) {
        return Some(What::Binding);
    }
    if binding == STB_LOCAL || is_undefined || COMPILERS.contains(&name) {
        return None;
    }
    if !is_mangled(name) {
        return Some(What::Unmangled);
    }
    if name.starts_with("_R") && name.contains(RUSTC) {
        let is_allocator = name.contains("___rust_alloc")
            || ["_dealloc", "_realloc", "no_alloc_shim"]
                .iter()
                .any(|part| name.contains(part));
        return Some(if is_allocator {
            What::Allocator
        } else {
            What::Runtime
        });
    }
    is_of_tests(name).then_some(What::Harness)
}

/// Whether the compiler could have made the name: `_ZN…17h<16 hex digits>E`, `_R…`, or a constant it promoted.
fn is_mangled(name: &str) -> bool {
    let plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_$.".contains(&byte))
    };
    // ThinLTO within a crate adds an ending to what it makes visible between codegen units.
    let (stem, ending) = name.split_once(".llvm.").unwrap_or((name, "0"));
    let is_legacy = stem
        .strip_prefix("_ZN")
        .and_then(|rest| rest.strip_suffix('E'))
        .and_then(|path| path.split_at_checked(path.len().checked_sub(19)?))
        .is_some_and(|(_, hash)| {
            hash.strip_prefix("17h")
                .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        });
    let is_v0 = stem
        .strip_prefix("_R")
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()));
    let is_constant = stem
        .strip_prefix("anon.")
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'.'));
    (is_legacy || is_v0 || is_constant) && plain(stem) && ending.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the path begins in one of the crates of [`TESTS`].
fn is_of_tests(name: &str) -> bool {
    TESTS.iter().any(|krate| {
        let first = format!("{}{krate}", krate.len());
        // `_ZN6phase7…` for a function; `…$LT$phase7..evidence..` for an implementation's type or trait.
        let is_legacy = name.strip_prefix("_ZN").is_some_and(|path| {
            path.strip_prefix(&first)
                .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
                || path.contains(&format!("_$LT${krate}.."))
        });
        // `Cs<hash>_6phase7`: the root of a crate.
        let is_v0 = name.starts_with("_R")
            && name.split("Cs").skip(1).any(|root| {
                let root = root.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
                root.strip_prefix('_')
                    .and_then(|root| root.strip_prefix(&first))
                    .is_some_and(|rest| {
                        !rest.starts_with(|next: char| next.is_ascii_lowercase() || next == '_')
                    })
            });
        is_legacy || is_v0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defined(name: &str) -> Option<What> {
        judge(name, STB_GLOBAL, 2, false)
    }

    #[test]
    fn names_that_rustc_makes_are_let_be() {
        for name in [
            "_ZN4core3ptr42drop_in_place$LT$alloc..string..String$GT$17h3286a5e572f96217E",
            "_ZN4sums4test6hidden17h3286a5e572f96217E",
            "_ZN60_$LT$sums..phase7..Cell$u20$as$u20$core..fmt..Debug$GT$3fmt17h3286a5e572f96217E",
            "_RNvCsfLfy6EI15iL_4sums3add",
            "anon.15452cf03563ea45bb503d2a0f418dfa.11.llvm.123456",
            "DW.ref.rust_eh_personality",
        ] {
            assert_eq!(defined(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_only_look_mangled_are_not() {
        for name in [
            "_ZNE",
            "_ZN4exitE",
            "_Rogue",
            "_ZN4core17h00E@@GLIBC_2.2.5",
            "_",
            "",
            "main",
        ] {
            assert_eq!(defined(name), Some(What::Unmangled), "{name}");
        }
    }

    #[test]
    fn the_tests_and_the_runtime_keep_their_names() {
        assert_eq!(
            defined("_ZN6phase78evidence8Evidence8complete17h3286a5e572f96217E"),
            Some(What::Harness)
        );
        assert_eq!(
            defined("_RNvNtCsfLfy6EI15iL_6phase78evidence5begin"),
            Some(What::Harness)
        );
        assert_eq!(
            defined("_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc"),
            Some(What::Allocator)
        );
        assert_eq!(
            defined("_RNvCsfLfy6EI15iL_7___rustc17rust_begin_unwind"),
            Some(What::Runtime)
        );
    }
}
