//! A sensor and a light that a test holds the other end of.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::rc::Rc;

use web_server::sensor::Temperature;
use web_server::site::Hardware;

/// What is behind the site.
#[derive(Debug, Default)]
pub struct Inside {
    /// Sixteenths of a degree; nothing without a sensor.
    pub sixteenths: Option<i16>,
    /// The light.
    pub on: bool,
    /// Every time that the light was switched.
    pub switched: Vec<bool>,
}

/// The sensor and the light.
#[derive(Debug, Clone, Default)]
pub struct Parts(pub Rc<RefCell<Inside>>);

impl Hardware for Parts {
    fn temperature(&mut self) -> Option<Temperature> {
        let sixteenths = self.0.borrow().sixteenths?;
        Some(Temperature { sixteenths })
    }

    fn is_led_on(&mut self) -> bool {
        self.0.borrow().on
    }

    fn set_led(&mut self, on: bool) {
        let mut inside = self.0.borrow_mut();
        inside.on = on;
        inside.switched.push(on);
    }
}
