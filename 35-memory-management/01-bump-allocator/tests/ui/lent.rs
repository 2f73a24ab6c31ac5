//! References live together with the arena, and the next round begins after the last of them.
use bump_allocator::Bump;

struct Node<'arena> {
    name: &'arena str,
    next: Option<&'arena Node<'arena>>,
}

fn list<'arena>(arena: &'arena Bump, names: &[&str]) -> Option<&'arena Node<'arena>> {
    let mut head = None;
    for name in names {
        let node: &Node = arena.alloc(Node { name: arena.alloc_str(name), next: head });
        head = Some(node);
    }
    head
}

fn main() {
    let mut arena = Bump::new();
    for _ in 0..3 {
        let head = list(&arena, &["third", "second", "first"]).expect("three nodes");
        let second = head.next.expect("two more nodes");
        assert_eq!((head.name, second.name), ("first", "second"));
        arena.reset();
    }
}
