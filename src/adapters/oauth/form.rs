//! Reads one hosted page: its heading, its alert, and its form filled in the way the page itself suggests.

use roxmltree::{Document, Node, ParsingOptions};

use crate::domain::Problem;

/// What a page says and asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// The text of its first heading.
    pub(super) heading: String,
    /// What went wrong on the last page, if it says so.
    pub(super) alert: Option<String>,
    /// Its form.
    pub(super) form: Option<Form>,
}

/// A form with its fields filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Where it goes; relative to the page.
    pub(super) action: String,
    /// Names and values in order.
    pub(super) fields: Vec<(String, String)>,
}

impl Page {
    /// Reads a page that is well-formed XML as well as HTML.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let options = ParsingOptions {
            allow_dtd: true, // <!DOCTYPE html>
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).map_err(|error| {
            Problem::new("a hosted page cannot be read from here").because(error.to_string())
        })?;
        let elements = || document.descendants().filter(Node::is_element);
        let heading = elements().find(|node| node.has_tag_name_of(&["h1", "h2"]));
        let alert = elements().find(|node| node.attribute("role") == Some("alert"));
        let is_post = |node: &Node| {
            node.has_tag_name_of(&["form"])
                && node
                    .attribute("method")
                    .is_some_and(|method| method.eq_ignore_ascii_case("post"))
        };
        Ok(Self {
            heading: heading.map(words).unwrap_or_default(),
            alert: alert.map(words).filter(|alert| !alert.is_empty()),
            form: elements().find(is_post).map(fill),
        })
    }
}

/// Comparing local names only: whether the page names the XHTML namespace makes no difference.
trait TagName {
    fn has_tag_name_of(&self, names: &[&str]) -> bool;
}

impl TagName for Node<'_, '_> {
    fn has_tag_name_of(&self, names: &[&str]) -> bool {
        names.contains(&self.tag_name().name())
    }
}

/// The text inside `node`, its white space as a browser shows it.
fn words(node: Node<'_, '_>) -> String {
    let text: Vec<&str> = node
        .descendants()
        .filter_map(|node| node.is_text().then(|| node.text()).flatten())
        .flat_map(str::split_whitespace)
        .collect();
    text.join(" ")
}

fn fill(form: Node<'_, '_>) -> Form {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut is_submitted = false;
    for control in form.descendants().filter(Node::is_element) {
        if control.has_attribute("disabled") {
            continue;
        }
        let kind = control.attribute("type").unwrap_or_default();
        let name = control.attribute("name").filter(|name| !name.is_empty());
        let value = match (control.tag_name().name(), kind) {
            ("input" | "button", "submit") | ("button", "") => {
                if std::mem::replace(&mut is_submitted, true) {
                    continue; // a form is submitted by one button
                }
                Some(control.attribute("value").unwrap_or_default().to_owned())
            }
            ("button", _) | ("input", "button" | "reset" | "image" | "file") => None,
            ("input", "checkbox") => Some(control.attribute("value").unwrap_or("on").to_owned()),
            ("input", "radio") => name.and_then(|name| radio(form, name)),
            ("input", _) => Some(typed(control)),
            ("textarea", _) => Some(words(control))
                .filter(|text| !text.is_empty())
                .or_else(|| Some(typed(control))),
            ("select", _) => selected(control),
            _ => None,
        };
        let (Some(name), Some(value)) = (name, value) else {
            continue;
        };
        let is_second_radio = kind == "radio" && fields.iter().any(|(known, _)| known == name);
        if !is_second_radio {
            fields.push((name.to_owned(), value));
        }
    }
    Form {
        action: form.attribute("action").unwrap_or_default().to_owned(),
        fields,
    }
}

/// The value that is there already, or else the one that the page suggests to type.
fn typed(control: Node<'_, '_>) -> String {
    let value = control.attribute("value").filter(|value| !value.is_empty());
    let kind = control.attribute("type").unwrap_or_default();
    let suggested = || {
        control
            .attribute("placeholder")
            .filter(|_| kind != "hidden")
    };
    value.or_else(suggested).unwrap_or_default().to_owned()
}

/// The value of the chosen button of a group, or else of its first.
fn radio(form: Node<'_, '_>, name: &str) -> Option<String> {
    let buttons = || {
        form.descendants().filter(|node| {
            node.attribute("type") == Some("radio") && node.attribute("name") == Some(name)
        })
    };
    let chosen = buttons()
        .find(|node| node.has_attribute("checked"))
        .or_else(|| buttons().next())?;
    Some(chosen.attribute("value").unwrap_or("on").to_owned())
}

/// The value of the selected option, or else of the first that has one.
fn selected(control: Node<'_, '_>) -> Option<String> {
    let options = || {
        control
            .descendants()
            .filter(|node| node.has_tag_name_of(&["option"]) && !node.has_attribute("disabled"))
    };
    let value = |node: Node<'_, '_>| {
        node.attribute("value")
            .map_or_else(|| words(node), str::to_owned)
    };
    options()
        .find(|node| node.has_attribute("selected"))
        .map(value)
        .or_else(|| options().map(value).find(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page::parse(&format!(
            "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>{body}</body></html>"
        ))
        .unwrap()
    }

    fn fields(controls: &str) -> Vec<(String, String)> {
        let page = page(&format!(
            "<form method=\"POST\" action=\"/next\">{controls}</form>"
        ));
        page.form.unwrap().fields
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect()
    }

    #[test]
    fn a_page_is_read_as_a_browser_shows_it() {
        let page = page(
            "<h1>Your\n  <em>phone</em></h1><p role=\"alert\"> Wrong code </p><form action=\"/search\"></form>",
        );
        assert_eq!(page.heading, "Your phone");
        assert_eq!(page.alert.as_deref(), Some("Wrong code"));
        assert_eq!(page.form, None);
    }

    #[test]
    fn text_is_what_is_there_or_what_is_suggested() {
        let controls = "<input type=\"hidden\" name=\"step\" value=\"1\"/><input type=\"hidden\" name=\"empty\" placeholder=\"x\"/>\
            <label>Phone <input name=\"phone\" type=\"tel\" value=\"\" placeholder=\"5550100\"/></label>\
            <input name=\"code\" value=\"1\" placeholder=\"2\"/><input type=\"text\"/><input name=\"off\" disabled=\"\" value=\"1\"/>\
            <textarea name=\"note\" placeholder=\"why\"></textarea>";
        let expected = [
            ("step", "1"),
            ("empty", ""),
            ("phone", "5550100"),
            ("code", "1"),
            ("note", "why"),
        ];
        assert_eq!(fields(controls), pairs(&expected));
    }

    #[test]
    fn boxes_are_ticked_and_one_button_of_each_kind_is_pressed() {
        let controls = "<input type=\"checkbox\" name=\"agree\"/><input type=\"radio\" name=\"bank\" value=\"a\"/>\
            <input type=\"radio\" name=\"bank\" value=\"b\" checked=\"\"/>\
            <select name=\"state\"><option value=\"\">choose</option><option>CA</option></select>\
            <button type=\"button\" name=\"help\">?</button><button name=\"do\" value=\"allow\">Authorize</button>\
            <button name=\"do\" value=\"deny\">Refuse</button>";
        let expected = [
            ("agree", "on"),
            ("bank", "b"),
            ("state", "CA"),
            ("do", "allow"),
        ];
        assert_eq!(fields(controls), pairs(&expected));
    }

    #[test]
    fn a_page_that_is_not_well_formed_is_a_problem() {
        let problem = Page::parse("<p>a<br>b</p>").unwrap_err();
        assert_eq!(problem.what, "a hosted page cannot be read from here");
    }
}
