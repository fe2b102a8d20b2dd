//! `astrascope listen`: shows webhooks as they come, and whether they are to be trusted.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::Duration;

use anyhow::{anyhow, bail};
use axum::http::StatusCode;
use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::adapters::http::{Client, Credential};
use crate::adapters::webhooks::{Receiver, Webhook};
use crate::commands::home::Home;
use crate::commands::output::{Colours, Tone, line, note, on_terminal};
use crate::commands::stop;
use crate::commands::target::{Target, WEBHOOKS};
use crate::commands::wallet;
use crate::domain::{
    Auth, Body, BodyLimits, Environment, Method, Prepared, Profile, Response, Secret, Timestamp,
};
use crate::runtime::{client_options, now};
use crate::sandbox;
use crate::ui::widgets::visible::visible;

/// Where to listen, whom to, and what to answer.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Port to listen on at 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// A running "astrascope sandbox" that is to send its webhooks here meanwhile; one with another seed needs the secret
    /// that it printed, in ASTRASCOPE_CLIENT_SECRET
    #[arg(long, value_name = "URL")]
    sandbox: Option<String>,
    /// Status to answer with; anything but 200 makes a webhook come again
    #[arg(long, value_name = "STATUS", default_value_t = 200,
        value_parser = clap::value_parser!(u16).range(200..=599))]
    answer: u16,
    /// A line of JSON for each
    #[arg(long)]
    json: bool,
}

/// Whoever leaves waits for the sandbox no longer.
const GRACE: Duration = Duration::from_secs(1);

/// Prints webhooks until it is told to stop, or nobody reads any more.
///
/// # Errors
/// When the client secret is not known, the port cannot be taken, or the sandbox does not send here.
pub async fn run(profile: Option<&str>, options: &Options) -> anyhow::Result<()> {
    Target::of(options.sandbox.clone()).check(profile)?;
    let stopped = stop::signal()?;
    let home = Home::open()?;
    let sandbox = match &options.sandbox {
        Some(url) => Some(Sender::find(url).await?),
        None => None,
    };
    let secret = match &sandbox {
        Some(sandbox) => sandbox.secret(&home)?,
        None => secret(&home, &home.profile(profile)?)?,
    };
    let mut receiver = Receiver::open(options.port, secret, StatusCode::from_u16(options.answer)?)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => anyhow!(
                "port {} on 127.0.0.1 is taken by another program\nhint: choose another with --port",
                options.port
            ),
            _ => anyhow!("cannot listen on 127.0.0.1 port {}: {error}", options.port),
        })?;
    let url = receiver.url().to_owned();
    if let Some(sandbox) = &sandbox {
        sandbox.send_to(&url).await?;
    }
    note(format_args!("listening on {url}, until Ctrl-C"));
    let shown = tokio::select! {
        shown = show(&mut receiver, options) => shown,
        _ = stopped => Ok(()),
    };
    if let Some(sandbox) = &sandbox {
        sandbox.leave(&url).await;
    }
    shown
}

/// Shows what comes, until nobody reads it.
async fn show(receiver: &mut Receiver, options: &Options) -> anyhow::Result<()> {
    let (colours, zone) = (Colours::of_standard_output(), TimeZone::system());
    let mut tries = HashMap::new();
    while let Some(webhook) = receiver.next().await {
        let came = Came::new(&webhook, options.answer, &mut tries);
        let text = match options.json {
            true => on_terminal(&came.json()).into_owned(),
            false => came.line(&zone, colours),
        };
        if !line(&text)? {
            break;
        }
    }
    Ok(())
}

/// The secret with which webhooks of `profile` are signed.
fn secret(home: &Home, profile: &Profile) -> anyhow::Result<Secret> {
    if profile.environment == Environment::BuiltIn {
        bail!(
            "the built-in sandbox sends webhooks while it runs alone\n\
             hint: start one with astrascope sandbox, and name it with --sandbox; or name a profile with --profile"
        );
    }
    let credentials = home.credentials(profile);
    wallet::load(&credentials);
    let secret = credentials.client_secret();
    match secret.is_empty() {
        false => Ok(secret),
        true => bail!(
            "the client secret of {}, which signs webhooks, is not known\n\
             hint: astrascope login --secret-stdin reads it, or set ASTRASCOPE_CLIENT_SECRET",
            profile.name
        ),
    }
}

/// A sandbox that sends webhooks.
struct Sender {
    client: Client,
    url: String,
    /// What it said of its webhooks before anybody listened here.
    before: Value,
}

impl Sender {
    /// Asks the sandbox at `url` how its webhooks stand.
    async fn find(url: &str) -> anyhow::Result<Self> {
        let mut found = Self {
            client: Client::new(client_options(&Profile::built_in(), BodyLimits::default())),
            url: url.trim_end_matches('/').to_owned(),
            before: Value::Null,
        };
        found.before = found.call(Method::Get, None).await?;
        Ok(found)
    }

    fn said(&self, name: &str) -> Option<&str> {
        self.before.get(name).and_then(Value::as_str)
    }

    /// The secret that it signs with.
    fn secret(&self, home: &Home) -> anyhow::Result<Secret> {
        let given = home.credentials(&Profile::built_in()).client_secret();
        let (id, usual) = sandbox::keys(sandbox::Options::default().seed);
        match (given.is_empty(), self.said("client_id")) {
            (false, _) => Ok(given),
            (true, Some(told)) if told == id => Ok(usual),
            (true, _) => bail!(
                "{} has a seed of its own, and so a secret of its own\n\
                 hint: set ASTRASCOPE_CLIENT_SECRET to the one that it printed",
                self.url
            ),
        }
    }

    /// Has its webhooks sent to `target`.
    async fn send_to(&self, target: &str) -> anyhow::Result<()> {
        let wish = json!({"url": target, "meanwhile": true});
        self.call(Method::Post, Some(wish)).await?;
        if let Some(other) = self.said("url") {
            note(format_args!(
                "{} sent its webhooks to {other} until now",
                self.url
            ));
        }
        Ok(())
    }

    /// Takes that back: they go to where they went before, unless they go elsewhere by now.
    async fn leave(&self, target: &str) {
        let leaving = self.call(Method::Delete, Some(json!({ "url": target })));
        // A sandbox that has ended sends nothing either.
        let Ok(Ok(told)) = tokio::time::timeout(GRACE, leaving).await else {
            return;
        };
        let now = told.get("url").and_then(Value::as_str);
        if let Some(before) = self.said("url").filter(|before| now == Some(*before)) {
            note(format_args!(
                "{} sends its webhooks to {before} again",
                self.url
            ));
        }
    }

    async fn call(&self, method: Method, wish: Option<Value>) -> anyhow::Result<Value> {
        let body = wish.map(|wish| Body::from(wish.to_string().as_str()));
        let request = Prepared {
            method,
            url: format!("{}{WEBHOOKS}", self.url),
            headers: vec![("content-type".into(), "application/json".into())],
            body,
            auth: Auth::None,
        };
        let answer = self.client.call(&request, Credential::None).await?;
        self.read(&answer)
    }

    fn read(&self, answer: &Response) -> anyhow::Result<Value> {
        let told = serde_json::from_slice::<Value>(answer.body.as_bytes()).ok();
        match told.filter(|told| answer.is_success() && told.get("url").is_some()) {
            Some(told) => Ok(told),
            None => bail!(
                "{} is no sandbox that sends webhooks: it answered {}\n\
                 hint: start one with astrascope sandbox, and name the address that it prints",
                self.url,
                answer.status
            ),
        }
    }
}

/// A webhook, with what is known beside it.
struct Came<'a> {
    webhook: &'a Webhook,
    body: Option<Value>,
    time: Timestamp,
    /// How often it has come.
    count: u32,
    answer: u16,
}

impl<'a> Came<'a> {
    /// Counts it in `tries` by its id, where it has one.
    fn new(webhook: &'a Webhook, answer: u16, tries: &mut HashMap<String, u32>) -> Self {
        let body = serde_json::from_slice::<Value>(&webhook.body).ok();
        let id = body.as_ref().and_then(|body| body.get("webhook_id"));
        let count = match id.and_then(Value::as_str) {
            Some(id) => {
                let count = tries.entry(id.to_owned()).or_default();
                *count += 1;
                *count
            }
            None => 1,
        };
        Self {
            webhook,
            body,
            time: now(),
            count,
            answer,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.body.as_ref()?.get(name)?.as_str()
    }

    /// For people: what it happened to stands in one column.
    fn line(&self, zone: &TimeZone, colours: Colours) -> String {
        let time = jiff::Timestamp::from_millisecond(self.time.0).unwrap_or_default();
        let time = zone.to_datetime(time).strftime("%T").to_string();
        let verdict = match self.webhook.verdict {
            Ok(()) => colours.paint(Tone::Good, "verified"),
            Err(_) => colours.paint(Tone::Wrong, "NOT verified"),
        };
        let kind = self.text("webhook_type").unwrap_or("(no webhook_type)");
        let resource = self.text("resource_id").unwrap_or("(no resource_id)");
        let mut text = format!(
            "{} {verdict}  {:LONGEST_TYPE$}  {}",
            colours.paint(Tone::Faint, &time),
            visible(kind),
            visible(resource)
        );
        let mut asides = Vec::new();
        asides.extend(self.webhook.verdict.err().map(|why| why.to_string()));
        asides.extend((self.count > 1).then(|| format!("try {}", self.count)));
        asides.extend((self.answer != 200).then(|| format!("answered {}", self.answer)));
        if !asides.is_empty() {
            text += &format!("  {}", colours.paint(Tone::Faint, &asides.join(", ")));
        }
        text
    }

    fn json(&self) -> String {
        let time = jiff::Timestamp::from_millisecond(self.time.0).unwrap_or_default();
        json!({
            "time": time.to_string(),
            "verified": self.webhook.verdict.is_ok(),
            "reason": self.webhook.verdict.err().map(|why| why.to_string()),
            "try": self.count,
            "answered": self.answer,
            "webhook": self.body,
        })
        .to_string()
    }
}

/// Columns of the longest of the types that Astra's page on webhooks lists.
const LONGEST_TYPE: usize = "inbound_payment_received".len();

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Untrusted;

    fn webhook(body: &'static str, verdict: Result<(), Untrusted>) -> Webhook {
        Webhook {
            body: body.as_bytes().into(),
            verdict,
        }
    }

    const TRANSFER: &str = r#"{"webhook_type": "transfer_updated", "webhook_id": "w", "user_id": "u", "resource_id": "t1"}"#;

    const BATCH: &str =
        r#"{"webhook_type": "batch_transfer_created", "user_id": null, "resource_id": "b1"}"#;

    const INBOUND: &str =
        r#"{"webhook_type": "inbound_payment_received", "user_id": null, "resource_id": "p1"}"#;

    #[test]
    fn a_line_tells_what_came_and_what_it_is_worth() {
        let mut tries = HashMap::new();
        let mut tell = |body, verdict, answer| {
            let webhook = webhook(body, verdict);
            let came = Came {
                time: Timestamp(1_780_000_000_000),
                ..Came::new(&webhook, answer, &mut tries)
            };
            came.line(&TimeZone::UTC, Colours::none())
        };
        let line = tell(TRANSFER, Ok(()), 500);
        let expected = "20:26:40 verified  transfer_updated          t1  answered 500";
        assert_eq!(line, expected);
        let line = tell(TRANSFER, Ok(()), 200);
        assert_eq!(
            line,
            "20:26:40 verified  transfer_updated          t1  try 2"
        );
        let line = tell(BATCH, Ok(()), 200);
        assert_eq!(line, "20:26:40 verified  batch_transfer_created    b1");
        let line = tell(INBOUND, Ok(()), 200);
        assert_eq!(line, "20:26:40 verified  inbound_payment_received  p1");
        let line = tell("\u{1b}[2J", Err(Untrusted::Unsigned), 200);
        let expected = "20:26:40 NOT verified  (no webhook_type)         (no resource_id)  no Astra-Verification header";
        assert_eq!(line, expected);
        let line = tell(
            r#"{"webhook_type": "\u001b[2J", "resource_id": "a\nb"}"#,
            Ok(()),
            200,
        );
        assert!(!line.contains(['\u{1b}', '\n']), "{line:?}");
    }

    #[test]
    fn json_holds_all_of_it_on_one_line() {
        let webhook = webhook(TRANSFER, Err(Untrusted::Different));
        let text = Came::new(&webhook, 200, &mut HashMap::new()).json();
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (told["verified"].clone(), told["try"].clone()),
            (json!(false), json!(1))
        );
        assert!(told["reason"].as_str().unwrap().contains("another secret"));
        assert_eq!(told["webhook"]["resource_id"], "t1");
        assert!(!text.contains('\n'));
    }
}
