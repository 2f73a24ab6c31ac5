//! A handle cannot outlive its pool.
use memory_pool::Pool;

fn main() {
    let handle = {
        let pool = Pool::new();
        pool.insert(7)
    };
    println!("{}", *handle);

    let leaked: &mut u16;
    {
        let pool = Pool::new();
        leaked = memory_pool::Handle::leak(pool.insert(1));
    }
    *leaked += 1;
}
