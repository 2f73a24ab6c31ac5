//! What a pool is for: values that own each other, move into other owners, and go one by one.
use memory_pool::{Handle, Pool};

struct Node<'pool> {
    name: String,
    children: Vec<Handle<'pool, Node<'pool>>>,
}

fn grow<'pool>(pool: &'pool Pool<Node<'pool>>, depth: usize) -> Handle<'pool, Node<'pool>> {
    let children = (0..depth).map(|below| grow(pool, below)).collect();
    pool.insert(Node { name: format!("depth {depth}"), children })
}

fn count(node: &Node<'_>) -> usize {
    1 + node.children.iter().map(|child| count(child)).sum::<usize>()
}

fn main() {
    let pool = Pool::new();
    let mut root = grow(&pool, 6);
    assert_eq!((count(&root), pool.statistics().live), (64, 64));
    let branch = root.children.pop().expect("the root has children");
    assert_eq!((count(&root), count(&branch)), (32, 32));
    drop(root);
    assert_eq!((branch.name.as_str(), pool.statistics().live), ("depth 5", 32));
    let node = Handle::into_inner(branch);
    assert_eq!((node.children.len(), pool.statistics().live), (5, 31));
    drop(node);
    assert_eq!(pool.statistics().live, 0);
}
