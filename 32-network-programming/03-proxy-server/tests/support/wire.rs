//! DNS messages by hand, as the brief draws them, so that the learner's encoder is not what checks the learner's decoder.

/// A record type.
pub const A: u16 = 1;
pub const CNAME: u16 = 5;
pub const SOA: u16 = 6;
pub const TXT: u16 = 16;
pub const AAAA: u16 = 28;

/// A name without compression.
pub fn name(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in text.split('.').filter(|label| !label.is_empty()) {
        bytes.push(u8::try_from(label.len()).expect("a short label"));
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    bytes
}

/// The number of a name that stands at `offset`.
pub fn pointer(offset: u16) -> [u8; 2] {
    (0xC000 | offset).to_be_bytes()
}

/// A record of the class Internet. The name comes as bytes.
pub fn record(name: &[u8], record_type: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short data");
    [
        name,
        &record_type.to_be_bytes(),
        &[0, 1],
        &ttl.to_be_bytes(),
        &length.to_be_bytes(),
        data,
    ]
    .concat()
}

/// The data of an SOA.
pub fn soa(minimum: u32) -> Vec<u8> {
    let numbers = [1_u32, 7200, 900, 86400, minimum].map(u32::to_be_bytes).concat();
    [name("ns.test"), name("root.test"), numbers].concat()
}

/// A response that is put together.
#[derive(Debug, Clone)]
pub struct Response {
    pub id: u16,
    /// The second byte of the flags has the code.
    pub flags: [u8; 2],
    /// Name, type, class.
    pub question: Vec<u8>,
    pub answers: Vec<Vec<u8>>,
    pub authority: Vec<Vec<u8>>,
}

impl Response {
    /// Without records, to a question for `text` with the record type.
    pub fn to(id: u16, text: &str, record_type: u16) -> Self {
        Self {
            id,
            flags: [0x81, 0x80],
            question: [&name(text)[..], &record_type.to_be_bytes(), &[0, 1]].concat(),
            answers: Vec::new(),
            authority: Vec::new(),
        }
    }

    /// Adds a record to the answer, for the name of the question, by a pointer to it.
    pub fn with(self, record_type: u16, ttl: u32, data: &[u8]) -> Self {
        self.with_record(record(&pointer(12), record_type, ttl, data))
    }

    pub fn with_record(mut self, record: Vec<u8>) -> Self {
        self.answers.push(record);
        self
    }

    pub fn with_authority(mut self, record: Vec<u8>) -> Self {
        self.authority.push(record);
        self
    }

    pub fn code(mut self, code: u8) -> Self {
        self.flags[1] = 0x80 | code;
        self
    }

    pub fn truncated(mut self) -> Self {
        self.flags[0] |= 0b10;
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let count = |records: &[Vec<u8>]| u16::try_from(records.len()).expect("few records").to_be_bytes();
        [
            &self.id.to_be_bytes()[..],
            &self.flags,
            &[0, 1],
            &count(&self.answers),
            &count(&self.authority),
            &[0, 0],
            &self.question,
            &self.answers.concat(),
            &self.authority.concat(),
        ]
        .concat()
    }
}
