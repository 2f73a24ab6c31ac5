//! A ring's file in memory, as one of its ends sees it.

use std::fs::File;

use super::control::{Claim, Control, Shared};
use super::futex::FutexWord;
use super::layout::Layout;
use crate::member::Side;
use crate::queue::{OpenError, RecvError};

/// The mapped file, and a place among its ends. All addresses are in pages that stay mapped until this is dropped.
#[derive(Debug)]
pub struct Mapping {
    // The fields are yours.
}

impl Mapping {
    /// Maps a ring's file and takes a place on `side`. `file` has been opened to read and write, for this alone.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is no ring, [`OpenError::Busy`] when no place is free.
    pub fn new(file: File, side: Side) -> Result<Self, OpenError> {
        todo!("map {file:?} for {side:?}")
    }

    /// What the header said when it was read.
    pub fn layout(&self) -> &Layout {
        todo!("what the header said")
    }

    /// This end's number on its side.
    pub fn id(&self) -> u32 {
        todo!("the number of its place")
    }
}

impl Shared for Mapping {
    type Word = FutexWord;

    fn control(&self) -> &Control<FutexWord> {
        todo!("the words")
    }

    fn write(&self, claim: Claim, message: &[u8]) {
        todo!("{} bytes to {claim:?}", message.len())
    }

    fn read(&self, claim: Claim, buffer: &mut [u8]) -> Result<usize, RecvError> {
        todo!("{claim:?} into {} bytes", buffer.len())
    }

    fn light_fence(&self) {
        todo!("the cheap half")
    }

    fn heavy_fence(&self) {
        todo!("the dear half")
    }

    fn spins(&self) -> u32 {
        todo!("more on two processors than on one")
    }

    fn pause(&self) {
        todo!("a little")
    }

    fn is_alive(&self, id: u32) -> bool {
        todo!("whether {id} is there")
    }

    fn has_peers(&self) -> bool {
        todo!("whether the other side is there")
    }
}
