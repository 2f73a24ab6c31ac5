//! Arithmetic (XCU 2.6.4): the integer operators of C on signed 64-bit numbers, evaluated while they are parsed.
//!
//! Precedence climbing: `Evaluator::binary` reads an operand and then as many operators as bind at least as tightly
//! as its caller's. What `&&`, `||` and `?:` leave out is parsed like everything else, but with `skipping` set: then
//! nothing is assigned, and a division by zero is none. Numbers wrap around.

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
    let mut evaluator = Evaluator {
        text,
        at: 0,
        variables,
        skipping: false,
        depth: 0,
    };
    evaluator.skip_blanks();
    if evaluator.at == text.len() {
        return Ok(0);
    }
    let value = evaluator.assignment()?;
    if evaluator.at < text.len() {
        return Err(evaluator.unexpected());
    }
    Ok(value)
}

/// A number as the shell writes constants: decimal, `0` octal, `0x` hexadecimal; a sign and blanks around it are allowed.
pub fn parse_number(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let value = constant(digits)?;
    Some(if negative { value.wrapping_neg() } else { value })
}

/// Digits without a sign.
fn constant(digits: &[u8]) -> Option<i64> {
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        _ => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for &digit in digits {
        let digit = char::from(digit).to_digit(radix)?;
        // Too large a constant is the largest number, as strtoimax has it.
        value = value
            .saturating_mul(i64::from(radix))
            .saturating_add(i64::from(digit));
    }
    Some(value)
}

/// Parentheses and prefix operators may nest this deep.
const DEPTH_MAX: usize = 200;

struct Evaluator<'a> {
    text: &'a [u8],
    at: usize,
    variables: &'a mut dyn Variables,
    /// The operand is not evaluated, only parsed.
    skipping: bool,
    depth: usize,
}

/// Binary operators with their precedence, longer ones first.
const OPERATORS: [(&[u8], u8); 18] = [
    (b"<<", 8),
    (b">>", 8),
    (b"<=", 7),
    (b">=", 7),
    (b"==", 6),
    (b"!=", 6),
    (b"&&", 2),
    (b"||", 1),
    (b"*", 10),
    (b"/", 10),
    (b"%", 10),
    (b"+", 9),
    (b"-", 9),
    (b"<", 7),
    (b">", 7),
    (b"&", 5),
    (b"^", 4),
    (b"|", 3),
];

/// The operators that can stand before `=`.
const COMPOUND: [&[u8]; 10] = [b"<<", b">>", b"*", b"/", b"%", b"+", b"-", b"&", b"^", b"|"];

impl Evaluator<'_> {
    fn skip_blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    /// Takes `symbol` if it comes next.
    fn take(&mut self, symbol: &[u8]) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
            self.skip_blanks();
        }
        found
    }

    #[cold]
    fn unexpected(&self) -> String {
        let rest = String::from_utf8_lossy(self.rest());
        let rest = if rest.is_empty() { "the end" } else { &rest };
        format!("arithmetic: unexpected {rest}")
    }

    /// `assignment = name (= | op=) assignment | conditional`
    fn assignment(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("arithmetic: nested too deep".into());
        }
        let start = self.at;
        let result = match self.assignment_operator() {
            Some((name, operator)) => self.assign(name, operator),
            None => {
                self.at = start;
                self.conditional()
            }
        };
        self.depth -= 1;
        result
    }

    /// A name with an assignment operator behind it: where the name stands, and the operator without its `=`.
    fn assignment_operator(&mut self) -> Option<(std::ops::Range<usize>, Option<&'static [u8]>)> {
        let length = name_length(self.rest());
        if length == 0 {
            return None;
        }
        let name = self.at..self.at + length;
        self.at += length;
        self.skip_blanks();
        if self.rest().starts_with(b"=") && !self.rest().starts_with(b"==") {
            self.take(b"=");
            return Some((name, None));
        }
        let rest = self.rest();
        let operator = COMPOUND
            .into_iter()
            .find(|operator| rest.starts_with(operator) && rest.get(operator.len()) == Some(&b'='))?;
        self.at += operator.len();
        self.take(b"=");
        Some((name, Some(operator)))
    }

    fn assign(&mut self, name: std::ops::Range<usize>, operator: Option<&[u8]>) -> Result<i64, String> {
        let operand = self.assignment()?;
        let name = &self.text[name];
        let value = match operator {
            None => operand,
            Some(operator) => {
                let old = if self.skipping {
                    0
                } else {
                    self.variables.value(name)?
                };
                self.apply(operator, old, operand)?
            }
        };
        if !self.skipping {
            self.variables.assign(name, value)?;
        }
        Ok(value)
    }

    /// `conditional = binary [? assignment : conditional]`
    fn conditional(&mut self) -> Result<i64, String> {
        let condition = self.binary(1)?;
        if !self.take(b"?") {
            return Ok(condition);
        }
        let yes = self.skipping_if(condition == 0, Self::assignment)?;
        if !self.take(b":") {
            return Err(self.unexpected());
        }
        let no = self.skipping_if(condition != 0, |evaluator| {
            evaluator.depth += 1;
            if evaluator.depth > DEPTH_MAX {
                return Err("arithmetic: nested too deep".into());
            }
            let value = evaluator.conditional();
            evaluator.depth -= 1;
            value
        })?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn skipping_if(
        &mut self,
        skip: bool,
        parse: impl FnOnce(&mut Self) -> Result<i64, String>,
    ) -> Result<i64, String> {
        let outer = self.skipping;
        self.skipping |= skip;
        let value = parse(self);
        self.skipping = outer;
        value
    }

    /// The operator that comes next, if it binds at least as tightly as `least`.
    fn operator(&self, least: u8) -> Option<(&'static [u8], u8)> {
        let rest = self.rest();
        let first = *rest.first()?;
        OPERATORS
            .into_iter()
            .find(|(symbol, _)| symbol[0] == first && rest.starts_with(symbol))
            .filter(|(_, precedence)| *precedence >= least)
    }

    /// Operands and operators of this precedence and of higher ones.
    fn binary(&mut self, least: u8) -> Result<i64, String> {
        let mut left = self.unary()?;
        while let Some((symbol, precedence)) = self.operator(least) {
            self.take(symbol);
            let skip = (symbol == b"&&" && left == 0) || (symbol == b"||" && left != 0);
            let right = self.skipping_if(skip, |evaluator| evaluator.binary(precedence + 1))?;
            left = self.apply(symbol, left, right)?;
        }
        Ok(left)
    }

    fn apply(&self, symbol: &[u8], left: i64, right: i64) -> Result<i64, String> {
        if matches!(symbol, b"/" | b"%") && right == 0 {
            return if self.skipping {
                Ok(0)
            } else {
                Err("arithmetic: division by zero".into())
            };
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a shift takes the low six bits of its count"
        )]
        let shift = right as u32;
        Ok(match symbol {
            b"*" => left.wrapping_mul(right),
            b"/" => left.wrapping_div(right),
            b"%" => left.wrapping_rem(right),
            b"+" => left.wrapping_add(right),
            b"-" => left.wrapping_sub(right),
            b"<<" => left.wrapping_shl(shift),
            b">>" => left.wrapping_shr(shift),
            b"<" => i64::from(left < right),
            b"<=" => i64::from(left <= right),
            b">" => i64::from(left > right),
            b">=" => i64::from(left >= right),
            b"==" => i64::from(left == right),
            b"!=" => i64::from(left != right),
            b"&" => left & right,
            b"^" => left ^ right,
            b"|" => left | right,
            b"&&" => i64::from(left != 0 && right != 0),
            _ => i64::from(left != 0 || right != 0),
        })
    }

    /// `unary = (+ | - | ~ | !) unary | ( assignment ) | constant | name`
    fn unary(&mut self) -> Result<i64, String> {
        let Some(&first) = self.text.get(self.at) else {
            return Err(self.unexpected());
        };
        match first {
            b'+' | b'-' | b'~' | b'!' => {
                self.at += 1;
                self.skip_blanks();
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return Err("arithmetic: nested too deep".into());
                }
                let operand = self.unary()?;
                self.depth -= 1;
                Ok(match first {
                    b'+' => operand,
                    b'-' => operand.wrapping_neg(),
                    b'~' => !operand,
                    _ => i64::from(operand == 0),
                })
            }
            b'(' => {
                self.take(b"(");
                let value = self.assignment()?;
                if !self.take(b")") {
                    return Err(self.unexpected());
                }
                Ok(value)
            }
            b'0'..=b'9' => self.number(),
            _ => self.variable(),
        }
    }

    fn number(&mut self) -> Result<i64, String> {
        let length = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let Some(value) = constant(&self.rest()[..length]) else {
            return Err(self.unexpected());
        };
        self.at += length;
        self.skip_blanks();
        Ok(value)
    }

    fn variable(&mut self) -> Result<i64, String> {
        let length = name_length(self.rest());
        if length == 0 {
            return Err(self.unexpected());
        }
        let name = &self.text[self.at..self.at + length];
        let value = if self.skipping {
            0
        } else {
            self.variables.value(name)?
        };
        self.at += length;
        self.skip_blanks();
        Ok(value)
    }
}

/// How many bytes at the start of `text` are a name (XBD 3.216): letters, digits and `_`, no digit first.
pub fn name_length(text: &[u8]) -> usize {
    if text.first().is_none_or(u8::is_ascii_digit) {
        return 0;
    }
    text.iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count()
}
