//! News: what happens in the world that webhooks tell. It is noted where it happens and taken out by whoever sends it; while
//! nobody is told, nothing is noted.

use serde_json::Value;
use strum::IntoStaticStr;

use crate::domain::Timestamp;
use crate::sandbox::world::World;

/// The kinds of news that the world has, of those that Astra's page on webhooks lists. The page knows of no word about a user,
/// routine or account that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Kind {
    /// An intent's check has an outcome, or the intent became a user.
    UserIntentUpdated,
    /// A user's status or e-mail address is another one.
    UserUpdated,
    /// A routine's status is another one.
    RoutineUpdated,
    /// A transfer is on its way.
    TransferCreated,
    /// It arrived, failed, was called back or claimed back.
    TransferUpdated,
    /// Transfers settled together.
    BatchTransferCreated,
    /// A cardholder claims money back.
    ChargebackCreated,
    /// A card was added and reviewed.
    CardCreated,
    /// A card was removed.
    CardUpdated,
    /// Money came in from elsewhere.
    InboundPaymentReceived,
}

/// Something that happened: what it happened to, and nothing of how that stands now, for which one asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) kind: Kind,
    /// Whose it is; nobody's where it is several people's.
    pub(crate) user: Option<String>,
    pub(crate) resource: String,
    /// The transfer that is claimed back.
    pub(crate) parent: Option<String>,
    /// What the client keeps with a person; of a payment that came in, how much and which way.
    pub(crate) metadata: Option<Value>,
}

impl News {
    pub(super) fn new(kind: Kind, user: &str, resource: &str) -> Self {
        Self {
            kind,
            user: Some(user.to_owned()),
            resource: resource.to_owned(),
            parent: None,
            metadata: None,
        }
    }
}

/// The news that nobody has taken yet, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    is_open: bool,
    news: Vec<News>,
}

impl Outbox {
    /// Notes what `news` tells, if somebody is told.
    pub(super) fn put(&mut self, news: impl FnOnce() -> News) {
        if self.is_open {
            self.news.push(news());
        }
    }

    /// One without news that is as open as this one.
    pub(super) fn emptied(&self) -> Self {
        Self {
            is_open: self.is_open,
            news: Vec::new(),
        }
    }
}

impl World {
    /// From now on news are noted, or not any more. What has happened before is no news.
    pub(crate) fn tell_news(&mut self, is_open: bool) {
        self.outbox = Outbox {
            is_open,
            news: Vec::new(),
        };
        for routine in &mut self.routines {
            routine.told = None;
        }
        self.notice_routines();
    }

    /// How much news nobody has taken yet.
    pub(crate) fn news_left(&self) -> usize {
        self.outbox.news.len()
    }

    /// Takes all news out.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.outbox.news)
    }

    /// When something happens next by itself.
    pub(crate) fn next_moment(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// Tells that a user has changed.
    pub(super) fn tell_user(&mut self, id: &str) {
        if let Some(user) = self.users.iter().find(|user| user.id == id) {
            self.outbox.put(|| News {
                metadata: user.person.metadata.clone(),
                ..News::new(Kind::UserUpdated, id, id)
            });
        }
    }

    /// Tells that an intent has changed. Its own id stands in the place of a user's, too.
    pub(super) fn tell_intent(&mut self, id: &str) {
        if let Some(intent) = self.intents.iter().find(|intent| intent.id == id) {
            self.outbox.put(|| News {
                metadata: intent.person.metadata.clone(),
                ..News::new(Kind::UserIntentUpdated, id, id)
            });
        }
    }

    /// Tells that the transfer at `place` is new or has changed, and how its routine stands by that.
    pub(super) fn tell_transfer(&mut self, kind: Kind, place: usize) {
        if let Some(transfer) = self.transfers.at(place) {
            let routine = transfer.routine;
            self.outbox
                .put(|| News::new(kind, &transfer.owner, &transfer.id));
            self.notice_routine(routine);
        }
    }

    /// Tells that money of the transfer at `place` is claimed back.
    pub(super) fn tell_chargeback(&mut self, place: usize) {
        if let Some(transfer) = self.transfers.at(place) {
            self.outbox.put(|| News {
                parent: Some(transfer.id.clone()),
                ..News::new(
                    Kind::ChargebackCreated,
                    &transfer.owner,
                    &transfer.claim_id(),
                )
            });
        }
    }

    /// Tells of a batch of transfers, which are several people's.
    pub(super) fn tell_batch(&mut self, id: &str) {
        self.outbox.put(|| News {
            user: None,
            ..News::new(Kind::BatchTransferCreated, "", id)
        });
    }

    /// Tells it if the routine at `place` stands otherwise than when it was last looked at. Its status follows from many
    /// things, so it is compared whenever one of them changes.
    pub(super) fn notice_routine(&mut self, place: usize) {
        let Some(routine) = self.routines.get(place).filter(|_| self.outbox.is_open) else {
            return;
        };
        let status = self.routine_status(routine);
        if routine.told == Some(status) {
            return;
        }
        if routine.told.is_some() {
            let (owner, id) = (&routine.owner, &routine.id);
            self.outbox
                .put(|| News::new(Kind::RoutineUpdated, owner, id));
        }
        if let Some(routine) = self.routines.get_mut(place) {
            routine.told = Some(status);
        }
    }

    /// The same for all routines, after a change of what they share: their users and accounts.
    pub(super) fn notice_routines(&mut self) {
        if self.outbox.is_open {
            (0..self.routines.len()).for_each(|place| self.notice_routine(place));
        }
    }
}
