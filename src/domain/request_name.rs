//! What saved requests are called. Knows no files, though every name is fit to be one.

use std::fmt;
use std::path::Path;

use crate::domain::Problem;

/// The name of a saved request: `folder/name`. Where it is saved, it is also the path of a file, and cannot
/// lead out of its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestName(String);

/// Longest part of a name in bytes: most file systems take 255, of which the ending and a temporary file need some.
const LONGEST_PART: usize = 200;

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

impl RequestName {
    /// Reads a name such as `routines/create`.
    ///
    /// # Errors
    /// When a part of it would be no safe name of a file or folder on every system.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match text.split('/').find_map(wrong_part) {
            None => Ok(Self(text.to_owned())),
            Some(why) => Err(
                Problem::new(format!("{text:?} cannot be the name of a request"))
                    .because(why)
                    .hint("use letters, digits, dashes, and / between folders"),
            ),
        }
    }

    /// A name made of any words, one of `folders` a part: lower case, with dashes, so that `{{requests.the-name.body.id}}`
    /// can refer to it.
    pub fn from_words<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let slugs: Vec<String> = parts.into_iter().map(slug).collect();
        match slugs.is_empty() {
            true => Self(slug("")),
            false => Self(slugs.join("/")),
        }
    }

    /// What a file is called that is not among the saved ones: its path as it was given. Nothing can refer to it.
    pub fn of_file(path: &Path) -> Self {
        Self(path.display().to_string())
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders, without the last part.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }

    /// The last part.
    pub fn base(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// This name with `-2`, `-3` … behind it.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        Self(format!("{}-{number}", self.0))
    }
}

impl fmt::Display for RequestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn wrong_part(part: &str) -> Option<String> {
    let stem = part.split('.').next().unwrap_or_default();
    let is_odd = |c: &char| c.is_control() || "<>:\"\\|?*".contains(*c);
    if part.is_empty() {
        Some("a part of it is empty".into())
    } else if part.len() > LONGEST_PART {
        Some(format!("a part of it is longer than {LONGEST_PART} bytes"))
    } else if part.starts_with(['.', ' ']) || part.ends_with(['.', ' ']) {
        Some("a part of it begins or ends with a dot or a space".into())
    } else if let Some(odd) = part.chars().find(is_odd) {
        Some(format!("{odd:?} cannot stand in a file name everywhere"))
    } else if DEVICES
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
    {
        Some(format!("{stem} is a device on Windows"))
    } else {
        None
    }
}

fn slug(words: &str) -> String {
    let mut slug = String::new();
    for c in words.chars() {
        if c.is_alphanumeric() || c == '_' {
            slug.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
            if c == '_' {
                slug.push('_');
            }
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() > LONGEST_PART / 2 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    match wrong_part(slug) {
        None => slug.to_owned(),
        Some(_) => format!("request-{slug}").trim_end_matches('-').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for name in ["a", "routines/create", "A b/ü_1-2.x"] {
            assert_eq!(RequestName::parse(name).unwrap().as_str(), name);
        }
        for name in [
            "",
            "/a",
            "a/",
            "a//b",
            "..",
            "../a",
            "a/../b",
            "./a",
            "a\\b",
            "c:a",
            "a\n",
            "nul.x",
            "LPT1",
            ".hidden",
            "a.",
            "a ",
            &"x".repeat(201),
        ] {
            assert!(RequestName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn words_become_a_name() {
        let name = RequestName::from_words(["Card → Account!", "POST /v1/routines"]);
        assert_eq!(name.as_str(), "card-account/post-v1-routines");
        assert_eq!(
            (name.folder(), name.base()),
            (Some("card-account"), "post-v1-routines")
        );
        assert_eq!(
            RequestName::from_words(["con", ""]).as_str(),
            "request-con/request"
        );
        assert_eq!(
            RequestName::from_words([]).numbered(2).as_str(),
            "request-2"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_words_make_a_sound_name(parts in prop::collection::vec(".{0,300}", 0..3)) {
            let name = RequestName::from_words(parts.iter().map(String::as_str));
            prop_assert!(RequestName::parse(name.as_str()).is_ok(), "{}", name);
        }
    }
}
