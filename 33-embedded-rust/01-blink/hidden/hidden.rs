//! TODO: the hidden tests.
