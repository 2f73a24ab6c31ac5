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

use std::cmp::Reverse;
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
        let mut end = 0;
        let mut holes = Vec::new();
        for field in &self.fields {
            if field.offset > end {
                holes.push(Hole {
                    offset: end,
                    size: field.offset - end,
                });
            }
            end = field.offset + field.size;
        }
        holes
    }

    /// Bytes behind the last field, which keep the next element of an array aligned.
    pub fn tail(&self) -> usize {
        self.size - self.fields_end()
    }

    /// Bytes that belong to no field: holes and tail.
    pub fn padding(&self) -> usize {
        self.size - self.fields.iter().map(|field| field.size).sum::<usize>()
    }

    /// The same fields in the order that has the least padding under `repr(C)`: the strictest alignment first, and
    /// among equals the order that they have.
    pub fn reordered(&self) -> Self {
        let mut fields = self.fields.clone();
        fields.sort_by_key(|field| Reverse(field.align));
        let mut end = 0_usize;
        for field in &mut fields {
            field.offset = end.next_multiple_of(field.align);
            end = field.offset + field.size;
        }
        Self::new(self.name, end.next_multiple_of(self.align), self.align, fields)
    }

    /// Lines on which the fields `names` of element `index` lie; nothing when there is no such field.
    pub fn lines_of_record(&self, index: usize, names: &[&str]) -> Option<usize> {
        Some(self.lines(index..index + 1, &self.named(names)?))
    }

    /// Lines that a pass over `count` elements loads when it reads the fields `names` of each; nothing when there is
    /// no such field.
    pub fn lines_of_pass(&self, count: usize, names: &[&str]) -> Option<usize> {
        Some(self.lines(0..count, &self.named(names)?))
    }

    /// Where the last field ends.
    fn fields_end(&self) -> usize {
        self.fields.last().map_or(0, |field| field.offset + field.size)
    }

    /// The fields of these names that have bytes, in the order of their offsets.
    fn named(&self, names: &[&str]) -> Option<Vec<Field>> {
        let is_field = |name: &&str| self.fields.iter().any(|field| field.name == *name);
        names.iter().all(is_field).then(|| {
            let fields = self.fields.iter().filter(|field| names.contains(&field.name));
            fields.filter(|field| field.size > 0).copied().collect()
        })
    }

    /// Lines of `fields`, which are in the order of their offsets, in these elements.
    fn lines(&self, elements: std::ops::Range<usize>, fields: &[Field]) -> usize {
        let mut count = 0;
        // Addresses only grow, so a line that was counted lies before this one.
        let mut next = 0;
        for index in elements {
            for field in fields {
                let start = index * self.size + field.offset;
                let first = (start / LINE_BYTES).max(next);
                let end = (start + field.size - 1) / LINE_BYTES + 1;
                count += end.saturating_sub(first);
                next = next.max(end);
            }
        }
        count
    }
}

impl fmt::Display for StructLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name, size, align, ..
        } = self;
        write!(
            f,
            "{name}: {size} bytes, align {align}, {} of padding",
            self.padding()
        )?;
        write!(f, "\noffset  size  align  field")?;
        let hole = |f: &mut fmt::Formatter<'_>, from: usize, to: usize| match to - from {
            0 => Ok(()),
            size => write!(f, "\n{from:>6}  {size:>4}         -"),
        };
        let mut end = 0;
        for field in &self.fields {
            hole(f, end, field.offset)?;
            let Field {
                name,
                offset,
                size,
                align,
            } = field;
            write!(f, "\n{offset:>6}  {size:>4}  {align:>5}  {name}")?;
            end = offset + size;
        }
        hole(f, end, self.size)
    }
}
