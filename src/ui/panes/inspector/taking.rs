//! What can be taken out of the Inspector: the menu of copies and exports, and the names that are proposed for files.

use crate::app::export::{self, Form, copied};
use crate::app::requests::Entry;
use crate::app::{Choice, Desktop, Menu, Modal, Msg};
use crate::config::Action;
use crate::document::{Document, NodeKind};
use crate::domain::{Outcome, in_bytes};
use crate::ui::panes::inspector::charset::is_text;
use crate::ui::panes::inspector::reader::Reader;
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Columns of a value or path that is told in the menu.
const SHOWN: usize = 36;

/// Everything that can be copied or exported now.
pub(super) fn menu(reader: Option<&Reader>, entry: Option<&Entry>) -> Msg {
    let mut choices = Vec::new();
    if let Some(reader) = reader {
        choices.extend(of_body(reader));
    }
    if let Some(entry) = entry.filter(|entry| !entry.exchange.is_busy()) {
        choices.extend(of_exchange(entry));
    }
    if choices.is_empty() {
        return Msg::warning("there is no exchange yet to copy or export");
    }
    Msg::open(Modal::Menu(Menu {
        title: "Copy or export".into(),
        choices,
    }))
}

fn choice(action: Action, label: impl Into<String>, msg: Msg) -> Choice {
    let label = label.into();
    Choice { action, label, msg }
}

fn of_body(reader: &Reader) -> Vec<Choice> {
    let viewer = reader.viewer();
    let document = viewer.document();
    let body = document.body();
    let what = match reader.is_whole() {
        true => "Body",
        false => "What is shown",
    };
    let label = format!("{what}, {}", in_bytes(body.len()));
    let mut choices = vec![choice(Action::CopyBody, label, copy_body(document))];
    if let Some(node) = viewer.node() {
        let raw = || String::from_utf8_lossy(document.raw(node)).into_owned();
        let value = match (document.kind(node), document.raw(node).len()) {
            // It is told that it is too much; that needs no copy of it.
            (_, bytes) if bytes > export::MOST_COPIED => copied(raw(), "value"),
            (NodeKind::String, _) => copied(document.text(node).into_owned(), "value"),
            _ => copied(raw(), "value"),
        };
        let shown = document.raw(node);
        let shown = String::from_utf8_lossy(shown.get(..200).unwrap_or(shown)).into_owned();
        let shown = measure::fit(&visible(&shown.replace('\n', " ")), SHOWN).into_owned();
        let path = document.path(node);
        let end = measure::fit_end(&visible(&path), SHOWN).into_owned();
        choices.push(choice(Action::CopyValue, format!("Value, {shown}"), value));
        choices.push(choice(
            Action::CopyPath,
            format!("Its path, {end}"),
            copied(path, "path"),
        ));
    }
    choices
}

fn of_exchange(entry: &Entry) -> Vec<Choice> {
    let job = entry.exchange.job;
    let copy = |form| Msg::Export(export::Msg::Copy(job, form));
    let write = |form, end| {
        let file = format!("{}.{end}", base(entry));
        Msg::Export(export::Msg::AskExchange(job, form, file))
    };
    let mut choices = vec![
        choice(Action::CopyCurl, "curl command", copy(Form::Curl)),
        choice(
            Action::CopyHttp,
            "Request and answer as HTTP",
            copy(Form::Http),
        ),
    ];
    let response = entry.exchange.response();
    if let Some(id) = response.and_then(|response| response.request_id()) {
        let label = format!("request-id {}", measure::fit_middle(&visible(id), SHOWN));
        choices.push(choice(
            Action::CopyRequestId,
            label,
            copy_request_id(Some(entry)),
        ));
    }
    choices.extend([
        choice(
            Action::CopyBundle,
            "Support bundle, Markdown",
            copy(Form::Bundle),
        ),
        choice(
            Action::WriteBundle,
            "Support bundle, to a file",
            write(Form::Bundle, "md"),
        ),
        choice(
            Action::WriteHar,
            "HTTP archive (HAR), to a file",
            write(Form::Har, "har"),
        ),
    ]);
    choices
}

fn copy_body(document: &Document) -> Msg {
    let bytes = document.body().as_bytes();
    match std::str::from_utf8(bytes.get(..export::MOST_COPIED + 1).unwrap_or(bytes)) {
        Ok(text) => copied(text.to_owned(), "body"),
        Err(error) if error.error_len().is_none() && bytes.len() > export::MOST_COPIED => {
            copied("x".repeat(bytes.len()), "body") // cut within a letter: it is too long anyway
        }
        Err(_) => Msg::warning("the body is not text: write it to a file"),
    }
}

/// Copies what Astra's support asks for.
pub(super) fn copy_request_id(entry: Option<&Entry>) -> Msg {
    let response = entry.and_then(|entry| entry.exchange.response());
    match response.and_then(|response| response.request_id()) {
        Some(id) => Msg::Desktop(Desktop::Copy {
            text: id.to_owned(),
            what: "request-id",
        }),
        None => Msg::warning(match entry.map(|entry| &entry.exchange.outcome) {
            Some(Outcome::Done(_)) => "this answer has no request-id",
            _ => "there is no answer yet, and no request-id",
        }),
    }
}

/// Asks where to write what `reader` shows; `name` is what it comes from, without an extension.
pub(super) fn write(reader: &Reader, name: &str) -> Msg {
    let document = reader.viewer().document();
    let part = match reader.is_whole() {
        true => "",
        false => "-part",
    };
    let file = format!("{name}{part}.{}", extension(document));
    Msg::Export(export::Msg::AskBody(document.body().clone(), file))
}

/// Asks where to write the body of an answer.
pub(super) fn write_answer(reader: Option<&Reader>, entry: Option<&Entry>) -> Msg {
    match (reader, entry) {
        (Some(reader), Some(entry)) => write(reader, &base(entry)),
        _ => Msg::warning("there is no body to write"),
    }
}

/// A name for what comes from an exchange: `accounts-list`.
fn base(entry: &Entry) -> String {
    let id = entry.exchange.endpoint.as_str();
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let word = |letter| if is_word(letter) { letter } else { '-' };
    match id.is_empty() {
        true => "answer".into(),
        false => id.chars().map(word).collect(),
    }
}

/// What the name of a file ends with that holds such bytes.
fn extension(document: &Document) -> &'static str {
    let bytes = document.body().as_bytes();
    let start = bytes.trim_ascii_start();
    match start {
        _ if document.root().is_some() && document.fault().is_none() => "json",
        [b'{' | b'[', ..] => "json",
        _ if start.starts_with(b"<!") || start.starts_with(b"<html") => "html",
        _ if start.starts_with(b"<") => "xml",
        _ if start.starts_with(b"\x89PNG") => "png",
        _ if is_text(bytes) => "txt",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_end_as_their_bytes_are() {
        for (text, end) in [
            ("[1]", "json"),
            ("{\"a\": 1", "json"),
            ("<!doctype html>", "html"),
            ("<a/>", "xml"),
            ("a,b", "txt"),
            ("\0\0\u{1}", "bin"),
        ] {
            assert_eq!(extension(&Document::parse(text.into())), end, "{text}");
        }
    }

    #[test]
    fn a_body_that_no_clipboard_takes_is_told() {
        let long = "é".repeat(export::MOST_COPIED);
        for body in [long.as_str(), &format!("x{long}")] {
            let Msg::Notices(notice) = copy_body(&Document::parse(body.into())) else {
                panic!("it is copied");
            };
            assert!(format!("{notice:?}").contains("too much to copy"));
        }
    }
}
