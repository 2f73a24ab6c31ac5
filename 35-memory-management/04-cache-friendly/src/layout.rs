//! How a struct lies in memory: its fields, the holes between them, and the lines that they are on.
//!
//! [`layout_of!`](crate::layout_of) describes a type; [`StructLayout`] computes with the description and prints it:
//!
//! ```text
//! Careless: 24 bytes, align 8, 14 of padding
//! offset  size  align  field
//!      0     1      1  flag
//!      1     7         -
//!      8     8      8  count
//!     16     1      1  kind
//!     17     7         -
//! ```
//!
//! Lines are counted in an array of the struct that begins where a line begins.

use std::fmt;

use crate::LINE_BYTES;

/// A field: where it lies in its struct, and what its type needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Bytes from the start of the struct.
    pub offset: usize,
    /// Bytes that it takes.
    pub size: usize,
    /// What its offset is a multiple of.
    pub align: usize,
}

/// Bytes of a struct that belong to no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Bytes from the start of the struct.
    pub offset: usize,
    /// How many they are.
    pub size: usize,
}

/// A struct's size, alignment and fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructLayout {
    name: &'static str,
    size: usize,
    align: usize,
    /// In the order of their offsets. No two overlap, and all end at `size` or before.
    fields: Vec<Field>,
}

/// Describes a struct and the fields that are named: `layout_of!(Point: x, y)`.
///
/// All its fields must be named: what is left out looks like a hole.
#[macro_export]
macro_rules! layout_of {
    ($type:ty: $($field:ident),+ $(,)?) => {
        $crate::layout::StructLayout::new(
            stringify!($type),
            size_of::<$type>(),
            align_of::<$type>(),
            vec![$($crate::layout::Field::of(
                stringify!($field),
                std::mem::offset_of!($type, $field),
                |value: &$type| &value.$field,
            )),+],
        )
    };
}

impl Field {
    /// A field at `offset`, with size and alignment of the type that `read` returns; `read` is never called.
    pub fn of<T, F>(name: &'static str, offset: usize, read: fn(&T) -> &F) -> Self {
        let _ = read;
        Self {
            name,
            offset,
            size: size_of::<F>(),
            align: align_of::<F>(),
        }
    }
}

impl StructLayout {
    /// A description; the fields may come in any order.
    pub fn new(name: &'static str, size: usize, align: usize, mut fields: Vec<Field>) -> Self {
        // A field without bytes shares its offset with the one behind it, and comes first.
        fields.sort_by_key(|field| (field.offset, field.size));
        Self {
            name,
            size,
            align,
            fields,
        }
    }

    /// Bytes of the struct.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Its alignment.
    pub fn align(&self) -> usize {
        self.align
    }

    /// Its fields, in the order of their offsets.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The holes before and between fields, in the order of their offsets. What is behind the last field is
    /// [`StructLayout::tail`].
    pub fn holes(&self) -> Vec<Hole> {
        todo!("the bytes between {:?} that belong to none", self.fields)
    }

    /// Bytes behind the last field, which keep the next element of an array aligned.
    pub fn tail(&self) -> usize {
        todo!("the bytes of {} behind {:?}", self.size, self.fields.last())
    }

    /// Bytes that belong to no field: holes and tail.
    pub fn padding(&self) -> usize {
        todo!("the bytes of {} that belong to no field", self.name)
    }

    /// The same fields in the order that has the least padding under `repr(C)`: the strictest alignment first, and
    /// among equals the order that they have.
    pub fn reordered(&self) -> Self {
        todo!("the fields of {} with the strictest alignment first", self.name)
    }

    /// Lines on which the fields `names` of element `index` lie; nothing when there is no such field.
    pub fn lines_of_record(&self, index: usize, names: &[&str]) -> Option<usize> {
        todo!("lines of {names:?} in element {index}; a line has {LINE_BYTES} bytes")
    }

    /// Lines that a pass over `count` elements loads when it reads the fields `names` of each; nothing when there is
    /// no such field.
    pub fn lines_of_pass(&self, count: usize, names: &[&str]) -> Option<usize> {
        todo!("lines of {names:?} in {count} elements")
    }
}

impl fmt::Display for StructLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = f;
        todo!(
            "draw {}, {} bytes aligned to {}",
            self.name,
            self.size,
            self.align
        )
    }
}
