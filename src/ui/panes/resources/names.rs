//! What a person calls an account or a card, by its identifier: for tables that have the identifier only.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::Model;
use crate::app::resources::List;
use crate::document::Document;
use crate::domain::UserKey;
use crate::ui::panes::resources::kinds::{KINDS, OF_ACCOUNTS, OF_CARDS};

/// Names of the accounts and cards of one user, as far as they are loaded.
#[derive(Default)]
pub(super) struct Names {
    by_id: HashMap<String, String>,
    seen: [Seen; 2],
    /// Grows each time that they change.
    pub(super) revision: u64,
}

/// How much of a list was seen: its first page tells whether it is still the same list.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    first: Option<Arc<Document>>,
    pub(super) rows: usize,
}

impl Seen {
    /// All of `list`.
    pub(super) fn of(list: Option<&List>) -> Self {
        Self {
            first: list.and_then(|list| list.pages.first().cloned()),
            rows: list.map_or(0, |list| list.rows.len()),
        }
    }

    /// Whether `later` has the same rows and perhaps more behind them.
    pub(super) fn continues_in(&self, later: &Self) -> bool {
        let is_same = match (&self.first, &later.first) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        is_same && self.rows <= later.rows
    }
}

impl Names {
    /// Catches up with the lists of accounts and cards of `user`.
    pub(super) fn follow(&mut self, model: &Model, user: Option<UserKey>) {
        let list = |kind: usize| model.resources.list(user?, KINDS[kind].list);
        let (accounts, cards) = (list(OF_ACCOUNTS), list(OF_CARDS));
        let now = [Seen::of(accounts), Seen::of(cards)];
        let is_same = |(old, new): (&Seen, &Seen)| old.continues_in(new) && old.rows == new.rows;
        if self.seen.iter().zip(&now).all(is_same) {
            return;
        }
        self.seen = now;
        self.revision += 1;
        self.by_id = accounts.map(named_accounts).unwrap_or_default();
        for row in 0..cards.map_or(0, |cards| cards.rows.len()) {
            let text = |name| cards.and_then(|cards| cards.text(row, name));
            if let (Some(id), Some(company)) = (text("id"), text("card_company")) {
                let digits = text("last_four_digits").unwrap_or_default();
                self.by_id
                    .insert(id.into_owned(), format!("{company} ··{digits}"));
            }
        }
    }

    /// The name of the account or card called `id`.
    pub(super) fn get(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(String::as_str)
    }
}

/// The names of accounts; where several have the same, their last digits tell them apart.
fn named_accounts(list: &List) -> HashMap<String, String> {
    let mut shared: HashMap<String, usize> = HashMap::new();
    let rows = (0..list.rows.len()).filter_map(|row| {
        let text = |name| list.text(row, name).filter(|text| !text.is_empty());
        let name = text("nickname").or_else(|| text("name"))?;
        Some((row, text("id")?.into_owned(), name.into_owned()))
    });
    let rows: Vec<_> = rows.collect();
    for (_, _, name) in &rows {
        *shared.entry(name.clone()).or_default() += 1;
    }
    let named = |(row, id, name): (usize, String, String)| {
        let mask = list.text(row, "mask");
        match (shared.get(&name), mask) {
            (Some(2..), Some(mask)) => (id, format!("{name} ··{mask}")),
            _ => (id, name),
        }
    };
    rows.into_iter().map(named).collect()
}
