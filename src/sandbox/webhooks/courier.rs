//! The courier: waits for news, carries webhooks where they go, and notes the answers. It sleeps while there are none.

use std::error::Error;
use std::future::pending;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, retry};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::time::sleep;

use crate::domain::{Secret, Timestamp, VERIFICATION, signature};
use crate::sandbox::clock::Clock;
use crate::sandbox::webhooks::Webhooks;
use crate::sandbox::webhooks::book::{Errand, Try};
use crate::sandbox::world::Shared;

/// Whoever has not answered by now has not got it (Astra's page on webhooks).
const PATIENCE: Duration = Duration::from_secs(10);
/// The type of the body. Astra tells none; a body that is JSON is sent as such.
const TYPE: &str = "application/json";
/// Astra's own is not known.
const USER_AGENT: &str = concat!("astrascope/", env!("CARGO_PKG_VERSION"));

/// Who carries webhooks.
pub(crate) struct Courier {
    world: Shared,
    webhooks: Webhooks,
    clock: Clock,
    /// The client secret, which signs.
    secret: Secret,
    plain: OnceLock<Result<Client, String>>,
    secure: OnceLock<Result<Client, String>>,
}

impl Courier {
    /// One who has not opened anything yet.
    pub(crate) fn new(world: Shared, webhooks: Webhooks, clock: Clock, secret: Secret) -> Self {
        Self {
            world,
            webhooks,
            clock,
            secret,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// Carries webhooks until it is dropped, which waits for none. One after the other: they arrive in the order in which things
    /// happened, which Astra does not promise, but which makes the tests of a client come out alike.
    pub(crate) async fn run(self) {
        let mut moves = self.clock.moves();
        loop {
            let happens = self.collect();
            if let Some(errand) = self.next_errand() {
                self.carry(errand).await;
                continue;
            }
            let due = self.webhooks.book().next_due();
            tokio::select! {
                () = self.webhooks.woken() => {}
                Ok(()) = moves.changed() => {}
                () = self.wait([happens, due]) => {}
            }
        }
    }

    /// Takes the news of the world in; answers when something happens there without anybody's doing.
    fn collect(&self) -> Option<Timestamp> {
        self.webhooks.book().url()?;
        // Both at once: whoever counts what is still to be sent finds each in one of them.
        let mut world = self.world.lock();
        let news = world.take_news();
        self.webhooks.book().add(&news, self.clock.now());
        world.next_moment()
    }

    fn next_errand(&self) -> Option<Errand> {
        self.webhooks.book().take_due(self.clock.now())
    }

    /// Waits for the first of `moments`: for ever, if there is none, or if the clock stands still.
    async fn wait(&self, moments: [Option<Timestamp>; 2]) {
        let first = moments.into_iter().flatten().min();
        match first.and_then(|moment| self.clock.until(moment)) {
            Some(left) => sleep(left).await,
            None => pending().await,
        }
    }

    async fn carry(&self, errand: Errand) {
        let (number, time) = (errand.number, errand.time);
        let answer = self.send(errand, PATIENCE).await;
        self.webhooks.book().note(number, Try { time, answer });
    }

    /// The status of the answer, or why there is none.
    async fn send(&self, errand: Errand, patience: Duration) -> Result<u16, String> {
        let Errand { url, body, .. } = errand;
        let (cell, is_secure) = match url.is_secure() {
            true => (&self.secure, true),
            false => (&self.plain, false),
        };
        let client = cell.get_or_init(|| client(is_secure)).as_ref();
        let request = client?
            .post(url.url().clone())
            .header(CONTENT_TYPE, TYPE)
            .header(VERIFICATION, signature(&self.secret, &body))
            .timeout(patience)
            .body(body);
        match request.send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) if error.is_timeout() => {
                Err(format!("no answer within {} seconds", patience.as_secs()))
            }
            Err(error) => Err(reason(&error)),
        }
    }
}

/// A client that keeps no connection open, which would shut others out of a server with one thread, and follows nothing: only
/// one status counts.
fn client(is_secure: bool) -> Result<Client, String> {
    let crypto = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(crypto).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?;
    let config = match is_secure {
        true => config
            .with_platform_verifier()
            .map_err(|error| error.to_string())?,
        false => config.with_root_certificates(RootCertStore::empty()),
    };
    let builder = Client::builder()
        .tls_backend_preconfigured(config.with_no_client_auth())
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .retry(retry::never()) // tries are counted here
        .pool_max_idle_per_host(0);
    let builder = match is_secure {
        true => builder,
        false => builder.no_proxy(),
    };
    builder.build().map_err(|error| reason(&error))
}

/// What is at the bottom of `error`, in its own words.
fn reason(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::sandbox::world::{Setup, World};

    fn courier() -> Courier {
        let clock = Clock::frozen(Timestamp(1_780_000_000_000));
        let setup = Setup::of_tests(clock.clone());
        let world = World::new(setup).unwrap();
        let secret = world.application.client_secret.clone();
        Courier::new(Shared::new(world), Webhooks::new().unwrap(), clock, secret)
    }

    fn errand(url: &str) -> Errand {
        Errand {
            number: 0,
            url: url.parse().unwrap(),
            body: b"{}".to_vec(),
            time: Timestamp(0),
        }
    }

    #[tokio::test]
    async fn why_there_is_no_answer_is_told() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let courier = courier();
        let told = courier.send(errand(&url), Duration::from_millis(1)).await;
        assert_eq!(told, Err("no answer within 0 seconds".to_owned()));
        drop(silent);
        let told = courier.send(errand(&url), PATIENCE).await.unwrap_err();
        assert!(told.to_lowercase().contains("refused"), "{told}");
    }
}
