//! Shells that await: the same operations over the async [`I2c`] and [`SpiDevice`], so that a processor does other
//! things meanwhile.

use embedded_hal_async::delay::DelayNs;
use embedded_hal_async::i2c::{Error as _, I2c};
use embedded_hal_async::spi::{self, SpiDevice};

use crate::blocking::{Error, SPI_READ};
use crate::operation::{Operation, READ_MAX, Step};
use crate::retry::Retry;

/// A sensor at an address of an I2C bus.
pub struct I2cSensor<I2C, D> {
    i2c: I2C,
    delay: D,
    address: u8,
    retry: Retry,
}

impl<I2C: I2c, D: DelayNs> I2cSensor<I2C, D> {
    /// The sensor at `address`; each transaction is tried as `retry` says.
    pub fn new(i2c: I2C, delay: D, address: u8, retry: Retry) -> Self {
        Self {
            i2c,
            delay,
            address,
            retry,
        }
    }

    /// Runs `operation` to its end.
    ///
    /// # Errors
    /// What the bus reports when no attempt is left, and what the operation finds wrong with the sensor.
    pub async fn run<O: Operation>(
        &mut self,
        mut operation: O,
    ) -> Result<O::Output, Error<I2C::Error, O::Fault>> {
        let mut buffer = [0; READ_MAX];
        let mut received = 0;
        loop {
            let step = operation.step(&buffer[..received]).map_err(Error::Sensor)?;
            received = 0;
            match step {
                Step::Write(frame) => {
                    self.attempt(async |i2c, address| i2c.write(address, frame.bytes()).await)
                        .await?;
                }
                Step::Read { register, len } => {
                    let into = &mut buffer[..len];
                    self.attempt(async |i2c, address| i2c.write_read(address, &[register], into).await)
                        .await?;
                    received = len;
                }
                Step::Wait { us } => self.delay.delay_us(us).await,
                Step::Done(output) => return Ok(output),
            }
        }
    }

    /// Gives bus and delay back.
    pub fn release(self) -> (I2C, D) {
        (self.i2c, self.delay)
    }

    /// Makes one transaction, as often as it takes and is allowed.
    async fn attempt<F>(
        &mut self,
        mut transaction: impl AsyncFnMut(&mut I2C, u8) -> Result<(), I2C::Error>,
    ) -> Result<(), Error<I2C::Error, F>> {
        let mut failed = 0;
        loop {
            let Err(error) = transaction(&mut self.i2c, self.address).await else {
                return Ok(());
            };
            failed += 1;
            match self.retry.pause_after(failed, error.kind()) {
                Some(pause_us) => self.delay.delay_us(pause_us).await,
                None => return Err(Error::Bus(error)),
            }
        }
    }
}

/// A sensor on an SPI bus. Nothing is tried again: SPI has no acknowledge that could be missing.
pub struct SpiSensor<SPI, D> {
    spi: SPI,
    delay: D,
}

impl<SPI: SpiDevice, D: DelayNs> SpiSensor<SPI, D> {
    /// The sensor that `spi` selects.
    pub fn new(spi: SPI, delay: D) -> Self {
        Self { spi, delay }
    }

    /// Runs `operation` to its end.
    ///
    /// # Errors
    /// What the bus reports, and what the operation finds wrong with the sensor.
    pub async fn run<O: Operation>(
        &mut self,
        mut operation: O,
    ) -> Result<O::Output, Error<SPI::Error, O::Fault>> {
        let mut buffer = [0; READ_MAX];
        let mut received = 0;
        loop {
            let step = operation.step(&buffer[..received]).map_err(Error::Sensor)?;
            received = 0;
            match step {
                Step::Write(frame) => {
                    let (register, values) = frame.split();
                    let transaction = [
                        spi::Operation::Write(&[register & !SPI_READ]),
                        spi::Operation::Write(values),
                    ];
                    self.spi
                        .transaction(&mut { transaction })
                        .await
                        .map_err(Error::Bus)?;
                }
                Step::Read { register, len } => {
                    let into = &mut buffer[..len];
                    let transaction = [
                        spi::Operation::Write(&[register | SPI_READ]),
                        spi::Operation::Read(into),
                    ];
                    self.spi
                        .transaction(&mut { transaction })
                        .await
                        .map_err(Error::Bus)?;
                    received = len;
                }
                Step::Wait { us } => self.delay.delay_us(us).await,
                Step::Done(output) => return Ok(output),
            }
        }
    }

    /// Gives bus and delay back.
    pub fn release(self) -> (SPI, D) {
        (self.spi, self.delay)
    }
}
