//! Equal to everything.
#[derive(Debug)]
pub struct Number(pub u8);
impl PartialEq for Number {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
