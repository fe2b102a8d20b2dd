//! Writes pages that are HTML and well-formed XML at once. Every text that goes in is escaped here; nothing else writes markup.

use std::collections::BTreeMap;
use std::fmt::Write as _;

const STYLE: &str = "\
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
body{max-width:34rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.5rem}\
label{display:block;margin-top:1rem;font-weight:600}\
label.choice{font-weight:400}\
input:not([type=checkbox]),select{box-sizing:border-box;width:100%;padding:.5rem;font:inherit}\
button{margin:1.25rem .5rem 0 0;padding:.5rem 1rem;font:inherit;cursor:pointer}\
output,code{font:1.125rem ui-monospace,monospace;overflow-wrap:anywhere}\
output{display:block;padding:.75rem;border:1px solid}\
::placeholder{color:inherit;opacity:.75}\
[aria-invalid]{outline:2px solid #c0392b}\
[role=alert]{padding:.25rem 1rem;border:2px solid #c0392b}\
footer{margin-top:3rem;font-size:.875rem}";

/// The id of what says what was wrong, by which the field that is to be mended refers to it.
const PROBLEM: &str = "problem";

/// `text` as it may stand in an element or a quoted attribute. Characters that XML cannot hold become U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A page as it grows from top to bottom.
pub(super) struct Page {
    title: String,
    main: String,
}

impl Page {
    /// A page with this heading.
    pub(super) fn new(title: &str) -> Self {
        Self {
            title: escape(title),
            main: String::new(),
        }
    }

    /// Says, above all else, what was wrong with the last form.
    pub(super) fn alert(mut self, text: &str) -> Self {
        let alert = format!(
            "<div role=\"alert\" id=\"{PROBLEM}\"><p>{}</p></div>\n",
            escape(text)
        );
        self.main.insert_str(0, &alert);
        self
    }

    /// A paragraph of text.
    pub(super) fn paragraph(self, text: &str) -> Self {
        self.push(&format!("<p>{}</p>\n", escape(text)))
    }

    /// A list of texts.
    pub(super) fn list<T: AsRef<str>>(self, items: impl IntoIterator<Item = T>) -> Self {
        let items: String = items
            .into_iter()
            .map(|item| format!("<li>{}</li>\n", escape(item.as_ref())))
            .collect();
        match items.is_empty() {
            true => self,
            false => self.push(&format!("<ul>\n{items}</ul>\n")),
        }
    }

    /// Text to be copied, in an element with this id.
    pub(super) fn output(self, id: &str, text: &str) -> Self {
        self.push(&format!(
            "<output id=\"{}\">{}</output>\n",
            escape(id),
            escape(text)
        ))
    }

    /// The one form of the page.
    pub(super) fn form(self, form: &Form) -> Self {
        self.push(&format!("{}</form>\n", form.markup))
    }

    fn push(mut self, markup: &str) -> Self {
        self.main.push_str(markup);
        self
    }

    /// The whole document.
    pub(super) fn finish(&self) -> String {
        let Self { title, main } = self;
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <title>{title} - astrascope sandbox</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <main>\n<h1>{title}</h1>\n{main}</main>\n\
             <footer><p>The sandbox of astrascope, on this machine only. No bank is asked and no money moves.</p></footer>\n\
             </body>\n</html>\n"
        )
    }
}

/// A line of text in a form.
#[derive(Clone, Copy, Default)]
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    /// The HTML type: `text`, `tel`, `email`, `password`.
    pub(super) kind: &'a str,
    pub(super) value: &'a str,
    /// A value that works, for whoever cannot think of one.
    pub(super) placeholder: &'a str,
    pub(super) autocomplete: &'a str,
    pub(super) is_read_only: bool,
}

/// A form as it grows from top to bottom. The field that is to be mended has the focus, or else the first that can be changed.
pub(super) struct Form {
    markup: String,
    is_focused: bool,
    /// What was entered the last time.
    entered: BTreeMap<String, String>,
    /// The field that is to be mended.
    wrong: &'static str,
}

impl Form {
    /// A form that is posted to `action` with these hidden fields.
    pub(super) fn new(action: &str, hidden: &[(&str, &str)]) -> Self {
        let mut markup = format!("<form method=\"post\" action=\"{}\">\n", escape(action));
        for (name, value) in hidden {
            let (name, value) = (escape(name), escape(value));
            let _ = writeln!(
                markup,
                "<input type=\"hidden\" name=\"{name}\" value=\"{value}\"/>"
            ); // a String takes all
        }
        Self {
            markup,
            is_focused: false,
            entered: BTreeMap::new(),
            wrong: "",
        }
    }

    /// Shows what was `entered` again, and that the field `wrong` is to be mended, unless that is empty.
    pub(super) fn returned(self, entered: &BTreeMap<String, String>, wrong: &'static str) -> Self {
        Self {
            entered: entered.clone(),
            wrong,
            ..self
        }
    }

    /// Adds a field with its label.
    pub(super) fn input(mut self, input: &Input<'_>) -> Self {
        let state = match input.is_read_only {
            true => " readonly=\"readonly\"".to_owned(),
            false => self.state(input.name),
        };
        let name = escape(input.name);
        let value = match self.entered.get(input.name) {
            Some(entered) if !input.is_read_only => entered,
            _ => input.value,
        };
        let markup = format!(
            "<label for=\"{name}\">{}</label>\n<input id=\"{name}\" name=\"{name}\" type=\"{}\" value=\"{}\" \
             placeholder=\"{}\" autocomplete=\"{}\" required=\"required\"{state}/>\n",
            escape(input.label),
            escape(input.kind),
            escape(value),
            escape(input.placeholder),
            escape(input.autocomplete),
        );
        self.markup.push_str(&markup);
        self
    }

    /// Adds a box to tick; it is sent as `yes`.
    pub(super) fn checkbox(mut self, name: &str, label: &str) -> Self {
        let is_ticked = self.entered.get(name).is_some_and(|value| value == "yes");
        let ticked = if is_ticked {
            " checked=\"checked\""
        } else {
            ""
        };
        let state = if self.wrong == name {
            self.state(name)
        } else {
            String::new()
        };
        let (name, label) = (escape(name), escape(label));
        self.markup.push_str(&format!(
            "<label class=\"choice\"><input name=\"{name}\" type=\"checkbox\" value=\"yes\" required=\"required\"{ticked}{state}/> {label}</label>\n"
        ));
        self
    }

    /// Adds a choice of one among `options`, each a value and its label; the first is chosen.
    pub(super) fn select<'a>(
        mut self,
        name: &str,
        label: &str,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let state = self.state(name);
        let chosen = self.entered.get(name).cloned();
        let (name, label) = (escape(name), escape(label));
        let options = options.into_iter().map(|(value, label)| {
            let is_chosen = chosen.as_deref() == Some(value);
            format!(
                "<option value=\"{}\"{}>{}</option>\n",
                escape(value),
                if is_chosen {
                    " selected=\"selected\""
                } else {
                    ""
                },
                escape(label)
            )
        });
        let options: String = options.collect();
        self.markup.push_str(&format!(
            "<label for=\"{name}\">{label}</label>\n<select id=\"{name}\" name=\"{name}\"{state}>\n{options}</select>\n"
        ));
        self
    }

    /// Adds a button that sends the form with `name=value`. The first one is what Enter presses.
    pub(super) fn button(mut self, name: &str, value: &str, label: &str) -> Self {
        let (name, value, label) = (escape(name), escape(value), escape(label));
        self.markup.push_str(&format!(
            "<button type=\"submit\" name=\"{name}\" value=\"{value}\">{label}</button>\n"
        ));
        self
    }

    /// What is said of the field `name` beside its value: that it is wrong, and why; or that it has the focus.
    fn state(&mut self, name: &str) -> String {
        let is_wrong = !self.wrong.is_empty() && self.wrong == name;
        let takes_focus = is_wrong || self.wrong.is_empty();
        let mut state = String::new();
        if is_wrong {
            state = format!(" aria-invalid=\"true\" aria-describedby=\"{PROBLEM}\"");
        }
        if takes_focus && !std::mem::replace(&mut self.is_focused, true) {
            state.push_str(" autofocus=\"autofocus\"");
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text_and_the_page_stays_xml() {
        let hostile = "\"><script>alert(1)</script>'&nbsp;\u{0}\u{1b}]]>";
        let form = Form::new(hostile, &[(hostile, hostile)])
            .input(&Input {
                name: hostile,
                label: hostile,
                value: hostile,
                ..Input::default()
            })
            .checkbox(hostile, hostile)
            .select(hostile, hostile, [(hostile, hostile)])
            .button(hostile, hostile, hostile);
        let page = Page::new(hostile)
            .alert(hostile)
            .paragraph(hostile)
            .list([hostile])
            .output(hostile, hostile)
            .form(&form)
            .finish();
        assert!(!page.contains("<script"));
        let options = roxmltree::ParsingOptions {
            allow_dtd: true,
            ..Default::default()
        };
        let document = roxmltree::Document::parse_with_options(&page, options).unwrap();
        let input = document
            .descendants()
            .find(|node| node.attribute("id").is_some_and(|id| id.contains("script")));
        assert!(input.is_some());
    }
}
