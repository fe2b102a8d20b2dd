//! What can be done with the selected row: whether it works there, in which words, and what follows.

use crate::app::{Msg, resources};
use crate::domain::{Draft, EndpointId, UserKey};
use crate::ui::panes::resources::cells::Cells;
use crate::ui::panes::resources::kinds::{KINDS, OF_ROUTINE, OF_TRANSFERS};

/// Something that a key does with the selected row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// List the transfers from this account or card.
    TransfersFrom,
    /// List the transfers that this routine has made.
    TransfersOfRoutine,
    /// Compose a routine that takes money from this account.
    RoutineFromAccount,
    /// Compose a routine that takes money from this card.
    RoutineFromCard,
    /// Compose a routine.
    Routine,
    /// Compose the change that pauses or resumes this routine.
    Pause,
    /// Delete this card.
    DeleteCard,
    /// Delete this routine.
    DeleteRoutine,
    /// Cancel this transfer.
    Cancel,
}

/// The row that something is done with.
#[derive(Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) user: UserKey,
    pub(super) cells: Cells<'a>,
    pub(super) row: usize,
}

impl Chosen<'_> {
    fn text(&self, field: &str) -> Option<String> {
        self.cells.field(self.row, field).map(Into::into)
    }

    /// Its identifier; without one nothing can be done with it.
    pub(super) fn id(&self) -> Option<String> {
        self.text("id")
    }

    fn is(&self, field: &str, words: &[&str]) -> bool {
        self.cells
            .field(self.row, field)
            .is_some_and(|text| words.contains(&text.as_ref()))
    }
}

/// The source of a routine that is made of no row: the first account, which may not have come yet.
pub(super) const FIRST_ACCOUNT: (&str, &str) = ("source_id", "");

impl Deed {
    /// What the footer says of it, where it works.
    pub(super) fn words(self, chosen: Chosen<'_>) -> Option<&'static str> {
        if self == Self::Routine {
            return Some("new routine");
        }
        chosen.id()?;
        match self {
            Self::TransfersFrom | Self::TransfersOfRoutine => Some("transfers"),
            Self::RoutineFromAccount | Self::RoutineFromCard => Some("new routine"),
            Self::Routine => Some("new routine"),
            Self::Pause if chosen.is("status", &["active"]) => Some("pause"),
            Self::Pause if chosen.is("status", &["inactive"]) => Some("resume"),
            Self::Pause => None,
            Self::DeleteCard => (!chosen.is("status", &["removed"])).then_some("delete"),
            Self::DeleteRoutine => (!chosen.is("type", &["one-time"])).then_some("delete"),
            Self::Cancel => chosen.is("status", &["pending"]).then_some("cancel it"),
        }
    }

    /// Why it does not work, where it does not.
    fn objection(self) -> &'static str {
        match self {
            Self::Pause => "active routines can be paused, and paused ones resumed",
            Self::Cancel => "only a pending transfer can be cancelled",
            Self::DeleteRoutine => "a one-time routine is paused, or its transfer cancelled",
            Self::DeleteCard => "this card is deleted already, or has no id",
            _ => "nothing can be done with an entry that has no id",
        }
    }

    /// What follows, and whether it is listed in the tab of transfers, of one routine or of all.
    pub(super) fn follows(self, chosen: Chosen<'_>) -> (Msg, Option<&'static str>) {
        let Some(id) = self.words(chosen).and_then(|_| match self {
            Self::Routine => Some(String::new()),
            _ => chosen.id(),
        }) else {
            return (Msg::warning(self.objection()), None);
        };
        let compose = |endpoint, values: &[(&str, &str)]| {
            let owned = |(label, value): &(&str, &str)| ((*label).into(), (*value).into());
            Msg::compose(endpoint, values.iter().map(owned).collect())
        };
        let call = |endpoint: &str| {
            Msg::send(
                Draft::new(endpoint)
                    .on_behalf_of(chosen.user)
                    .with_path("id", id.clone()),
            )
        };
        let list = |endpoint: &'static str, name: &str| {
            let load = resources::Msg::Load {
                user: chosen.user,
                endpoint: EndpointId::new(endpoint),
                filter: vec![(name.into(), id.clone())],
            };
            (Msg::Resources(load), Some(endpoint))
        };
        let msg = match self {
            Self::TransfersFrom => return list(KINDS[OF_TRANSFERS].list, "source_id"),
            Self::TransfersOfRoutine => return list(OF_ROUTINE, "id"),
            Self::RoutineFromAccount => compose("routines.create", &[("source_id", &id)]),
            Self::RoutineFromCard => compose(
                "routines.create",
                &[("source_id", &id), ("payment_type", "debit")],
            ),
            Self::Routine => compose("routines.create", &[FIRST_ACCOUNT]),
            Self::Pause => {
                let active = match chosen.is("status", &["active"]) {
                    true => "false",
                    false => "true",
                };
                compose("routines.update", &[("id", &id), ("active", active)])
            }
            Self::DeleteCard => call("cards.delete"),
            Self::DeleteRoutine => call("routines.delete"),
            Self::Cancel => call("transfers.cancel"),
        };
        (msg, None)
    }
}
