//! astrascope: a full-screen, keyboard-driven explorer for the [Astra](https://astra.finance) payments API, with a sandbox
//! built in.
//!
//! # The shape
//!
//! A pure core: [`app::update`] changes facts and returns effects as data; it performs no I/O and reads no clock. Small
//! panes draw the model and turn keys into messages. One module, [`runtime`], owns time, tasks, signals and the terminal:
//! its loop drives the panes, background tasks perform the calls and report over a channel to the loop that draws.
//! Endpoints, key bindings, themes and the seed world of the built-in sandbox are files in `assets/`, so that most changes
//! are data.
//!
//! # Layers: imports only point down
//!
//! ```text
//! L5  main · cli · commands      parse arguments, pick a command, introduce everything to each other
//! L4  runtime                    loop, jobs, effects, clock, signals, terminal, log
//! L3  ui                         panes, popups, widgets, layout                     (ratatui)
//! L2  app                        Model, Msg, Effect, update                         (pure)
//! L2' adapters | sandbox         HTTP, OAuth, credentials, files | the built-in sandbox server
//! L1  catalog | config | document   endpoints | keys, colours, profiles | JSON text: index, rows, search
//! L0  domain                     the words of the problem
//! ```
//!
//! `adapters`, `sandbox` and `app` never see each other; `runtime` carries the core's effects out by the adapters, and
//! `commands` starts the sandbox. The test `src/tests/layering.rs` reads the imports and holds the table, together with: what
//! a pure layer must not mention, no file over 400 lines, no feature of `app` that imports another.
//!
//! Two rules of the picture are wider here than where they came from: `domain` knows the `url` crate, the two crates that
//! make a secret one (`subtle`, `zeroize`) and the two that sign with it (`ring`, `base64`), since a redirect, a secret and
//! the signature of a webhook are words of the problem; and what a pane lists is
//! not copied into a type of its own, it is a place in the answer that it came in ([`app::resources::Row`]).
//!
//! # A call, from key to frame
//!
//! Enter → keymap → [`config::Action`] → the focused pane answers a message → [`app::requests`] checks the draft against its
//! endpoint, takes a job number, keeps the exchange as *sending* and returns an effect that names a credential without
//! holding it → [`runtime::Effects`] starts the task, which reads the secret from [`adapters::credentials`], calls, and
//! indexes the body while it arrives: from the first screen on, *arrived* messages carry the index over what has come, at
//! growing distances → *finished* → the core finds the exchange (the answer of a cancelled call is ignored) → one draw.
//! Any HTTP status is an answer, never an error. A 401 with a refresh token parks the call, renews once however many calls
//! wait, and sends it once more, never a third time.
//!
//! # Signing in
//!
//! [`app::auth`] has the states and who may follow whom. An adapter draws the random `state` and listens on the loopback
//! address of the redirect URI; the prompt shows the URL, opens a browser, takes a pasted redirect, or (built-in sandbox) has
//! the hosted pages walked over real HTTP. Tokens and client secret stay in the credentials store, but for the ten seconds
//! in which a key has one shown ([`app::reveal`]): the log, the exchanges and every `Debug` are safe to paste into an issue.
//!
//! # No frame rate
//!
//! The loop sleeps until something happens. [`app::wakeup::next`] says when time alone must wake it (a visible spinner, a
//! notice that goes away, a token to renew) and is `None` otherwise: an idle session uses no CPU.
//!
//! # What to touch
//!
//! | to add | files |
//! |---|---|
//! | an endpoint, a key binding, a theme | one, in `assets/` |
//! | an action | `config/action.rs`, one arm in a pane, one line in `keymap.toml`; tests fail until all three exist |
//! | a pane | `ui/panes/x.rs` and its line in the list of panes |
//! | a question to the user | none: build an [`app::Prompt`] |
//! | a feature with I/O | `app/x.rs`, its lines in [`app::Msg`], [`app::Effect`] and [`app::update`], an arm in `runtime/effects/`, the adapter |
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod adapters;
pub mod app;
pub mod catalog;
pub mod cli;
pub mod commands;
pub mod config;
pub mod document;
pub mod domain;
pub mod runtime;
pub mod sandbox;
pub mod ui;
