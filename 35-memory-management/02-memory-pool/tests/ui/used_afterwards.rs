//! What was borrowed from a value cannot be used when its slot has been returned.
use memory_pool::{Handle, Pool};

fn main() {
    let pool = Pool::new();
    let handle = pool.insert(String::from("here"));
    let text: &str = handle.as_str();
    drop(handle);
    println!("{text}");

    let handle = pool.insert(String::from("there"));
    let taken = Handle::into_inner(handle);
    println!("{taken}");
    drop(handle);
}
