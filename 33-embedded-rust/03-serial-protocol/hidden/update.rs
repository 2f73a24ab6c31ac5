//! The update, with a flash that forgives nothing and power that goes at any time.

use serial_protocol::crc::Crc32;
use serial_protocol::device::Device;
use serial_protocol::flash::{PAGE, SLOT_SIZE, Slot};
use serial_protocol::message::{Counters, Refusal, Reply, Request};
use serial_protocol::record::{Image, Record};
use serial_protocol::update::{Boot, Updater, boot, confirm};

use super::cut::{CutFlash, Failed};
use super::noise::Random;
use super::peer::request;

const FACTORY: Boot = Boot {
    slot: Slot::A,
    is_trial: false,
};

/// What describes an image.
fn image(bytes: &[u8]) -> Image {
    Image {
        length: bytes.len() as u32,
        crc: Crc32::of(bytes),
    }
}

/// An update in chunks of `size`, as far as it comes.
fn update(flash: &mut CutFlash, bytes: &[u8], size: usize) -> Result<(), Refusal> {
    let mut updater = Updater::new();
    updater.begin(flash, image(bytes))?;
    for (number, chunk) in bytes.chunks(size).enumerate() {
        updater.chunk(flash, (number * size) as u32, chunk)?;
    }
    updater.finish(flash)
}

/// A flash whose image in slot B was confirmed.
fn updated(bytes: &[u8]) -> CutFlash {
    let mut flash = CutFlash::new();
    update(&mut flash, bytes, 128).expect("the flash has power");
    let mut trial = boot(&mut flash).expect("the flash has power");
    confirm(&mut flash, &mut trial).expect("it is on trial");
    flash
}

/// The newest whole record counts, and a new one goes to the other page.
#[phase7::test(points = 2, rule = 20)]
fn the_newest_whole_record_counts() {
    let mut flash = CutFlash::new();
    assert_eq!(Record::load(&mut flash), Ok(Record::FACTORY), "an erased flash");
    let mut record = Record::FACTORY;
    for generation in 1..=5_u32 {
        record.images[0].length = generation;
        assert_eq!(record.store(&mut flash), Ok(()), "store");
        assert_eq!(record.generation, generation, "the generation");
        let page = generation as usize % 2 * PAGE;
        assert_eq!(
            flash.bytes[page..page + 32],
            record.encode(),
            "the page of generation {generation}"
        );
        assert_eq!(Record::load(&mut flash), Ok(record), "load");
    }
    assert_eq!(
        flash.erased,
        [1024, 0, 1024, 0, 1024],
        "the pages that were erased"
    );
    for at in 0..32 {
        let mut damaged = flash.clone();
        damaged.bytes[PAGE + at] ^= 0x10;
        let loaded = Record::load(&mut damaged).map(|record| record.generation);
        assert_eq!(loaded, Ok(4), "with byte {at} of the newest damaged");
    }
    let mut senseless = record.encode();
    senseless[8] = 2;
    let crc = Crc32::of(&senseless[..28]);
    senseless[28..].copy_from_slice(&crc.to_le_bytes());
    assert_eq!(Record::decode(&senseless), None, "a record that confirms slot 2");
}

/// Empty and overlong images are refused; the same image goes on, another begins anew.
#[phase7::test(points = 2, rule = 21)]
fn begin_says_where_to_go_on() {
    let mut flash = CutFlash::new();
    let mut updater = Updater::new();
    let of = |length, crc| Image { length, crc };
    for length in [0, SLOT_SIZE as u32 + 1, u32::MAX] {
        assert_eq!(
            updater.begin(&mut flash, of(length, 1)),
            Err(Refusal::BadLength),
            "{length} bytes"
        );
    }
    assert_eq!(
        updater.begin(&mut flash, of(SLOT_SIZE as u32, 1)),
        Ok(0),
        "a slot full"
    );
    assert_eq!(updater.chunk(&mut flash, 0, &[1; 128]), Ok(128), "a chunk");
    assert_eq!(
        updater.begin(&mut flash, of(SLOT_SIZE as u32, 1)),
        Ok(128),
        "the same image"
    );
    assert_eq!(
        updater.begin(&mut flash, of(SLOT_SIZE as u32, 2)),
        Ok(0),
        "another CRC"
    );
    assert_eq!(updater.begin(&mut flash, of(400, 2)), Ok(0), "another length");
    assert_eq!(updater.chunk(&mut flash, 0, &[1; 128]), Ok(128), "a chunk of it");

    let mut flash = CutFlash::new();
    assert_eq!(update(&mut flash, b"image", 128), Ok(()), "an update");
    for when in ["marked", "on trial"] {
        assert_eq!(
            Updater::new().begin(&mut flash, of(4, 1)),
            Err(Refusal::OnTrial),
            "while one is {when}"
        );
        assert!(
            boot(&mut flash).is_ok_and(|boot| boot.is_trial),
            "a start on trial"
        );
    }
}

/// What chunks may be: at most 128 bytes, whole words but for the last, not past the end.
#[phase7::test(points = 2, rule = 22)]
fn chunks_have_the_right_lengths() {
    let mut flash = CutFlash::new();
    let mut updater = Updater::new();
    assert_eq!(
        updater.begin(&mut flash, Image { length: 150, crc: 0 }),
        Ok(0),
        "begin"
    );
    for (offset, length) in [
        (0, 0),
        (0, 3),
        (0, 129),
        (0, 132),
        (148, 4),
        (150, 4),
        (u32::MAX, 4),
        (u32::MAX - 3, 4),
    ] {
        let refused = updater.chunk(&mut flash, offset, &vec![1; length]);
        assert_eq!(refused, Err(Refusal::BadLength), "{length} bytes at {offset}");
    }
    assert_eq!(flash.used, 0, "what was written");
    assert_eq!(updater.chunk(&mut flash, 0, &[1; 128]), Ok(128), "128 bytes");
    for (offset, length) in [(124, 8), (132, 4)] {
        let refused = updater.chunk(&mut flash, offset, &vec![1; length]);
        assert_eq!(
            refused,
            Err(Refusal::OutOfOrder { written: 128 }),
            "{length} bytes at {offset}"
        );
    }
    assert_eq!(
        updater.chunk(&mut flash, 128, &[2; 22]),
        Ok(150),
        "the last 22 bytes"
    );
    assert_eq!(updater.chunk(&mut flash, 4, &[1; 8]), Ok(150), "an old chunk");
    assert_eq!(
        flash.slot(Slot::B)[148..154],
        [2, 2, 0xFF, 0xFF, 0xFF, 0xFF],
        "the end of the image"
    );
}

/// Pages are erased once each, as they are reached, and the confirmed image's slot is left alone.
#[phase7::test(points = 2, rule = 23)]
fn the_confirmed_slot_is_left_alone() {
    let mut random = Random(1);
    let first = random.bytes(SLOT_SIZE);
    let mut flash = updated(&first);
    // Old bytes in slot A, which only an erase removes.
    flash.bytes[Slot::A.base() as usize..][..SLOT_SIZE].fill(0);
    flash.erased.clear();
    let second = random.bytes(3 * PAGE + 5);
    assert_eq!(
        update(&mut flash, &second, 100),
        Ok(()),
        "an update of 3077 bytes in chunks of 100"
    );
    let base = Slot::A.base();
    let erased: Vec<u32> = flash
        .erased
        .iter()
        .copied()
        .filter(|&page| page >= 2048)
        .collect();
    assert_eq!(
        erased,
        [base, base + 1024, base + 2048, base + 3072],
        "the pages that were erased"
    );
    assert!(
        flash.slot(Slot::A).starts_with(&second),
        "slot A holds the new image"
    );
    assert!(flash.slot(Slot::B) == first, "slot B holds the confirmed one");
}

/// The CRC is that of what lies in the flash.
#[phase7::test(points = 2, rule = 24)]
fn a_wrong_image_is_not_marked() {
    let bytes = Random(2).bytes(777);
    let mut flash = CutFlash::new();
    let mut updater = Updater::new();
    assert_eq!(
        updater.finish(&mut flash),
        Err(Refusal::NotBegun),
        "finish without begin"
    );
    for is_damaged in [false, true] {
        let announced = Image {
            length: 777,
            crc: Crc32::of(&bytes) ^ u32::from(!is_damaged),
        };
        assert_eq!(updater.begin(&mut flash, announced), Ok(0), "begin");
        for (number, chunk) in bytes.chunks(128).enumerate() {
            updater
                .chunk(&mut flash, number as u32 * 128, chunk)
                .expect("the flash has power");
        }
        if is_damaged {
            flash.bytes[Slot::B.base() as usize + 776] ^= 1;
        }
        assert_eq!(
            updater.finish(&mut flash),
            Err(Refusal::BadImage),
            "damaged in the flash: {is_damaged}"
        );
        assert_eq!(updater.finish(&mut flash), Err(Refusal::NotBegun), "finish again");
        assert_eq!(boot(&mut flash), Ok(FACTORY), "the next start");
    }
    assert_eq!(update(&mut flash, &bytes, 128), Ok(()), "the right image");
    let record = Record::load(&mut flash).expect("the flash has power");
    assert_eq!(
        (record.trial, record.images[1]),
        (Some(0), image(&bytes)),
        "what is recorded"
    );
}

/// An image on trial that is damaged is not started, and an image is started three times before it runs away.
#[phase7::test(points = 2, rule = 25)]
fn a_damaged_image_is_rolled_back_at_once() {
    let mut flash = CutFlash::new();
    update(&mut flash, b"an image that ages", 128).expect("the flash has power");
    assert!(
        boot(&mut flash).is_ok_and(|boot| boot.is_trial),
        "the first start"
    );
    assert_eq!(
        Record::load(&mut flash).map(|record| record.trial),
        Ok(Some(1)),
        "starts counted"
    );
    flash.bytes[Slot::B.base() as usize + 3] ^= 1;
    assert_eq!(boot(&mut flash), Ok(FACTORY), "the start after it was damaged");
    let record = Record::load(&mut flash).expect("the flash has power");
    assert_eq!(
        (record.trial, record.rolled_back, record.confirmed),
        (None, true, Slot::A),
        "what is recorded"
    );
    let used = flash.used;
    assert_eq!(boot(&mut flash), Ok(FACTORY), "one more start");
    assert_eq!(flash.used, used, "what an ordinary start writes");
    update(&mut flash, b"another", 128).expect("a new update may begin");
    let record = Record::load(&mut flash).expect("the flash has power");
    assert!(!record.rolled_back, "the new trial has not failed");
}

/// Only what runs on trial can be confirmed.
#[phase7::test(points = 1, rule = 26)]
fn only_a_trial_is_confirmed() {
    let mut flash = CutFlash::new();
    let mut factory = boot(&mut flash).expect("the flash has power");
    assert_eq!(
        confirm(&mut flash, &mut factory),
        Err(Refusal::NotOnTrial),
        "the factory's image"
    );
    update(&mut flash, b"image", 128).expect("the flash has power");
    assert_eq!(
        confirm(&mut flash, &mut factory),
        Err(Refusal::NotOnTrial),
        "an image that was not started"
    );
    let mut trial = boot(&mut flash).expect("the flash has power");
    assert_eq!(confirm(&mut flash, &mut trial), Ok(()), "the image on trial");
    assert_eq!(
        confirm(&mut flash, &mut trial),
        Err(Refusal::NotOnTrial),
        "once more"
    );
    let record = Record::load(&mut flash).expect("the flash has power");
    assert_eq!(
        (record.confirmed, record.trial),
        (Slot::B, None),
        "what is recorded"
    );
    update(&mut flash, b"the next", 128).expect("the next update may begin");
    let next = boot(&mut flash).map(|boot| boot.slot);
    assert_eq!(next, Ok(Slot::A), "it goes to the other slot");
}

/// Power goes after each number of flash operations in turn; what starts is the old image or the new one, whole.
#[phase7::test(points = 4, rule = 27)]
fn power_may_go_at_any_time() {
    let mut random = Random(3);
    let (old, new) = (random.bytes(700), random.bytes(1_500));
    let before = updated(&old);
    let mut outcomes = [0; 2];
    for left in 0.. {
        let mut flash = before.clone();
        flash.left = left;
        let marked = update(&mut flash, &new, 128);
        let started = boot(&mut flash);
        let confirmed = started.and_then(|mut trial| confirm(&mut flash, &mut trial).map_err(|_| Failed));
        let is_over = flash.left > 0;
        let mut flash = flash.powered();
        let after = boot(&mut flash).expect("the power is back");
        let image = if after.slot == Slot::A { &new } else { &old };
        assert!(
            flash.slot(after.slot).starts_with(image),
            "what starts after {left} operations is whole"
        );
        if marked.is_ok() {
            assert_eq!(
                after.slot,
                Slot::A,
                "what starts after {left} operations, when Finish was answered"
            );
        }
        if confirmed.is_ok() {
            assert_eq!(
                after, FACTORY,
                "what starts after {left} operations, when Confirm was answered"
            );
        }
        outcomes[usize::from(after.slot == Slot::A)] += 1;
        // Whatever happened, an update works now.
        let mut running = after;
        if after.is_trial {
            confirm(&mut flash, &mut running).expect("it is on trial");
        }
        update(&mut flash, &old, 128).expect("the next update, after {left} operations");
        if is_over {
            break;
        }
    }
    assert!(
        outcomes[0] > 300 && outcomes[1] > 8,
        "how often the old and the new image started: {outcomes:?}"
    );
}

/// What a device answers.
#[phase7::test(points = 2, rule = 19)]
fn the_device_answers_every_request() {
    let Ok(mut device) = Device::start(CutFlash::new()) else {
        panic!("the flash has power")
    };
    let counters = Counters {
        overflowed: 5,
        ..Counters::ZERO
    };
    let mut ask = |version, payload: &[u8]| device.answer(version, payload, counters);
    let refused = |refusal| Reply::Refused(refusal);
    assert_eq!(
        ask(1, &request(&Request::Ping { token: 9 })),
        Reply::Pong { token: 9 },
        "Ping"
    );
    assert_eq!(
        ask(2, &request(&Request::Counters)),
        Reply::Counters(counters),
        "Counters, in version 2"
    );
    assert_eq!(
        ask(1, &request(&Request::Counters)),
        refused(Refusal::NotInVersion),
        "Counters, in version 1"
    );
    for bad in [&[][..], &[8], &[99, 1], &[1, 1]] {
        assert_eq!(ask(2, bad), refused(Refusal::BadMessage), "{bad:?}");
    }
    let begin = Request::Begin { length: 4, crc: 7 };
    assert_eq!(ask(1, &request(&begin)), Reply::Progress { written: 0 }, "Begin");
    let chunk = Request::Chunk {
        offset: 0,
        data: b"four",
    };
    assert_eq!(ask(1, &request(&chunk)), Reply::Progress { written: 4 }, "Chunk");
    assert_eq!(
        ask(1, &request(&Request::Finish)),
        refused(Refusal::BadImage),
        "Finish"
    );
    assert_eq!(
        ask(1, &request(&Request::Confirm)),
        refused(Refusal::NotOnTrial),
        "Confirm"
    );
    assert!(!device.wants_restart(), "no restart was asked for");
    assert_eq!(
        device.answer(1, &request(&Request::Restart), counters),
        Reply::Done,
        "Restart"
    );
    assert!(device.wants_restart(), "a restart was asked for");
}
