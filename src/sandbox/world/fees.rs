//! What moving money over the card networks costs in the sandbox. Astra's prices are a matter of contract and are not
//! published: this model is simple on purpose, so that a client's sums can be checked by hand.

use crate::sandbox::world::bank::Cents;

/// Astra's part, in hundredths of a per cent of the amount.
const ASTRA_PER_MYRIAD: i64 = 75;
/// Astra's part is never less: a small payment costs the networks as much as a large one.
const LEAST_ASTRA_FEE: Cents = Cents(25);
/// The client's part unless it says otherwise, in per cent.
const CUSTOMER_PERCENT: f64 = 0.25;

/// What a payment costs, and what is moved at either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fees {
    pub(crate) astra: Cents,
    pub(crate) customer: Cents,
    /// Taken from the source: the amount with all fees.
    pub(crate) pull: Cents,
    /// Arrives at the destination: the amount.
    pub(crate) push: Cents,
}

/// The fees of moving `amount`; `percent` takes the place of the client's usual part.
pub(crate) fn of(amount: Cents, percent: Option<f64>) -> Fees {
    // Halves are rounded up, as on an invoice.
    let astra = Cents((amount.0 * ASTRA_PER_MYRIAD + 5_000) / 10_000).max(LEAST_ASTRA_FEE);
    let percent = percent.unwrap_or(CUSTOMER_PERCENT);
    let customer = Cents::of_dollars(amount.dollars() * percent / 100.0);
    Fees {
        astra,
        customer,
        pull: Cents(amount.0 + astra.0 + customer.0),
        push: amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_come_on_top_of_what_arrives() {
        let fees = of(Cents(4_000), None);
        assert_eq!(
            (fees.astra, fees.customer, fees.pull, fees.push),
            (Cents(30), Cents(10), Cents(4_040), Cents(4_000))
        );
    }

    #[test]
    fn small_amounts_cost_the_least_fee_and_the_client_may_waive_its_own() {
        let fees = of(Cents(100), Some(0.0));
        assert_eq!((fees.astra, fees.pull), (Cents(25), Cents(125)));
        assert_eq!(of(Cents(10_000), Some(2.0)).customer, Cents(200));
    }
}
