//! Submissions in, whatever their form.
