//! Values, slices and strings in an arena: each reserves a block, fills it, and lends it.
//!
//! Room is reserved before a closure runs. The closure may allocate in the same arena, and when it panics its
//! room is lost until the reset and nothing else happens.

use crate::{AllocError, Bump};

#[allow(
    clippy::mut_from_ref,
    reason = "every call lends bytes that it has just taken, and never again"
)]
impl Bump {
    /// Moves `value` into the arena. Its destructor will not run.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc`] fails.
    #[inline(always)]
    pub fn alloc<T>(&self, value: T) -> &mut T {
        self.alloc_with(|| value)
    }

    /// As [`Bump::alloc`].
    ///
    /// # Errors
    /// [`AllocError`]; `value` is dropped.
    #[inline(always)]
    pub fn try_alloc<T>(&self, value: T) -> Result<&mut T, AllocError> {
        self.try_alloc_with(|| value)
    }

    /// Puts what `make` returns into the arena. A large value is made in its place, as far as the compiler
    /// manages, and not copied there.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_with`] fails.
    #[inline(always)]
    pub fn alloc_with<T, F: FnOnce() -> T>(&self, make: F) -> &mut T {
        todo!("call {} for a value", std::any::type_name_of_val(&make))
    }

    /// As [`Bump::alloc_with`].
    ///
    /// # Errors
    /// [`AllocError`]; `make` is not called.
    #[inline(always)]
    pub fn try_alloc_with<T, F: FnOnce() -> T>(&self, make: F) -> Result<&mut T, AllocError> {
        todo!("call {} for a value", std::any::type_name_of_val(&make))
    }

    /// Copies `source` into the arena.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_slice_copy`] fails.
    #[inline]
    pub fn alloc_slice_copy<T: Copy>(&self, source: &[T]) -> &mut [T] {
        todo!("copy {} values", source.len())
    }

    /// As [`Bump::alloc_slice_copy`].
    ///
    /// # Errors
    /// [`AllocError`].
    #[inline]
    pub fn try_alloc_slice_copy<T: Copy>(&self, source: &[T]) -> Result<&mut [T], AllocError> {
        todo!("copy {} values", source.len())
    }

    /// A slice of `len` values: `make(0)`, `make(1)` and so on, in this order.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_slice_fill_with`] fails.
    #[inline]
    pub fn alloc_slice_fill_with<T, F: FnMut(usize) -> T>(&self, len: usize, make: F) -> &mut [T] {
        todo!("call {} for {len} values", std::any::type_name_of_val(&make))
    }

    /// As [`Bump::alloc_slice_fill_with`].
    ///
    /// # Errors
    /// [`AllocError`], also when the size of the slice overflows; `make` is not called.
    #[inline]
    pub fn try_alloc_slice_fill_with<T, F: FnMut(usize) -> T>(
        &self,
        len: usize,
        make: F,
    ) -> Result<&mut [T], AllocError> {
        todo!("call {} for {len} values", std::any::type_name_of_val(&make))
    }

    /// Copies `text` into the arena.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_str`] fails.
    #[inline]
    pub fn alloc_str(&self, text: &str) -> &mut str {
        todo!("copy {text:?}")
    }

    /// As [`Bump::alloc_str`].
    ///
    /// # Errors
    /// [`AllocError`].
    #[inline]
    pub fn try_alloc_str(&self, text: &str) -> Result<&mut str, AllocError> {
        todo!("copy {text:?}")
    }
}
