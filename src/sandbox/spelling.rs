//! Checks how a text is spelled: closed lists, lengths, patterns and formats. Where the text stands is not asked here.

use std::net::IpAddr;

use regex::Regex;

use crate::domain::{Field, Format};

/// Characters of a wrong value that are repeated in the description.
const REPEATED: usize = 40;

/// How a text is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misspelt {
    /// The rest of a sentence: `must be an e-mail address, not "ada"`.
    pub(crate) reason: String,
    /// Whether it is none of a closed list.
    pub(crate) is_unlisted: bool,
}

/// How the texts of one field are spelled.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    field: Field,
    pattern: Option<Regex>,
}

impl Spelling {
    /// The spelling that `field` asks for.
    ///
    /// # Errors
    /// When its pattern is no regular expression.
    pub(crate) fn of(field: &Field) -> Result<Self, regex::Error> {
        Ok(Self {
            pattern: field.pattern.as_deref().map(whole).transpose()?,
            field: field.clone(),
        })
    }

    /// Checks `text`. An empty one is right where the field need not be there.
    pub(crate) fn check(&self, text: &str) -> Result<(), Misspelt> {
        let field = &self.field;
        if text.is_empty() {
            return match field.required {
                true => wrong("must not be empty".into()),
                false => Ok(()),
            };
        }
        if !field.values.is_empty() && !field.values.iter().any(|value| value == text) {
            return Err(Misspelt {
                reason: format!(
                    "must be one of {}{}",
                    field.values.join(", "),
                    self.shown(text)
                ),
                is_unlisted: true,
            });
        }
        let length = text.chars().count();
        if let Some(least) = field.min_length.filter(|least| length < *least) {
            return wrong(format!(
                "must have at least {least} characters, it has {length}"
            ));
        }
        if let Some(most) = field.max_length.filter(|most| length > *most) {
            return wrong(format!(
                "must have at most {most} characters, it has {length}"
            ));
        }
        if let (Some(pattern), Some(written)) = (&self.pattern, &field.pattern)
            && !pattern.is_match(text)
        {
            return wrong(format!("must match {written}{}", self.shown(text)));
        }
        match field.format.and_then(|format| misfit(format, text)) {
            Some(what) => wrong(format!("must be {what}{}", self.shown(text))),
            None => Ok(()),
        }
    }

    /// The wrong text, as it is repeated to the caller; a secret is not.
    fn shown(&self, text: &str) -> String {
        match self.field.secret {
            true => String::new(),
            false => format!(
                ", not {:?}",
                text.chars().take(REPEATED).collect::<String>()
            ),
        }
    }
}

fn wrong(reason: String) -> Result<(), Misspelt> {
    Err(Misspelt {
        reason,
        is_unlisted: false,
    })
}

/// `pattern` as a test of a whole text. Its `\d` means ASCII digits, as in JSON schema, not those of every script.
fn whole(pattern: &str) -> Result<Regex, regex::Error> {
    Regex::new(&format!("^(?:{})$", pattern.replace(r"\d", "[0-9]")))
}

/// What `text` should have been, where it is not of `format`.
fn misfit(format: Format, text: &str) -> Option<&'static str> {
    let is_email = || {
        let (user, host) = text.rsplit_once('@').unwrap_or_default();
        let is_clean = !text.contains(|c: char| c.is_whitespace() || c.is_control());
        let is_host = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
        !user.is_empty() && is_host && is_clean
    };
    let (fits, what) = match format {
        Format::Date => (
            text.parse::<jiff::civil::Date>().is_ok(),
            "a date such as 1985-02-03",
        ),
        Format::Email => (is_email(), "an e-mail address"),
        Format::Ip => (text.parse::<IpAddr>().is_ok(), "an IP address"),
        Format::Url => (url::Url::parse(text).is_ok(), "an absolute URL"),
        // Phones are held to their pattern; the rest comes in answers only, or in spellings that are not documented.
        Format::Phone | Format::DateTime | Format::Amount | Format::Base64 => (true, ""),
    };
    (!fits).then_some(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(field: &Field, text: &str) -> String {
        let spelling = Spelling::of(field).unwrap();
        spelling
            .check(text)
            .map_or_else(|wrong| wrong.reason, |()| String::new())
    }

    #[test]
    fn a_pattern_holds_for_the_whole_text_and_its_digits_are_ascii() {
        let field = Field {
            pattern: Some(r"\d{4}|\d{9}".into()),
            ..Field::default()
        };
        assert_eq!(reason(&field, "1234"), "");
        for text in ["12345", "1234\n", "١٢٣٤"] {
            assert_eq!(
                reason(&field, text),
                format!("must match \\d{{4}}|\\d{{9}}, not {text:?}")
            );
        }
    }

    #[test]
    fn a_wrong_secret_is_not_repeated() {
        let field = Field {
            values: vec!["a".into()],
            secret: true,
            ..Field::default()
        };
        assert_eq!(reason(&field, "hunter2"), "must be one of a");
    }

    #[test]
    fn formats_are_held_to() {
        for (format, right, wrong) in [
            (Format::Date, "2024-02-29", "2023-02-29"),
            (Format::Email, "a.b@example.com", "a@b"),
            (Format::Email, "a@x.y", "a b@x.y"),
            (Format::Ip, "2001:db8::1", "192.0.2"),
            (Format::Url, "http://127.0.0.1/callback", "/callback"),
        ] {
            let field = Field {
                format: Some(format),
                ..Field::default()
            };
            assert_eq!(reason(&field, right), "");
            assert!(!reason(&field, wrong).is_empty(), "{wrong}");
        }
    }

    #[test]
    fn an_empty_text_is_wrong_where_the_field_is_required() {
        let mut field = Field {
            min_length: Some(2),
            ..Field::default()
        };
        assert_eq!(reason(&field, ""), "");
        field.required = true;
        assert_eq!(reason(&field, ""), "must not be empty");
    }
}
