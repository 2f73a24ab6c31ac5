//! Four faults of unsafe code, to see what each tool says of it: `faults freed|past|unset|leaked`.
//!
//! ```text
//!           in a usual run                          memcheck                      AddressSanitizer
//! freed     prints whatever is there now            Invalid read … free'd         heap-use-after-free
//! past      prints the neighbour's bytes            Invalid read … 0 bytes after  heap-buffer-overflow
//! unset     one answer or the other                 Conditional jump … depends    says nothing: every read is allowed
//! leaked    all is well                             definitely lost               LeakSanitizer: direct leak
//! ```
//!
//! The faults are on purpose. Nothing of the course is built like this.

use std::alloc::{Layout, alloc};
use std::hint::black_box;
use std::process::ExitCode;

/// Bytes of each block.
const BYTES: usize = 40;

fn main() -> ExitCode {
    let fault = std::env::args().nth(1).unwrap_or_default();
    match fault.as_str() {
        "freed" => println!("{}", freed()),
        "past" => println!("{}", past()),
        "unset" => println!("{}", unset()),
        "leaked" => leaked(),
        _ => {
            eprintln!("usage: faults freed|past|unset|leaked");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Reads a block that was given back.
fn freed() -> u8 {
    let block = Box::new([7_u8; BYTES]);
    let pointer = black_box(block.as_ptr());
    drop(block);
    // SAFETY: none: the block is gone. This is the fault.
    unsafe { pointer.read() }
}

/// Reads one byte behind a block.
fn past() -> u8 {
    let block = Box::new([7_u8; BYTES]);
    let pointer = black_box(block.as_ptr());
    // SAFETY: none: the byte is not the block's. This is the fault.
    unsafe { pointer.add(BYTES).read() }
}

/// Decides by a byte that was never written.
fn unset() -> &'static str {
    let layout = Layout::new::<[u8; BYTES]>();
    // SAFETY: the layout has a size.
    let pointer = black_box(unsafe { alloc(layout) });
    // SAFETY: none: the memory is there, and has no value. This is the fault; that the block is lost is another.
    if unsafe { pointer.read() } > 100 {
        "large"
    } else {
        "small"
    }
}

/// Forgets where a block is. That is safe, and a fault all the same.
fn leaked() {
    black_box(Box::leak(Box::new([7_u8; BYTES])).as_ptr());
}
