//! Colours by purpose. Where a purpose shows up is the business of the screen.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use strum::EnumIter;
use thiserror::Error;

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Ordinary words.
    Text,
    /// Words that may be overlooked: labels, units, hints.
    Muted,
    /// Words that carry weight.
    Strong,
    /// The one thing to look at.
    Accent,
    /// It went well.
    Success,
    /// It needs attention.
    Warning,
    /// It went wrong.
    Danger,
    /// Real money moves here.
    Production,
    /// Title of a pane.
    Title,
    /// Title of the pane that has the keys.
    TitleFocused,
    /// The line beside a title.
    Rule,
    /// The line beside the title of the pane that has the keys.
    RuleFocused,
    /// The selected row of the pane that has the keys.
    Selection,
    /// A key to press.
    Key,
    /// Around a popup.
    Border,
    /// Where text is typed.
    Field,
    /// What a search has found.
    Match,
    /// Which of that is looked at.
    CurrentMatch,
    /// Name of a JSON member.
    Name,
    /// JSON string.
    String,
    /// JSON number.
    Number,
    /// `true`, `false`, `null`.
    Keyword,
    /// Brackets, colons, commas.
    Punctuation,
}

/// A style for each role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    styles: BTreeMap<Role, Style>,
}

/// A mistake in a theme.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}: {reason}")]
pub struct ThemeError {
    /// Name of the file.
    pub file: String,
    /// Line, column and key.
    pub reason: String,
}

/// As a style is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Look {
    fg: Option<Colour>,
    bg: Option<Colour>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    reversed: bool,
}

/// A name, the number of one of 256 colours, or `#rrggbb`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Colour(Color);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let colour = text
            .parse()
            .map_err(|_| format!("\"{text}\" is no colour"))?;
        Ok(Self(colour))
    }
}

impl Theme {
    /// One of the themes that come with the program: `dark`, `light`, `plain` without any colour, `console` with 16 of them.
    ///
    /// # Errors
    /// When none is called `name`, or the embedded file is wrong; a test keeps that from being shipped.
    pub fn named(name: &str) -> Result<Self, ThemeError> {
        let text = match name {
            "dark" => include_str!("../../assets/themes/dark.toml"),
            "light" => include_str!("../../assets/themes/light.toml"),
            "plain" => include_str!("../../assets/themes/plain.toml"),
            "console" => include_str!("../../assets/themes/console.toml"),
            _ => {
                let reason = format!(
                    "no theme is called \"{name}\"; there are dark, light, plain and console"
                );
                return Err(ThemeError {
                    file: "theme".into(),
                    reason,
                });
            }
        };
        Self::parse(&format!("{name}.toml"), text)
    }

    /// Reads a theme. A role that it does not name looks like the terminal's own text.
    ///
    /// # Errors
    /// When `text` is not TOML, or names a role or colour that does not exist.
    pub fn parse(file: &str, text: &str) -> Result<Self, ThemeError> {
        let looks: BTreeMap<Role, Look> = toml::from_str(text).map_err(|error| ThemeError {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        let styles = looks
            .into_iter()
            .map(|(role, look)| (role, look.style()))
            .collect();
        Ok(Self { styles })
    }

    /// How `role` looks.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }
}

impl Look {
    fn style(&self) -> Style {
        let mut style = Style::new();
        style.fg = self.fg.map(|colour| colour.0);
        style.bg = self.bg.map(|colour| colour.0);
        for (is_set, modifier) in [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underlined, Modifier::UNDERLINED),
            (self.reversed, Modifier::REVERSED),
        ] {
            if is_set {
                style = style.add_modifier(modifier);
            }
        }
        style
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn the_built_in_themes_name_every_role() {
        for name in ["dark", "light", "plain", "console"] {
            let theme = Theme::named(name).unwrap();
            for role in Role::iter() {
                assert!(theme.styles.contains_key(&role), "{name}: {role:?}");
            }
        }
    }

    #[test]
    fn the_console_is_given_its_sixteen_colours_and_no_bright_background() {
        let theme = Theme::named("console").unwrap();
        for (role, style) in &theme.styles {
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(
                    !matches!(colour, Color::Indexed(_) | Color::Rgb(..)),
                    "{role:?}"
                );
            }
            let ground = style.bg.unwrap_or(Color::Black);
            let dark = [
                Color::Black,
                Color::Red,
                Color::Blue,
                Color::Cyan,
                Color::Yellow,
            ];
            assert!(dark.contains(&ground), "{role:?}: {ground}");
        }
    }

    #[test]
    fn the_plain_theme_has_no_colour() {
        let theme = Theme::named("plain").unwrap();
        assert!(
            theme
                .styles
                .values()
                .all(|style| style.fg.is_none() && style.bg.is_none())
        );
        assert_ne!(
            theme.style(Role::Selection),
            Style::new(),
            "a selection is still seen"
        );
    }

    #[test]
    fn a_mistake_names_file_line_and_key() {
        let error = Theme::parse("mine.toml", "\ndangr = {}\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("mine.toml: ") && error.contains("line 2") && error.contains("dangr"),
            "{error}"
        );
        let error = Theme::parse("mine.toml", "danger = { fg = \"redd\" }\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("\"redd\" is no colour"), "{error}");
        assert!(
            Theme::named("neon")
                .unwrap_err()
                .to_string()
                .contains("dark, light, plain and console")
        );
    }
}
