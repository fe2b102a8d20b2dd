//! `astrascope sandbox`: serves the built-in sandbox on its own, for scripts and other programs.

use std::io::{self, ErrorKind, Write};

use clap::Args;

use crate::commands::output::written;
use crate::commands::stop;
use crate::sandbox::{self, Sandbox, WebhookUrl};

/// Where it listens, and what is in it.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Port to listen on at 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The same seed makes the same users, accounts and keys
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Send webhooks there: https, or http on this machine. Astra-Verification is the base64 of HMAC-SHA256 over the raw
    /// body, keyed with the client secret; verify the bytes as they came, before parsing
    #[arg(long, value_name = "URL")]
    webhook_url: Option<WebhookUrl>,
}

/// Serves until SIGINT or SIGTERM; says on stdout where, and with which keys.
///
/// # Errors
/// When the port cannot be taken.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    // Listened for before the first line is out: whoever reads it may stop the program at once.
    let stopped = stop::signal()?;
    serve(options, &mut io::stdout(), stopped).await
}

async fn serve(
    options: &Options,
    out: &mut impl Write,
    stopped: impl Future<Output = u8>,
) -> anyhow::Result<()> {
    let setup = sandbox::Options {
        port: options.port,
        seed: options.seed,
        ..sandbox::Options::default()
    };
    let sandbox = Sandbox::start(setup)
        .await
        .map_err(|error| not_started(options.port, error))?;
    if let Some(url) = &options.webhook_url {
        sandbox.send_webhooks_to(url.clone());
    }
    // It serves on even if nobody reads where.
    written(announce(&sandbox, options.webhook_url.as_ref(), out))?;
    stopped.await;
    sandbox.stop().await;
    Ok(())
}

fn not_started(port: u16, error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {port} on 127.0.0.1 is taken by another program\n\
             hint: choose another with --port, or --port 0 for any free one"
        ),
        ErrorKind::PermissionDenied => anyhow::anyhow!(
            "port {port} on 127.0.0.1 is not allowed to this user\n\
             hint: choose one above 1023 with --port, or --port 0 for any free one"
        ),
        _ => anyhow::Error::new(error).context(format!("cannot listen on 127.0.0.1 port {port}")),
    }
}

fn announce(
    sandbox: &Sandbox,
    webhook_url: Option<&WebhookUrl>,
    out: &mut impl Write,
) -> io::Result<()> {
    let (url, id, secret) = (
        sandbox.url(),
        sandbox.client_id(),
        sandbox.client_secret().reveal(),
    );
    writeln!(out, "astrascope sandbox listening on {url}")?;
    writeln!(out, "client id:     {id}")?;
    writeln!(out, "client secret: {secret}")?;
    for uri in sandbox.redirect_uris() {
        writeln!(out, "redirect URI:  {uri}")?;
    }
    writeln!(
        out,
        "               (http://127.0.0.1/callback stands for any port)"
    )?;
    if let Some(url) = webhook_url {
        writeln!(out, "webhooks:      {url}")?;
    }
    writeln!(
        out,
        "try:           curl -u {id}:{secret} {url}/v1/user_intent/none"
    )?;
    writeln!(
        out,
        "control:       curl {url}/_sandbox/ (clock, statuses, faults, webhooks, log)"
    )?;
    writeln!(out, "stop:          Ctrl-C")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(port: u16) -> Options {
        Options {
            port,
            seed: 1,
            webhook_url: Some("http://127.0.0.1:9000/".parse().unwrap()),
        }
    }

    #[tokio::test]
    async fn the_first_line_says_where_and_the_rest_with_which_keys() {
        let mut out = Vec::new();
        serve(&options(0), &mut out, async { 0 }).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        let port = text
            .strip_prefix("astrascope sandbox listening on http://127.0.0.1:")
            .unwrap();
        assert!(port.lines().next().unwrap().parse::<u16>().unwrap() > 0);
        for word in [
            "client id:",
            "client secret:",
            "http://127.0.0.1:8765/callback",
            "webhooks:      http://127.0.0.1:9000/\n",
            "curl -u ",
            "/_sandbox/",
        ] {
            assert!(text.contains(word), "{text}");
        }
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_named_with_a_way_out() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = serve(&options(port), &mut Vec::new(), async { 0 })
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(&format!("port {port}")), "{error}");
        assert!(error.contains("--port 0"), "{error}");
    }
}
