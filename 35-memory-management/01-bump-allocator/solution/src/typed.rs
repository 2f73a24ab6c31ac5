//! Values, slices and strings in an arena: each reserves a block, fills it, and lends it.
//!
//! Room is reserved before a closure runs. The closure may allocate in the same arena, and when it panics its
//! room is lost until the reset and nothing else happens.

use std::alloc::Layout;
use std::ptr::NonNull;
use std::slice;

use crate::arena::failed;
use crate::{AllocError, Bump};

#[expect(
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
        let place = self.alloc_layout(Layout::new::<T>()).cast::<T>();
        // SAFETY: the block is new, aligned, and has the size of a `T`.
        unsafe { fill(place, make) }
    }

    /// As [`Bump::alloc_with`].
    ///
    /// # Errors
    /// [`AllocError`]; `make` is not called.
    #[inline(always)]
    pub fn try_alloc_with<T, F: FnOnce() -> T>(&self, make: F) -> Result<&mut T, AllocError> {
        let place = self.try_alloc_layout(Layout::new::<T>())?.cast::<T>();
        // SAFETY: the block is new, aligned, and has the size of a `T`.
        Ok(unsafe { fill(place, make) })
    }

    /// Copies `source` into the arena.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_slice_copy`] fails.
    #[inline]
    pub fn alloc_slice_copy<T: Copy>(&self, source: &[T]) -> &mut [T] {
        let place = self.alloc_layout(Layout::for_value(source)).cast::<T>();
        // SAFETY: the block is new, and has the size and alignment of the source.
        unsafe { copy(place, source) }
    }

    /// As [`Bump::alloc_slice_copy`].
    ///
    /// # Errors
    /// [`AllocError`].
    #[inline]
    pub fn try_alloc_slice_copy<T: Copy>(&self, source: &[T]) -> Result<&mut [T], AllocError> {
        let place = self.try_alloc_layout(Layout::for_value(source))?.cast::<T>();
        // SAFETY: the block is new, and has the size and alignment of the source.
        Ok(unsafe { copy(place, source) })
    }

    /// A slice of `len` values: `make(0)`, `make(1)` and so on, in this order.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_slice_fill_with`] fails.
    #[inline]
    pub fn alloc_slice_fill_with<T, F: FnMut(usize) -> T>(&self, len: usize, make: F) -> &mut [T] {
        match self.try_alloc_slice_fill_with(len, make) {
            Ok(slice) => slice,
            Err(error) => failed(error),
        }
    }

    /// As [`Bump::alloc_slice_fill_with`].
    ///
    /// # Errors
    /// [`AllocError`], also when the size of the slice overflows; `make` is not called.
    #[inline]
    pub fn try_alloc_slice_fill_with<T, F: FnMut(usize) -> T>(
        &self,
        len: usize,
        mut make: F,
    ) -> Result<&mut [T], AllocError> {
        let layout = Layout::array::<T>(len).map_err(|_| AllocError::SizeOverflow)?;
        let place = self.try_alloc_layout(layout)?.cast::<T>();
        for index in 0..len {
            // SAFETY: the block is new, aligned, and has room for `len` values, of which this is one. A panic
            // in `make` leaves values behind that nobody reads or drops.
            unsafe { place.add(index).write(make(index)) };
        }
        // SAFETY: all `len` values have been written.
        Ok(unsafe { slice::from_raw_parts_mut(place.as_ptr(), len) })
    }

    /// Copies `text` into the arena.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_str`] fails.
    #[inline]
    pub fn alloc_str(&self, text: &str) -> &mut str {
        let bytes = self.alloc_slice_copy(text.as_bytes());
        // SAFETY: the bytes are a copy of a string's.
        unsafe { str::from_utf8_unchecked_mut(bytes) }
    }

    /// As [`Bump::alloc_str`].
    ///
    /// # Errors
    /// [`AllocError`].
    #[inline]
    pub fn try_alloc_str(&self, text: &str) -> Result<&mut str, AllocError> {
        let bytes = self.try_alloc_slice_copy(text.as_bytes())?;
        // SAFETY: the bytes are a copy of a string's.
        Ok(unsafe { str::from_utf8_unchecked_mut(bytes) })
    }
}

/// Writes what `make` returns to `place`, and lends it.
///
/// # Safety
/// `place` is aligned, has the size of a `T`, and is nobody else's as long as `'a`.
#[inline(always)]
unsafe fn fill<'a, T>(place: NonNull<T>, make: impl FnOnce() -> T) -> &'a mut T {
    // SAFETY: the caller's promise.
    unsafe {
        place.write(make());
        &mut *place.as_ptr()
    }
}

/// Copies `source` to `place`, and lends the copy.
///
/// # Safety
/// `place` has the size and alignment of `source`, does not overlap it, and is nobody else's as long as `'a`.
#[inline(always)]
unsafe fn copy<'a, T: Copy>(place: NonNull<T>, source: &[T]) -> &'a mut [T] {
    // SAFETY: the caller's promise; a copy of initialised values initialises the place.
    unsafe {
        place.copy_from_nonoverlapping(NonNull::from_ref(source).cast::<T>(), source.len());
        slice::from_raw_parts_mut(place.as_ptr(), source.len())
    }
}
