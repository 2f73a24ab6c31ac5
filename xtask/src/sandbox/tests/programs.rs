//! Programs that a course runs.
