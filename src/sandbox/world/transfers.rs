//! Transfers: every movement of money, found by id, owner or place; how they end, and how they are called back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use strum::{EnumString, IntoStaticStr};

use crate::domain::Timestamp;
use crate::sandbox::random::Random;
use crate::sandbox::world::agenda::Event;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::levers::Ending;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::outbox::Kind;
use crate::sandbox::world::terms::{Order, Payment};
use crate::sandbox::world::{World, calendar, settlement};

/// How long it takes whoever paid to claim money back.
const CLAIMED_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum TransferStatus {
    /// On its way.
    Pending,
    /// Arrived.
    Processed,
    /// Called back.
    Cancelled,
    /// Came to nothing.
    Failed,
}

/// One movement of money.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) id: String,
    /// Place of the routine that made it.
    pub(crate) routine: usize,
    pub(crate) owner: String,
    pub(crate) amount: Cents,
    /// The routine's order as it was then.
    pub(crate) order: Arc<Order>,
    pub(crate) initiated: Timestamp,
    pub(crate) updated: Timestamp,
    /// When it arrives, if it does.
    pub(crate) arrival: Timestamp,
    pub(crate) status: TransferStatus,
    /// Why it failed.
    pub(crate) failure: Option<Arc<str>>,
    /// When and why it was claimed back.
    pub(crate) claim: Option<(Timestamp, Arc<str>)>,
}

impl Transfer {
    /// The digits that the ids of its claim are made of.
    pub(crate) fn claim_digits(&self) -> String {
        let bytes = self.id.bytes().take(10);
        bytes.map(|byte| char::from(b'0' + byte % 10)).collect()
    }

    /// The id of its claim, in the form `C999999V1234567890`.
    pub(crate) fn claim_id(&self) -> String {
        let digits = self.claim_digits();
        format!("C{digits}V{digits}")
    }
}

/// Transfers that settled together.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) settled: Timestamp,
    /// Places of the transfers.
    pub(crate) transfers: Vec<usize>,
}

/// All transfers, in the order of creation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    all: Vec<Transfer>,
    by_id: HashMap<String, usize>,
    by_owner: HashMap<String, Vec<usize>>,
    batches: BTreeMap<String, Batch>,
}

impl Ledger {
    /// Adds a transfer; answers its place.
    pub(crate) fn add(&mut self, transfer: Transfer) -> usize {
        let place = self.all.len();
        self.by_id.insert(transfer.id.clone(), place);
        match self.by_owner.get_mut(&transfer.owner) {
            Some(places) => places.push(place),
            None => drop(self.by_owner.insert(transfer.owner.clone(), vec![place])),
        }
        self.all.push(transfer);
        place
    }

    /// The transfer at `place`.
    pub(crate) fn at(&self, place: usize) -> Option<&Transfer> {
        self.all.get(place)
    }

    /// Where the transfer at `place` stands; one that is nowhere came to nothing.
    pub(crate) fn status(&self, place: usize) -> TransferStatus {
        self.at(place)
            .map_or(TransferStatus::Failed, |transfer| transfer.status)
    }

    /// The places of a user's transfers, oldest first.
    pub(crate) fn of_owner(&self, owner: &str) -> &[usize] {
        self.by_owner.get(owner).map_or(&[], Vec::as_slice)
    }

    /// The transfer of `owner` with this id.
    pub(crate) fn find(&self, owner: &str, id: &str) -> Result<&Transfer, Objection> {
        let place = self.by_id.get(id).and_then(|place| self.at(*place));
        place
            .filter(|transfer| transfer.owner == owner)
            .ok_or_else(|| Objection::missing("this user has no transfer with that id"))
    }

    /// A transfer on its way that has `id` at one of its ends.
    pub(crate) fn pending_with(&self, id: &str) -> Option<&Transfer> {
        self.all.iter().find(|transfer| {
            transfer.status == TransferStatus::Pending && transfer.order.touches(id)
        })
    }

    /// All batches with their ids.
    pub(crate) fn batches(&self) -> &BTreeMap<String, Batch> {
        &self.batches
    }

    fn update(&mut self, place: usize, change: impl FnOnce(&mut Transfer)) {
        if let Some(transfer) = self.all.get_mut(place) {
            change(transfer);
        }
    }
}

impl World {
    /// All transfers.
    pub(crate) fn transfers(&self) -> &Ledger {
        &self.transfers
    }

    /// Calls a transfer of `user` back.
    pub(crate) fn cancel(&mut self, user: &str, id: &str) -> Result<&Transfer, Objection> {
        let now = self.now();
        let transfer = self.transfers.find(user, id)?;
        let status: &str = transfer.status.into();
        if transfer.status != TransferStatus::Pending {
            return Err(Objection::wrong(format!(
                "the transfer is {status}: only pending ones can be cancelled"
            )));
        }
        match settlement::deadline(&transfer.order, transfer.initiated) {
            None => {
                return Err(Objection::wrong(
                    "the transfer has been sent: only ach transfers of T+1 and slower can be cancelled",
                ));
            }
            Some(deadline) if now > deadline => {
                let deadline = calendar::date_time(deadline).unwrap_or_default();
                return Err(Objection::wrong(format!(
                    "the transfer could be cancelled until {deadline}Z, 17:00 Eastern time of the first banking day after its start"
                )));
            }
            Some(_) => {}
        }
        if let Some(place) = self.transfers.by_id.get(id).copied() {
            self.transfers.update(place, |transfer| {
                transfer.status = TransferStatus::Cancelled;
                transfer.updated = now;
            });
            self.tell_transfer(Kind::TransferUpdated, place);
        }
        self.transfers.find(user, id)
    }

    /// The transfer at `place` arrives at `moment`, or fails.
    pub(super) fn settle(&mut self, place: usize, moment: Timestamp) {
        let Some(transfer) = self.transfers.at(place) else {
            return;
        };
        if transfer.status != TransferStatus::Pending {
            return; // it was called back
        }
        let (order, amount) = (Arc::clone(&transfer.order), transfer.amount);
        let lever = self.levers.of_amount(amount).cloned();
        let pulled = lever.as_ref().map(|lever| (lever.end, lever));
        let failure: Option<Arc<str>> = match pulled {
            Some((Ending::Stuck, _)) => return,
            Some((Ending::Failed, lever)) => Some(lever.reason(order.payment).into()),
            Some((Ending::Chargeback, _)) | None => self.shortage(&order, amount),
        };
        if failure.is_none() {
            self.move_money(&order, amount, moment);
            if lever.is_some() {
                let claimed = moment.after(CLAIMED_AFTER);
                self.agenda.put(claimed, Event::ClaimBack(place));
            }
        }
        if order.payment == Payment::Ach {
            self.add_to_batch(place, moment);
        }
        self.transfers.update(place, |transfer| {
            transfer.status = match failure {
                None => TransferStatus::Processed,
                Some(_) => TransferStatus::Failed,
            };
            transfer.failure = failure;
            transfer.updated = moment;
        });
        self.tell_transfer(Kind::TransferUpdated, place);
    }

    /// Whoever paid claims the money of the transfer at `place` back.
    pub(super) fn claim_back(&mut self, place: usize, moment: Timestamp) {
        let Some(transfer) = self.transfers.at(place) else {
            return;
        };
        let lever = self.levers.of_amount(transfer.amount);
        let reason = lever.map_or("", |lever| lever.reason(transfer.order.payment));
        let reason = reason.into();
        self.transfers.update(place, |transfer| {
            transfer.claim = Some((moment, reason));
            transfer.updated = moment;
        });
        self.tell_chargeback(place);
        self.tell_transfer(Kind::TransferUpdated, place);
    }

    /// Whether the source has too little, which no lever needs to say.
    fn shortage(&self, order: &Order, amount: Cents) -> Option<Arc<str>> {
        let source = self
            .accounts
            .iter()
            .find(|account| account.id == order.source.id)?;
        let is_short = source.available.is_some_and(|available| available < amount);
        is_short.then(|| "R01 insufficient funds".into())
    }

    /// Takes the amount from the source and gives it to the destination; of cards no balance is known.
    fn move_money(&mut self, order: &Order, amount: Cents, moment: Timestamp) {
        for (id, change) in [
            (&order.source.id, -amount.0),
            (&order.destination.id, amount.0),
        ] {
            if let Some(account) = self.accounts.iter_mut().find(|account| account.id == *id) {
                let balances = [&mut account.current, &mut account.available];
                for balance in balances.into_iter().flatten() {
                    balance.0 += change;
                }
                account.updated_at = account.updated_at.max(moment);
            }
            if let Some(instrument) = self.instruments.iter_mut().find(|it| it.id == *id) {
                instrument.available.0 += change;
            }
        }
    }

    /// What settles at the same moment is one batch, whose id follows from the moment.
    fn add_to_batch(&mut self, place: usize, moment: Timestamp) {
        let id = Random::new(self.setup.seed, &format!("batch {}", moment.0)).hex(32);
        if !self.transfers.batches.contains_key(&id) {
            self.tell_batch(&id);
        }
        let batch = self.transfers.batches.entry(id).or_insert_with(|| Batch {
            settled: moment,
            transfers: Vec::new(),
        });
        batch.transfers.push(place);
    }
}
