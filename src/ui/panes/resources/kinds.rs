//! The kinds of things that the pane lists, as data: where each comes from, its columns, and what can be done with one.
//!
//! Names of fields are those of the shapes in `assets/catalog`. A column shows the first of its fields that holds something.

use crate::config::Action;
use crate::ui::panes::resources::deeds::Deed;

/// A kind of thing, and the tab that lists it.
pub(super) struct Kind {
    /// The tab.
    pub(super) title: &'static str,
    /// One of them, in a sentence.
    pub(super) one: &'static str,
    /// Several of them.
    pub(super) many: &'static str,
    /// The endpoint that lists them.
    pub(super) list: &'static str,
    /// The endpoint that reads one.
    pub(super) get: Option<&'static str>,
    /// The endpoint that adds one.
    pub(super) add: Option<&'static str>,
    /// From left to right.
    pub(super) columns: &'static [Column],
    /// What the line below the table tells of the selected row besides its id.
    pub(super) details: &'static [(&'static str, &'static str)],
    /// What can be done with the selected row, the most usual first.
    pub(super) deeds: &'static [(Action, Deed)],
    /// What to do where there is none.
    pub(super) advice: Advice,
}

/// A column of a table.
pub(super) struct Column {
    /// Its name.
    pub(super) heading: &'static str,
    /// Where its text comes from, such as `source.id`.
    pub(super) fields: &'static [&'static str],
    /// How the text is shown.
    pub(super) shows: Shows,
    /// Columns with a higher worth go last when there is no room.
    pub(super) worth: u8,
    /// Fewest and most cells that make sense.
    pub(super) bounds: (usize, usize),
}

/// How the text of a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// The name of the thing.
    Name,
    /// Other words.
    Text,
    /// Words that matter less.
    Note,
    /// Two fields, the finer behind the coarser; the finer alone where there is no room.
    Pair,
    /// Money, as exactly as it was sent.
    Amount,
    /// A moment, in local time, or a day as it is.
    Time,
    /// A status, in its colour.
    Status,
    /// Whether a bank can be reached; a tick for yes where there is no room.
    Link,
    /// `true` and `false` in words: the first where it is true.
    Flag(&'static str, &'static str),
    /// The last digits of a number.
    Mask,
    /// The account or card with this identifier: its name, or both ends of the identifier.
    Party,
}

/// What leads out of an empty list: words, and the key that stands in them for `{}`.
pub(super) struct Advice {
    pub(super) words: &'static str,
    pub(super) action: Action,
}

const fn column(
    heading: &'static str,
    fields: &'static [&'static str],
    shows: Shows,
    worth: u8,
    bounds: (usize, usize),
) -> Column {
    Column {
        heading,
        fields,
        shows,
        worth,
        bounds,
    }
}

/// Every kind, in the order of the tabs.
pub(super) const KINDS: [Kind; 5] = [ACCOUNTS, CARDS, ROUTINES, TRANSFERS, TRANSACTIONS];

/// Place of the accounts among the kinds.
pub(super) const OF_ACCOUNTS: usize = 0;
/// Place of the cards.
pub(super) const OF_CARDS: usize = 1;
/// Place of the transfers.
pub(super) const OF_TRANSFERS: usize = 3;

/// The transfers of one routine are listed in the tab of all.
pub(super) const OF_ROUTINE: &str = "routines.transfers";

const ACCOUNTS: Kind = Kind {
    title: "Accounts",
    one: "account",
    many: "accounts",
    list: "accounts.list",
    get: Some("accounts.get"),
    add: Some("accounts.create"),
    columns: &[
        column(
            "account",
            &["nickname", "name", "official_name"],
            Shows::Name,
            9,
            (12, 32),
        ),
        column("mask", &["mask"], Shows::Mask, 7, (6, 6)),
        column("type", &["type", "subtype"], Shows::Pair, 3, (8, 24)),
        column(
            "current $",
            &["current_balance"],
            Shows::Amount,
            8,
            (11, 26),
        ),
        column(
            "available $",
            &["available_balance"],
            Shows::Amount,
            6,
            (11, 26),
        ),
        column(
            "institution",
            &["institution_name"],
            Shows::Text,
            4,
            (12, 31),
        ),
        column(
            "connection",
            &["connection_status"],
            Shows::Link,
            5,
            (5, 10),
        ),
    ],
    details: &[("balances of", "last_balance_update_on")],
    deeds: &[
        (Action::ListTransfers, Deed::TransfersFrom),
        (Action::ComposeRoutine, Deed::RoutineFromAccount),
    ],
    advice: Advice {
        words: "press {} to sign in once more and link one on the hosted pages",
        action: Action::SignIn,
    },
};

const CARDS: Kind = Kind {
    title: "Cards",
    one: "card",
    many: "cards",
    list: "cards.list",
    get: Some("cards.get"),
    add: Some("cards.create"),
    columns: &[
        column("card", &["card_company"], Shows::Name, 9, (8, 20)),
        column("mask", &["last_four_digits"], Shows::Mask, 8, (6, 6)),
        column("expires", &["expiration_date"], Shows::Note, 5, (7, 7)),
        column("kind", &["card_type"], Shows::Note, 2, (6, 10)),
        column(
            "status",
            &["status", "review_status"],
            Shows::Status,
            7,
            (8, 9),
        ),
        column("holder", &["last_name"], Shows::Text, 4, (8, 20)),
        column(
            "pulls",
            &["pull_enabled"],
            Shows::Flag("yes", "no"),
            3,
            (5, 5),
        ),
        column(
            "pushes",
            &["push_enabled"],
            Shows::Flag("yes", "no"),
            3,
            (6, 6),
        ),
        column("added", &["created"], Shows::Time, 1, (12, 12)),
    ],
    details: &[("added", "created"), ("ZIP", "zip_code")],
    deeds: &[
        (Action::ListTransfers, Deed::TransfersFrom),
        (Action::ComposeRoutine, Deed::RoutineFromCard),
        (Action::DeleteSelected, Deed::DeleteCard),
    ],
    advice: Advice {
        words: "press {} to add one",
        action: Action::AddAnother,
    },
};

const FROM: Column = column(
    "from",
    &["source_id", "source.id"],
    Shows::Party,
    6,
    (9, 24),
);
const TO: Column = column(
    "to",
    &["destination_id", "destination.id"],
    Shows::Party,
    6,
    (9, 24),
);

const ROUTINES: Kind = Kind {
    title: "Routines",
    one: "routine",
    many: "routines",
    list: "routines.list",
    get: Some("routines.get"),
    add: Some("routines.create"),
    columns: &[
        column("routine", &["name"], Shows::Name, 9, (10, 28)),
        column("amount $", &["amount"], Shows::Amount, 8, (8, 26)),
        column("status", &["status"], Shows::Status, 7, (16, 29)),
        FROM,
        TO,
        column("type", &["type"], Shows::Note, 5, (8, 18)),
        column("every", &["frequency"], Shows::Note, 2, (5, 9)),
        column(
            "way",
            &["payment_type", "payment_route"],
            Shows::Note,
            3,
            (5, 6),
        ),
        column("starts", &["start_date"], Shows::Time, 1, (12, 12)),
    ],
    details: &[
        ("made", "created"),
        ("starts", "start_date"),
        ("speed", "preferred_settlement_speed"),
        ("reference", "client_correlation_id"),
    ],
    deeds: &[
        (Action::ListTransfers, Deed::TransfersOfRoutine),
        (Action::PauseRoutine, Deed::Pause),
        (Action::DeleteSelected, Deed::DeleteRoutine),
        (Action::ComposeRoutine, Deed::Routine),
    ],
    advice: Advice {
        words: "press {} to make one",
        action: Action::ComposeRoutine,
    },
};

const TRANSFERS: Kind = Kind {
    title: "Transfers",
    one: "transfer",
    many: "transfers",
    list: "transfers.list",
    get: Some("transfers.get"),
    add: None,
    columns: &[
        column("started", &["initiated"], Shows::Time, 4, (12, 12)),
        column("routine", &["routine_name"], Shows::Name, 9, (8, 28)),
        column("amount $", &["amount"], Shows::Amount, 8, (8, 26)),
        column("status", &["status"], Shows::Status, 7, (9, 12)),
        FROM,
        TO,
        column("way", &["payment_type"], Shows::Note, 3, (5, 6)),
    ],
    details: &[
        ("started", "initiated"),
        ("due", "estimated_clearing_date"),
        ("changed", "updated"),
    ],
    deeds: &[(Action::CancelTransfer, Deed::Cancel)],
    advice: Advice {
        words: "routines make them: press {} to make one",
        action: Action::ComposeRoutine,
    },
};

const TRANSACTIONS: Kind = Kind {
    title: "Transactions",
    one: "transaction",
    many: "transactions",
    list: "transactions.list",
    get: None,
    add: None,
    columns: &[
        column("day", &["date"], Shows::Time, 7, (10, 12)),
        column(
            "entry",
            &["merchant_name", "name"],
            Shows::Name,
            9,
            (12, 32),
        ),
        column("amount $", &["amount"], Shows::Amount, 8, (8, 26)),
        column(
            "posted",
            &["pending"],
            Shows::Flag("pending", "posted"),
            6,
            (7, 7),
        ),
        column("account", &["account_id"], Shows::Party, 5, (9, 24)),
        column("category", &["category"], Shows::Note, 3, (8, 20)),
    ],
    details: &[("as the bank spells it", "name")],
    deeds: &[],
    advice: Advice {
        words: "the banks told of no entry in the last 30 days; press {} to ask again",
        action: Action::Reload,
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::domain::EndpointId;

    #[test]
    fn every_field_and_every_endpoint_is_in_the_catalogue() {
        let catalog = Catalog::built_in().unwrap();
        for kind in &KINDS {
            let endpoint = |id: &str| {
                let endpoint = catalog.endpoint(&EndpointId::new(id));
                endpoint.unwrap_or_else(|| panic!("no endpoint is called {id}"))
            };
            kind.get.map(endpoint);
            kind.add.map(endpoint);
            let known = catalog.answer_fields(endpoint(kind.list));
            let columns = kind
                .columns
                .iter()
                .map(|column| (column.heading, column.fields));
            let details = kind
                .details
                .iter()
                .map(|(label, field)| (*label, std::slice::from_ref(field)));
            for (label, fields) in columns.chain(details) {
                assert!(
                    fields
                        .iter()
                        .any(|field| known.iter().any(|known| known.name == *field)),
                    "{}: {label} of {fields:?}",
                    kind.list
                );
            }
        }
        assert_eq!(KINDS[OF_ACCOUNTS].list, "accounts.list");
        assert_eq!(KINDS[OF_CARDS].list, "cards.list");
        assert_eq!(KINDS[OF_TRANSFERS].list, "transfers.list");
        assert!(catalog.endpoint(&EndpointId::new(OF_ROUTINE)).is_some());
    }
}
