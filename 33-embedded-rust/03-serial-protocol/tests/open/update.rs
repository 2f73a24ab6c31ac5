//! The record, the update, and what starts.

use serial_protocol::crc::Crc32;
use serial_protocol::flash::Slot;
use serial_protocol::message::Refusal;
use serial_protocol::record::{Image, Record};
use serial_protocol::update::{Boot, Updater, boot, confirm};

use super::cut::CutFlash;
use super::noise::Random;

/// The record's bytes, as they are drawn.
#[phase7::test(points = 1, rule = 20)]
fn a_record_lies_in_the_flash_as_drawn() {
    let image = |length, crc| Image { length, crc };
    let record = Record {
        generation: 0x0102_0304,
        confirmed: Slot::B,
        trial: Some(2),
        rolled_back: false,
        images: [image(0x11, 0x2233_4455), image(0x66, 0x7788_99AA)],
    };
    let mut expected =
        b"P7BR\x04\x03\x02\x01\x01\x01\x02\x00\x11\0\0\0\x55\x44\x33\x22\x66\0\0\0\xAA\x99\x88\x77".to_vec();
    let crc = Crc32::of(&expected);
    expected.extend(crc.to_le_bytes());
    let bytes = record.encode();
    assert_eq!(bytes[..], expected, "the record, encoded");
    assert_eq!(Record::decode(&bytes), Some(record), "the record, decoded");
}

/// An image goes into the free slot, is tried, and stays once it is confirmed.
#[phase7::test(points = 3, rule = 24)]
fn an_image_is_written_tried_and_confirmed() {
    let mut flash = CutFlash::new();
    let factory = Boot {
        slot: Slot::A,
        is_trial: false,
    };
    assert_eq!(boot(&mut flash), Ok(factory), "the first start");
    let bytes = Random(5).bytes(300);
    let image = Image {
        length: 300,
        crc: Crc32::of(&bytes),
    };
    let mut updater = Updater::new();
    assert_eq!(updater.begin(&mut flash, image), Ok(0), "begin");
    for (number, chunk) in (0..).zip(bytes.chunks(128)) {
        let end = number * 128 + chunk.len() as u32;
        assert_eq!(
            updater.chunk(&mut flash, number * 128, chunk),
            Ok(end),
            "chunk {number}"
        );
    }
    assert_eq!(updater.finish(&mut flash), Ok(()), "finish");
    assert_eq!(flash.slot(Slot::B)[..300], bytes, "slot B");

    let mut trial = boot(&mut flash).expect("the flash has power");
    let expected = Boot {
        slot: Slot::B,
        is_trial: true,
    };
    assert_eq!(trial, expected, "the start after it");
    assert_eq!(confirm(&mut flash, &mut trial), Ok(()), "confirm");
    let expected = Boot {
        slot: Slot::B,
        is_trial: false,
    };
    assert_eq!(trial, expected, "what runs, once it is confirmed");
    assert_eq!(boot(&mut flash), Ok(expected), "the start after that");
}

/// Chunks come in order; what is asked for again is answered, what leaves a gap is not.
#[phase7::test(points = 2, rule = 22)]
fn chunks_come_in_order() {
    let mut flash = CutFlash::new();
    let mut updater = Updater::new();
    assert_eq!(
        updater.chunk(&mut flash, 0, &[1; 4]),
        Err(Refusal::NotBegun),
        "a chunk before begin"
    );
    let image = Image { length: 32, crc: 0 };
    assert_eq!(updater.begin(&mut flash, image), Ok(0), "begin");
    assert_eq!(updater.chunk(&mut flash, 0, &[1; 8]), Ok(8), "the first");
    assert_eq!(updater.chunk(&mut flash, 8, &[2; 8]), Ok(16), "the second");
    assert_eq!(updater.chunk(&mut flash, 8, &[2; 8]), Ok(16), "the second, again");
    let gap = Refusal::OutOfOrder { written: 16 };
    assert_eq!(
        updater.chunk(&mut flash, 20, &[3; 8]),
        Err(gap),
        "one that leaves a gap"
    );
    assert_eq!(updater.finish(&mut flash), Err(gap), "finish, with half of it");
}

/// An image that nobody confirms is started three times; then the one before comes back.
#[phase7::test(points = 2, rule = 25)]
fn an_image_that_nobody_confirms_is_rolled_back() {
    let mut flash = CutFlash::new();
    let mut updater = Updater::new();
    let image = Image {
        length: 4,
        crc: Crc32::of(b"test"),
    };
    assert_eq!(updater.begin(&mut flash, image), Ok(0), "begin");
    assert_eq!(updater.chunk(&mut flash, 0, b"test"), Ok(4), "chunk");
    assert_eq!(updater.finish(&mut flash), Ok(()), "finish");
    let starts = [(); 5].map(|()| boot(&mut flash).map(|boot| (boot.slot, boot.is_trial)));
    let (trial, back) = (Ok((Slot::B, true)), Ok((Slot::A, false)));
    assert_eq!(
        starts,
        [trial, trial, trial, back, back],
        "five starts: slot, and whether on trial"
    );
    let record = Record::load(&mut flash).expect("the flash has power");
    assert!(record.rolled_back, "the record says that the trial failed");
}
