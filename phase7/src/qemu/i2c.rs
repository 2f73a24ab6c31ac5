//! The log of an emulated I2C bus, as transfers. QEMU writes a line for each START, byte and STOP:
//!
//! ```text
//! i2c_event start(addr:0x48)                    a transfer begins; start_async for some of them
//! i2c_send send(addr:0x48) data:0x01            the controller sends
//! i2c_recv recv(addr:0x48) data:0x17            the controller receives
//! i2c_event finish(addr:0x48)                   STOP
//! ```

/// The trace events that [`Transfers`] reads, for QEMU's `-d`.
pub const EVENTS: &str = "trace:i2c_event,trace:i2c_send,trace:i2c_recv";

/// What went over the bus after one START.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Who was addressed.
    pub address: u8,
    /// The bytes that the controller sent.
    pub sent: Vec<u8>,
    /// The bytes that it received.
    pub received: Vec<u8>,
}

/// The transfers so far. An address that nobody has leaves no trace.
#[derive(Debug, Default)]
pub struct Transfers {
    transfers: Vec<Transfer>,
}

impl Transfers {
    /// Takes a line of the log; others than the bus's are left aside.
    pub fn line(&mut self, line: &str) {
        let Some((event, rest)) = line.split_once("(addr:0x") else {
            return;
        };
        let Some((address, rest)) = rest.split_once(')') else {
            return;
        };
        let Ok(address) = u8::from_str_radix(address, 16) else {
            return;
        };
        let data = rest.strip_prefix(" data:0x");
        let data = data.and_then(|data| u8::from_str_radix(data, 16).ok());
        match (event, data) {
            ("i2c_event start" | "i2c_event start_async", None) => self.transfers.push(Transfer {
                address,
                sent: Vec::new(),
                received: Vec::new(),
            }),
            ("i2c_send send", Some(byte)) => self.last(|transfer| transfer.sent.push(byte)),
            ("i2c_recv recv", Some(byte)) => self.last(|transfer| transfer.received.push(byte)),
            _ => {}
        }
    }

    /// The transfers so far, oldest first.
    pub fn all(&self) -> &[Transfer] {
        &self.transfers
    }

    fn last(&mut self, change: impl FnOnce(&mut Transfer)) {
        if let Some(transfer) = self.transfers.last_mut() {
            change(transfer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_transfers() {
        let mut transfers = Transfers::default();
        for line in [
            "i2c_event start(addr:0x48)",
            "i2c_send send(addr:0x48) data:0x00",
            "i2c_event finish(addr:0x48)",
            "nvic_set_irq_level NVIC external irq 51 level set to 1",
            "i2c_event start_async(addr:0x49)",
            "i2c_recv recv(addr:0x49) data:0xf5",
            "i2c_recv recv(addr:0x49) data:0xc0",
            "i2c_event finish(addr:0x49)",
        ] {
            transfers.line(line);
        }
        let expected = [
            Transfer {
                address: 0x48,
                sent: vec![0],
                received: vec![],
            },
            Transfer {
                address: 0x49,
                sent: vec![],
                received: vec![0xF5, 0xC0],
            },
        ];
        assert_eq!(transfers.all(), expected);
    }
}
