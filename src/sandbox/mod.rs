//! The built-in sandbox: an HTTP server on loopback that behaves as Astra's sandbox does, with people and banks of its own.
//!
//! Its routes, credentials and checks of values follow from the catalogue; `answers` maps each endpoint to the function
//! that answers it, and `pages` serves the hosted pages on which a person authorizes. Everything that exists is in one
//! `world`, made from `assets/sandbox/world.json` and a seed, and kept in memory only. It catches up with its `clock` when
//! it is looked at; `control` moves that clock, sets statuses and makes calls fail, under `/_sandbox/`. What happens there
//! is told by `webhooks`, to whoever wants to know.

mod answers;
mod call;
mod clock;
mod control;
mod envelope;
mod gate;
mod grants;
mod inlet;
mod pages;
mod paging;
mod porch;
mod random;
mod replays;
mod routes;
mod spelling;
#[cfg(test)]
mod tests;
mod uploads;
mod validate;
mod webhooks;
mod world;

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

pub use clock::Clock;
pub use grants::Lifetimes;
pub use webhooks::WebhookUrl;
pub use world::seed::test_users;

use crate::catalog::Catalog;
use crate::domain::{BUILT_IN_REDIRECTS, Secret};
use crate::sandbox::control::{Control, Desk};
use crate::sandbox::webhooks::courier::Courier;
use crate::sandbox::world::{Application, Setup, Shared, World};

/// Client id and secret of the application that every sandbox with this `seed` has, wherever it runs.
pub fn keys(seed: u64) -> (String, Secret) {
    let application = Application::of(seed);
    (application.client_id, application.client_secret)
}

/// How a sandbox is set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Decides ids, keys and amounts.
    pub seed: u64,
    /// How long codes and tokens live.
    pub lifetimes: Lifetimes,
}

/// Answers under way get this long to end when the server stops; an idle connection holds up no longer.
const GRACE: Duration = Duration::from_secs(1);

/// A running sandbox. Dropping it ends the server as well, without waiting for it.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    client_id: String,
    client_secret: Secret,
    redirect_uris: Vec<String>,
    clock: Clock,
    control: Desk,
    /// Carries webhooks; ends with this.
    _courier: JoinSet<()>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Starts a sandbox on 127.0.0.1, by the clock of this machine.
    ///
    /// # Errors
    /// When the port cannot be taken; `ErrorKind::AddrInUse` where something else listens there.
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::start_at(options, Clock::system()).await
    }

    /// Starts a sandbox by a clock of its own.
    ///
    /// # Errors
    /// As `start`.
    pub async fn start_at(options: Options, clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let catalog = Catalog::built_in().map_err(io::Error::other)?;
        let world = World::new(Setup {
            seed: options.seed,
            lifetimes: options.lifetimes,
            clock: clock.clone(),
            url: url.clone(),
        });
        let world = world.map_err(io::Error::other)?;
        let application = world.application.clone();
        let (world, control) = (Shared::new(world), Control::new()?);
        let desk = Desk::new(&world, &control);
        let router = routes::router(&catalog, &world).map_err(io::Error::other)?;
        let router = router.merge(control::router(&desk));
        let (webhooks, secret) = (control.webhooks(), application.client_secret.clone());
        let courier = Courier::new(world, webhooks.clone(), clock.clone(), secret);
        let mut couriers = JoinSet::new();
        couriers.spawn(courier.run());
        let router = porch::guard(router, clock.clone(), control)?;
        // Without it, answers in parallel wait for Nagle's algorithm and delayed acknowledgements: some 44 ms each.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true); // a slow answer is better than none
        });
        let (stop, stopped) = oneshot::channel();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await; // an error means that the handle was dropped, which is an order to stop, too
        });
        Ok(Self {
            url,
            client_id: application.client_id,
            client_secret: application.client_secret,
            redirect_uris: BUILT_IN_REDIRECTS.map(str::to_owned).to_vec(),
            clock,
            control: desk,
            _courier: couriers,
            stop,
            server: tokio::spawn(serving.into_future()),
        })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of the one registered application.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Its secret.
    pub fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    /// The redirect URIs registered for it. The one without a port stands for any port (RFC 8252, section 7.3).
    pub fn redirect_uris(&self) -> &[String] {
        &self.redirect_uris
    }

    /// The sandbox's time, which can be moved forward.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Sends webhooks about what happens from now on to `url`.
    pub fn send_webhooks_to(&self, url: WebhookUrl) {
        self.control.send_webhooks_to(url);
    }

    /// Ends the server: no new connections, and a moment for the answers under way.
    pub async fn stop(self) {
        let _ = self.stop.send(()); // an error means that the server has ended already
        let abort = self.server.abort_handle();
        if tokio::time::timeout(GRACE, self.server).await.is_err() {
            abort.abort();
        }
    }
}
