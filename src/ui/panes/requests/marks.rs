//! What is marked: saved requests to be sent one after the other, exchanges of the history to be taken out together.

use std::collections::BTreeSet;

use crate::app::export::{Form, Kept, Msg as Export};
use crate::app::{Choice, Desktop, Menu, Modal, Msg};
use crate::config::Action;
use crate::domain::history::{EntryId, Summary};

/// Marks `key`, or takes its mark away.
pub(super) fn toggle<K: Ord>(marked: &mut BTreeSet<K>, key: K) {
    if !marked.remove(&key) {
        marked.insert(key);
    }
}

/// Marks all of `keys`; if they are marked, takes their marks away.
pub(super) fn toggle_all<K: Ord + Clone>(marked: &mut BTreeSet<K>, keys: &BTreeSet<K>) {
    match keys.is_subset(marked) {
        true => marked.retain(|key| !keys.contains(key)),
        false => marked.extend(keys.iter().cloned()),
    }
}

/// All that the marked exchanges can be taken out as; where none is marked, the one under the cursor.
pub(super) fn menu(marked: &BTreeSet<EntryId>, line: &Summary) -> Msg {
    let ids: Vec<EntryId> = match marked.is_empty() {
        true => vec![line.id],
        false => marked.iter().copied().collect(), // ids grow with time: the oldest is the first
    };
    let (title, file) = match ids.len() {
        1 => ("Copy or export".into(), "exchange"),
        count => (format!("Copy or export {count} exchanges"), "exchanges"),
    };
    let kept = |form| Kept {
        ids: ids.clone(),
        form,
    };
    let choice = |action, label: &str, msg| Choice {
        action,
        label: label.into(),
        msg: Msg::Export(msg),
    };
    let plural = if ids.len() == 1 { "" } else { "s" };
    let mut choices = vec![
        choice(
            Action::CopyCurl,
            &format!("curl command{plural}"),
            Export::CopyKept(kept(Form::Curl)),
        ),
        choice(
            Action::CopyHttp,
            &format!("Request{plural} and answer{plural} as HTTP"),
            Export::CopyKept(kept(Form::Http)),
        ),
        choice(
            Action::CopyBundle,
            "Support bundle, Markdown",
            Export::CopyKept(kept(Form::Bundle)),
        ),
        choice(
            Action::WriteBundle,
            "Support bundle, to a file",
            Export::AskKept(kept(Form::Bundle), format!("{file}.md")),
        ),
        choice(
            Action::WriteHar,
            "HTTP archive (HAR), to a file",
            Export::AskKept(kept(Form::Har), format!("{file}.har")),
        ),
    ];
    if marked.is_empty() {
        choices.insert(
            2,
            Choice {
                action: Action::CopyRequestId,
                label: "request-id".into(),
                msg: copy_request_id(line),
            },
        );
    }
    Msg::open(Modal::Menu(Menu { title, choices }))
}

/// Copies what Astra's support asks for.
pub(super) fn copy_request_id(line: &Summary) -> Msg {
    match &line.request_id {
        Some(id) => Msg::Desktop(Desktop::Copy {
            text: id.clone(),
            what: "request-id",
        }),
        None => Msg::warning("this exchange has no request-id"),
    }
}
