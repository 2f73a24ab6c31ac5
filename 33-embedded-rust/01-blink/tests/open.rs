//! TODO: the open tests.
