//! Sections: those that the loader or the linker acts on, and those that rustc never makes of itself.

use object::elf::{SHF_EXECINSTR, SHF_WRITE, SHT_FINI_ARRAY, SHT_INIT_ARRAY, SHT_PREINIT_ARRAY, STT_SECTION};
use object::read::elf::ElfFile64;
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget, SectionFlags, SymbolFlags};

use super::{Finding, What};

/// Sections whose contents run before `main`, with any ending behind a dot.
const CONSTRUCTORS: [&str; 4] = [".init_array", ".preinit_array", ".ctors", ".init"];

/// Sections whose contents run when the process ends.
const DESTRUCTORS: [&str; 3] = [".fini_array", ".dtors", ".fini"];

/// What rustc and LLVM make, with any ending behind a dot. `link_section` can name these too, and then does no more
/// than they do.
const ORDINARY: [&str; 23] = [
    ".text",
    ".rodata",
    ".data",
    ".bss",
    ".tdata",
    ".tbss",
    ".lrodata",
    ".ldata",
    ".lbss",
    ".ltext",
    ".eh_frame",
    ".gcc_except_table",
    ".note.GNU-stack",
    ".note.gnu.property",
    ".comment",
    ".strtab",
    ".symtab",
    ".symtab_shndx",
    ".shstrtab",
    ".group",
    ".llvmbc",
    ".llvmcmd",
    ".rmeta",
];

/// The section through which unwinding finds Rust's personality routine.
const PERSONALITY: &str = ".data.DW.ref.rust_eh_personality";

/// How a program on x86-64 speaks to valgrind: rotations of `rdi` that leave it as it was (valgrind.h). It could stop
/// the count of its instructions with them.
const CLIENT_REQUEST: [u8; 16] = [
    0x48, 0xc1, 0xc7, 0x03, 0x48, 0xc1, 0xc7, 0x0d, 0x48, 0xc1, 0xc7, 0x3d, 0x48, 0xc1, 0xc7, 0x33,
];

/// What is to be said about the sections of one member.
pub fn findings(object: &ElfFile64<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in object.sections() {
        let name = String::from_utf8_lossy(section.name_bytes().unwrap_or(b"unreadable")).into_owned();
        let SectionFlags::Elf { sh_flags } = section.flags() else {
            continue;
        };
        let has = |flag: u32| sh_flags & u64::from(flag) != 0;
        let kind = section.elf_section_header().sh_type.get(object.endian());
        let what = if is_one_of(&name, &CONSTRUCTORS) || [SHT_INIT_ARRAY, SHT_PREINIT_ARRAY].contains(&kind) {
            What::Constructor
        } else if is_one_of(&name, &DESTRUCTORS) || kind == SHT_FINI_ARRAY {
            What::Destructor
        } else if name == ".note.GNU-stack" && has(SHF_EXECINSTR) {
            What::ExecutableStack
        } else if has(SHF_WRITE) && has(SHF_EXECINSTR) {
            What::WritableCode
        } else if has(SHF_EXECINSTR) && speaks_to_valgrind(&section) {
            What::ClientRequest
        } else if !is_ordinary(&name) {
            What::Section
        } else if name == PERSONALITY && !is_rusts_personality(object, &section) {
            What::Personality
        } else {
            continue;
        };
        findings.push(Finding::new(what, name));
    }
    findings
}

fn speaks_to_valgrind<'data>(section: &impl ObjectSection<'data>) -> bool {
    section
        .data()
        .is_ok_and(|code| memchr::memmem::find(code, &CLIENT_REQUEST).is_some())
}

fn is_ordinary(name: &str) -> bool {
    let name = name
        .strip_prefix(".rela")
        .filter(|rest| rest.starts_with('.'))
        .unwrap_or(name);
    name.is_empty() || is_one_of(name, &ORDINARY) || name.starts_with(".debug_")
}

/// Whether the name is one of `names`, or one of them with an ending: `.text.f`.
fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| {
        name.strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Whether the pointer in the section is to the routine that the standard library defines, and to nothing else.
fn is_rusts_personality<'data>(object: &ElfFile64<'data>, section: &impl ObjectSection<'data>) -> bool {
    section.relocations().all(|(_, relocation)| {
        let RelocationTarget::Symbol(index) = relocation.target() else {
            return false;
        };
        object.symbol_by_index(index).is_ok_and(|symbol| {
            let is_section =
                matches!(symbol.flags(), SymbolFlags::Elf { st_info, .. } if st_info & 0xf == STT_SECTION);
            symbol.is_undefined() && !is_section && symbol.name_bytes() == Ok(b"rust_eh_personality")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_with_its_endings_and_not_by_its_beginning() {
        for name in [
            ".text",
            ".text.unlikely.f",
            ".rela.text.f",
            ".debug_info",
            ".rela.debug_line",
        ] {
            assert!(is_ordinary(name), "{name}");
        }
        for name in [".textual", ".deplibs", "interp", ".interp", ".rela", ".note.evil"] {
            assert!(!is_ordinary(name), "{name}");
        }
        assert!(is_one_of(".init_array.00099", &CONSTRUCTORS));
        assert!(!is_one_of(".initial", &CONSTRUCTORS));
    }
}
