//! The list of control calls, which is also their documentation. What each does is beside it.

use serde_json::{Map, Value, json};

use crate::sandbox::control::{Desk, PREFIX, load, orders, webhooks};
use crate::sandbox::envelope::Refusal;

/// Answers one control call: `rest` is the part of the path that the call leaves open.
pub(super) type Answer = fn(&Desk, rest: &str, body: &Map<String, Value>) -> Result<Value, Refusal>;

/// One control call. The list of them is also their documentation.
pub(super) struct Order {
    pub(super) method: &'static str,
    /// With a name in braces where a part of the path is open.
    pub(super) path: &'static str,
    /// A body that works.
    body: &'static str,
    does: &'static str,
    pub(super) answer: Answer,
}

pub(super) const ORDERS: &[Order] = &[
    Order {
        method: "GET",
        path: "/",
        body: "",
        does: "list these calls",
        answer: index,
    },
    Order {
        method: "GET",
        path: "/clock",
        body: "",
        does: "read the sandbox's time",
        answer: orders::clock,
    },
    Order {
        method: "POST",
        path: "/clock/advance",
        body: r#"{"seconds": 86400}"#,
        does: "let time pass: transfers settle, recurring routines run, tokens run out",
        answer: orders::advance,
    },
    Order {
        method: "GET",
        path: "/users",
        body: "",
        does: "list the users with ids and statuses",
        answer: orders::users,
    },
    Order {
        method: "POST",
        path: "/users/{user}/status",
        body: r#"{"status": "suspended"}"#,
        does: "set where a user stands; {user} is an id or a phone number",
        answer: orders::set_status,
    },
    Order {
        method: "GET",
        path: "/batches",
        body: "",
        does: "list the batches of transfers that have settled",
        answer: orders::batches,
    },
    Order {
        method: "POST",
        path: "/faults",
        body: r#"{"match": {"method": "GET", "path": "/v1/accounts"}, "times": 2, "status": 429, "retry_after": 1}"#,
        does: "make the next matching calls go wrong: status, delay_ms, cut_body and retry_after, alone or together",
        answer: orders::add_fault,
    },
    Order {
        method: "GET",
        path: "/faults",
        body: "",
        does: "list the faults that are left",
        answer: orders::faults,
    },
    Order {
        method: "DELETE",
        path: "/faults",
        body: "",
        does: "take all faults back",
        answer: orders::clear_faults,
    },
    Order {
        method: "GET",
        path: "/requests",
        body: "",
        does: "read the log of the last 1000 calls, newest first; it holds no secrets",
        answer: orders::requests,
    },
    Order {
        method: "POST",
        path: "/webhooks",
        body: r#"{"url": "http://127.0.0.1:9000/astra"}"#,
        does: "send webhooks there from now on; Astra-Verification is the base64 of HMAC-SHA256 over the raw body, keyed with the client secret; plain http goes to this machine only; with \"meanwhile\": true, the url before is kept for later",
        answer: webhooks::set,
    },
    Order {
        method: "GET",
        path: "/webhooks",
        body: "",
        does: "read where webhooks go, whose secret signs them, how many are being sent, and how many wait for a later try",
        answer: webhooks::read,
    },
    Order {
        method: "DELETE",
        path: "/webhooks",
        body: "",
        does: "send none any more and give up those that wait; with a url in the body, none there: they go to the url before a \"meanwhile\"",
        answer: webhooks::clear,
    },
    Order {
        method: "GET",
        path: "/webhooks/deliveries",
        body: "",
        does: "list the last 1000 webhooks, newest first, with each try and its answer",
        answer: webhooks::deliveries,
    },
    Order {
        method: "POST",
        path: "/webhooks/{webhook_id}/resend",
        body: "",
        does: "send a webhook once more at once, with its own id: Astra promises no more than at least once",
        answer: webhooks::resend,
    },
    Order {
        method: "POST",
        path: "/payment-instruments/{id}/receive",
        body: r#"{"amount": 120.5, "type": "Ach"}"#,
        does: "let a payment come in from elsewhere, by Ach or Wires",
        answer: orders::receive,
    },
    Order {
        method: "POST",
        path: "/seed-transfers",
        body: r#"{"count": 1000, "user": "+16505550100"}"#,
        does: "add transfers of the last two years to a user, the first one unless said otherwise",
        answer: load::seed_transfers,
    },
    Order {
        method: "POST",
        path: "/reset",
        body: "",
        does: "make the world anew from its seed: tokens, faults, log, deliveries and the clock's advance are gone",
        answer: orders::reset,
    },
];

pub(super) fn summary(order: &Order) -> String {
    format!("{} {PREFIX}{}", order.method, order.path)
}

/// The part of `path` that stands in the place of `{…}` in `pattern`, or nothing where that has none; `None` where they
/// do not match.
pub(super) fn open_part<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once('{') else {
        return (pattern == path).then_some("");
    };
    let after = after.split_once('}')?.1;
    let part = path.strip_prefix(before)?.strip_suffix(after)?;
    (!part.is_empty() && !part.contains('/')).then_some(part)
}

fn index(_: &Desk, _: &str, _: &Map<String, Value>) -> Result<Value, Refusal> {
    let calls: Vec<_> = ORDERS
        .iter()
        .map(|order| {
            json!({
                "call": summary(order),
                "body": serde_json::from_str::<Value>(order.body).unwrap_or(Value::Null),
                "does": order.does,
            })
        })
        .collect();
    Ok(json!({ "calls": calls }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_parts_are_found() {
        let pattern = "/users/{user}/status";
        assert_eq!(open_part(pattern, "/users/+1650/status"), Some("+1650"));
        for path in ["/users//status", "/users/a/b/status", "/users/a"] {
            assert_eq!(open_part(pattern, path), None, "{path}");
        }
        assert_eq!(open_part("/clock", "/clock"), Some(""));
        assert_eq!(open_part("/clock", "/clocks"), None);
    }

    #[test]
    fn the_bodies_that_are_shown_are_json() {
        for order in ORDERS.iter().filter(|order| !order.body.is_empty()) {
            let body = serde_json::from_str::<Value>(order.body);
            assert!(body.is_ok_and(|body| body.is_object()), "{}", order.path);
        }
    }
}
