//! Arithmetic (XCU 2.6.4): the integer operators of C on signed 64-bit numbers.
//!
//! Evaluate while you parse. Precedence climbing is the shortest way: a function reads an operand and then as many operators
//! as bind at least as tightly as its caller's. What `&&`, `||` and `?:` leave out is parsed like everything else, but
//! nothing is assigned in it, and a division by zero is none. Numbers wrap around.

/// Where the variables of an expression live.
pub trait Variables {
    /// The value of a variable: 0 for one that is unset or null.
    ///
    /// # Errors
    /// When the value is no number.
    fn value(&mut self, name: &[u8]) -> Result<i64, String>;

    /// Sets a variable.
    ///
    /// # Errors
    /// When it cannot be set.
    fn assign(&mut self, name: &[u8], value: i64) -> Result<(), String>;
}

/// The value of an expression.
///
/// # Errors
/// What is wrong with it, as a message.
pub fn evaluate(text: &[u8], variables: &mut dyn Variables) -> Result<i64, String> {
    todo!("evaluate {text:?} with {:p}", variables)
}

/// A number as the shell writes constants: decimal, `0` octal, `0x` hexadecimal; a sign and blanks around it are allowed.
pub fn parse_number(text: &[u8]) -> Option<i64> {
    todo!("the number {text:?}")
}

/// How many bytes at the start of `text` are a name (XBD 3.216): letters, digits and `_`, no digit first.
pub fn name_length(text: &[u8]) -> usize {
    todo!("the name at the start of {text:?}")
}
