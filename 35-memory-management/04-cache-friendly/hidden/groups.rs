//! All control bytes.

use cache_friendly::group::{Control, EMPTY, Group, Mask, Native, Portable, WIDTH};

use super::support::Numbers;

/// What the masks must be, byte by byte.
fn mask_by_definition(control: &Control, is_in: impl Fn(u8) -> bool) -> Mask {
    let bits = control
        .0
        .iter()
        .enumerate()
        .map(|(slot, byte)| u16::from(is_in(*byte)) << slot);
    Mask(bits.sum())
}

fn check(control: &Control, byte: u8) {
    fn masks<G: Group>(control: &Control, byte: u8) -> [Mask; 4] {
        let group = G::load(control);
        [group.matching(byte), group.free(), group.empty(), group.full()]
    }
    let wanted = [
        mask_by_definition(control, |held| held == byte),
        mask_by_definition(control, |held| held >= 128),
        mask_by_definition(control, |held| held == EMPTY),
        mask_by_definition(control, |held| held < 128),
    ];
    let what = format!("matching {byte:#x}, free, empty and full of {:x?}", control.0);
    assert_eq!(masks::<Portable>(control, byte), wanted, "portable: {what}");
    assert_eq!(masks::<Native>(control, byte), wanted, "native: {what}");
}

/// Neighbours that differ by one bit, and bytes of all kinds.
#[phase7::test(points = 3, rule = 12)]
fn no_byte_is_taken_for_another() {
    // A subtraction borrows from the next byte where one is zero: 0x01 behind a match looks like one.
    for byte in 0..=u8::MAX {
        for slot in 0..WIDTH - 1 {
            for near in [byte ^ 1, byte ^ 0x80, byte.wrapping_sub(1), byte.wrapping_add(1)] {
                let mut control = Control([near; WIDTH]);
                control.0[slot] = byte;
                check(&control, byte);
                control.0[slot + 1] = byte ^ 0x81;
                check(&control, byte);
            }
        }
    }
    let mut numbers = Numbers(5);
    for _ in 0..20_000 {
        let control = Control(std::array::from_fn(|_| numbers.next() as u8 & 0x83));
        check(&control, numbers.next() as u8 & 0x83);
    }
}

/// All 65,536 masks.
#[phase7::test(points = 1, rule = 13)]
fn every_mask_yields_its_bits() {
    for bits in 0..=u16::MAX {
        let mask = Mask(bits);
        let slots: Vec<usize> = (0..WIDTH).filter(|slot| bits >> slot & 1 == 1).collect();
        assert_eq!(
            (mask.any(), mask.first()),
            (bits != 0, slots.first().copied()),
            "{bits:#b}"
        );
        assert!(mask.eq(slots), "{bits:#b}");
    }
    let mut spent = Mask(1);
    assert_eq!([spent.next(), spent.next(), spent.next()], [Some(0), None, None]);
}
