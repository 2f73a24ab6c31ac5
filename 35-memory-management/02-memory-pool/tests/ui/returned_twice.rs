//! A slot is returned once: a handle can neither be given away twice nor copied.
use memory_pool::Pool;

fn main() {
    let mut pool = Pool::new();
    let handle = pool.insert(7);
    drop(handle);
    drop(handle);

    let handle = pool.insert(8);
    println!("{} leaked", pool.leaked());
    drop(handle);
}
