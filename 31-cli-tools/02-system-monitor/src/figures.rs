//! Numbers as they are shown.
//!
//! | | |
//! |---|---|
//! | bytes | `0`, `999`, `1.0K`, `12K`, `3.4M`, `1.2G`: powers of 1024, at most four columns |
//! | percent | `0.0`, `12.5`, `100`, `1600`: at most four columns below 10,000 |
//! | uptime | `04:05`, `3d 04:05` |

/// A number of bytes in at most four columns.
pub fn bytes(count: f64) -> String {
    let mut value = count.max(0.0);
    for unit in ["", "K", "M", "G", "T", "P"] {
        // What would be rounded to 1000 needs the next unit: `1000K` has five columns.
        if value < 999.5 {
            return match unit {
                "" => format!("{value:.0}"),
                // 9.95 would be rounded to 10.0.
                _ if value < 9.95 => format!("{value:.1}{unit}"),
                _ => format!("{value:.0}{unit}"),
            };
        }
        value /= 1024.0;
    }
    "huge".to_owned()
}

/// A percentage: one decimal below 100, none above.
pub fn percent(value: f64) -> String {
    if value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// Days, hours and minutes since the start.
pub fn uptime(seconds: f64) -> String {
    let minutes = seconds as u64 / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match days {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{days}d {hours:02}:{minutes:02}"),
    }
}
