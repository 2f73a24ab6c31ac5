//! The chart of progress: the share of the points over time, as a step line.
//!
//! The drawing is stretched to its place and its strokes are not; the labels are text beside it, so that they
//! keep their size on a narrow screen. A moment is kept only when the score changed: between two of them it
//! stayed as it was, and the line is level.

use jiff::Timestamp;

use crate::report::escape::html;
use crate::store::Moment;

/// Units of the drawing, both ways.
const SIZE: f64 = 1000.0;

/// Up to this many moments each have a dot.
const DOTS_MAX: usize = 40;

/// One moment in the drawing.
struct Dot {
    at: Timestamp,
    /// Earned per cent of what could be graded.
    percent: f64,
    /// Units from the left.
    x: f64,
    label: String,
}

/// The chart of `history` as it stands at `now` (RFC 3339).
pub fn figure(history: &[Moment], now: &str) -> String {
    let mut dots = dots(history);
    let (Some(first), Some(last)) = (dots.first(), dots.last()) else {
        return "<figure class=\"chart empty\"><p>Your progress is drawn here, from the first graded run of the \
                whole course on.</p></figure>"
            .to_owned();
    };
    let (start, from, to) = (first.at, first.percent, last.percent);
    let end = now.parse().map_or(last.at, |now: Timestamp| now.max(last.at));
    place(&mut dots, start, end);
    let highest = dots.iter().map(|dot| dot.percent).fold(0.0, f64::max);
    let top = [20.0, 50.0]
        .into_iter()
        .find(|top| highest <= *top)
        .unwrap_or(100.0);
    let said = format!(
        "Points over time: {from:.0} % on {}, {to:.0} % on {}",
        start.strftime("%-d %B %Y"),
        end.strftime("%-d %B %Y")
    );
    let marks: String = [top, top / 2.0, 0.0]
        .iter()
        .map(|mark| format!("<span>{mark} %</span>"))
        .collect();
    let dates: String = dates(start, end)
        .iter()
        .map(|date| format!("<span>{date}</span>"))
        .collect();
    format!(
        "<figure class=\"chart\"><div class=\"plot\"><div class=\"marks\" aria-hidden=\"true\">{marks}</div>\n{}</div>\n\
         <div class=\"dates\" aria-hidden=\"true\">{dates}</div>\n\
         <figcaption>Share of the course’s points after each graded run that changed it</figcaption></figure>",
        drawing(&dots, top, &said)
    )
}

/// The moments that can be read, in order; a clock that was set back stands still instead.
fn dots(history: &[Moment]) -> Vec<Dot> {
    let mut dots: Vec<Dot> = Vec::new();
    for moment in history {
        let Ok(at) = moment.at.parse::<Timestamp>() else {
            continue;
        };
        let points = moment.points;
        let graded = points.possible.saturating_sub(points.not_graded);
        dots.push(Dot {
            at: dots.last().map_or(at, |last| last.at.max(at)),
            percent: 100.0 * f64::from(points.earned) / f64::from(graded.max(1)),
            x: 0.0,
            label: format!(
                "{}: {} of {} points",
                at.strftime("%-d %B %Y, %H:%M UTC"),
                points.earned,
                points.possible
            ),
        });
    }
    dots
}

/// Gives each moment its place between `start` and `end`; in even steps when all were at once.
fn place(dots: &mut [Dot], start: Timestamp, end: Timestamp) {
    let whole = end.duration_since(start).as_secs_f64();
    let steps = dots.len().max(2) - 1;
    for (index, dot) in dots.iter_mut().enumerate() {
        let part = if whole > 0.0 {
            dot.at.duration_since(start).as_secs_f64() / whole
        } else {
            index as f64 / steps as f64
        };
        dot.x = part * SIZE;
    }
}

/// The drawing, with `top` per cent at its upper edge.
fn drawing(dots: &[Dot], top: f64, said: &str) -> String {
    let y = |dot: &Dot| SIZE - dot.percent / top * SIZE;
    let mut line = String::new();
    for (index, dot) in dots.iter().enumerate() {
        line.push_str(&match index {
            0 => format!("M{:.1} {:.1}", dot.x, y(dot)),
            _ => format!("H{:.1}V{:.1}", dot.x, y(dot)),
        });
    }
    line.push_str(&format!("H{SIZE}"));
    let first = dots.first().map_or(0.0, |dot| dot.x);
    let many = dots.len() > DOTS_MAX;
    let shown = dots
        .iter()
        .enumerate()
        .filter(|(index, _)| !many || index + 1 == dots.len());
    // A line without length and with round ends is a circle, however the drawing is stretched.
    let circles: String = shown
        .map(|(_, dot)| {
            let label = html(&dot.label);
            format!(
                "<path class=\"dot\" d=\"M{:.1} {:.1}h0\"><title>{label}</title></path>\n",
                dot.x,
                y(dot)
            )
        })
        .collect();
    format!(
        "<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">\n\
         <path class=\"grid\" d=\"M0 0H1000M0 500H1000M0 1000H1000\"/>\n\
         <path class=\"area\" d=\"{line}V1000H{first:.1}Z\"/>\n<path class=\"line\" d=\"{line}\"/>\n{circles}</svg>",
        html(said)
    )
}

/// What stands below the drawing: start, middle and end, as exact as the time between them asks for.
fn dates(start: Timestamp, end: Timestamp) -> Vec<String> {
    let between = end.duration_since(start);
    let hours = between.as_secs_f64() / 3600.0;
    let format = match hours {
        hours if hours > 24.0 * 300.0 => "%b %Y",
        hours if hours > 72.0 => "%-d %b",
        _ => "%-d %b %H:%M",
    };
    let middle = start + between / 2;
    let moments = if hours > 0.0 {
        vec![start, middle, end]
    } else {
        vec![start]
    };
    moments
        .iter()
        .map(|moment| moment.strftime(format).to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::score::Points;

    const NOW: &str = "2026-07-26T14:03:00Z";

    fn moment(at: &str, earned: u32) -> Moment {
        Moment {
            at: at.to_owned(),
            points: Points {
                earned,
                possible: 110,
                not_graded: 10,
            },
        }
    }

    #[test]
    fn without_a_moment_it_says_what_will_be_here() {
        assert!(figure(&[], NOW).contains("from the first graded run"));
        assert!(figure(&[moment("yesterday", 1)], NOW).contains("from the first graded run"));
    }

    #[test]
    fn one_moment_is_a_level_line_to_now() {
        let chart = figure(&[moment("2026-07-25T14:03:00Z", 10)], NOW);
        assert!(chart.contains("class=\"line\" d=\"M0.0 500.0H1000\""), "{chart}");
        assert_eq!(chart.matches("class=\"dot\"").count(), 1);
    }

    #[test]
    fn steps_stand_where_their_time_is() {
        let history = [
            moment("2026-07-22T14:03:00Z", 10),
            moment("2026-07-25T14:03:00Z", 20),
        ];
        let chart = figure(&history, NOW);
        assert!(chart.contains("d=\"M0.0 500.0H750.0V0.0H1000\""), "{chart}");
        assert!(
            chart.contains("10 % on 22 July 2026, 20 % on 26 July 2026"),
            "{chart}"
        );
        assert!(
            chart.contains("<span>22 Jul</span><span>24 Jul</span><span>26 Jul</span>"),
            "{chart}"
        );
    }

    #[test]
    fn moments_at_once_or_back_in_time_stay_in_the_drawing() {
        let history = [
            moment(NOW, 10),
            moment("2020-01-01T00:00:00Z", 60),
            moment(NOW, 70),
        ];
        let chart = figure(&history, NOW);
        assert!(
            chart.contains("d=\"M0.0 900.0H500.0V400.0H1000.0V300.0H1000\""),
            "{chart}"
        );
    }

    #[test]
    fn five_hundred_moments_have_a_line_and_one_dot() {
        let chart = figure(&fixture::history(500), NOW);
        assert_eq!(chart.matches("class=\"dot\"").count(), 1);
        // The line and the area below it: a step between each two, and the area's way down.
        assert_eq!(chart.matches('V').count(), 499 + 499 + 1);
    }
}
