//! The files of a new exercise, from `xtask/templates/exercise`.

/// Each file's path in the exercise, and its text with `@name@`, `@krate@` and `@title@` in it.
macro_rules! templates {
    ($($file:literal),* $(,)?) => {
        [$(($file, include_str!(concat!("../../../templates/exercise/", $file)))),*]
    };
}

const FILES: [(&str, &str); 14] = templates![
    "Cargo.toml",
    "README.md",
    "main.rs",
    "src/lib.rs",
    "tests/open.rs",
    "hidden/hidden.rs",
    "wrong/counts-from-one.toml",
    "wrong/counts-newlines.toml",
    "wrong/skips-empty-lines.toml",
    "solution/Cargo.toml",
    "solution/README.md",
    "solution/main.rs",
    "solution/src/lib.rs",
    "solution/tests/course.rs",
];

/// The files of the exercise called `name`.
pub fn files(name: &str) -> Vec<(&'static str, String)> {
    let krate = name.replace('-', "_");
    let title = title(name);
    let fill = |text: &str| {
        text.replace("@name@", name)
            .replace("@krate@", &krate)
            .replace("@title@", &title)
    };
    FILES.iter().map(|(file, text)| (*file, fill(text))).collect()
}

/// `word-count` as a heading: `Word count`.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_filled() {
        for (file, text) in files("word-count") {
            let marks = ["@name@", "@krate@", "@title@"];
            assert!(marks.iter().all(|mark| !text.contains(mark)), "{file}");
            if file.ends_with(".rs") {
                syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            }
        }
    }
}
