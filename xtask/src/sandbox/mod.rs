//! What holds a submission in while it is compiled and while it runs.
