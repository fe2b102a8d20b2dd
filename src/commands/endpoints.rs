//! `astrascope endpoints`: what can be called.

use serde_json::json;

use crate::commands::catalogue;
use crate::commands::home::Home;
use crate::commands::output::print;
use crate::domain::Endpoint;

/// Lists the endpoints of the catalogue that the default profile has, as a table or as JSON.
///
/// # Errors
/// When the configuration is wrong, or standard output cannot be written.
pub fn endpoints(as_json: bool) -> anyhow::Result<()> {
    let home = Home::open()?;
    let mut catalog = catalogue::read_and_tell(&home.paths.config)?;
    if let Ok(profile) = home.settings.choose(None) {
        catalog.adapt(profile.environment);
    }
    let endpoints = catalog.endpoints();
    let text = if as_json {
        serde_json::to_string_pretty(&endpoints.iter().map(entry).collect::<Vec<_>>())? + "\n"
    } else {
        let width = |text: fn(&Endpoint) -> &str| {
            endpoints
                .iter()
                .map(|endpoint| text(endpoint).len())
                .max()
                .unwrap_or(0)
        };
        let (ids, paths) = (
            width(|endpoint| endpoint.id.as_str()),
            width(|endpoint| &endpoint.path),
        );
        let line = |endpoint: &Endpoint| {
            let Endpoint {
                id,
                method,
                path,
                auth,
                summary,
                ..
            } = endpoint;
            let (id, method, auth) = (id.as_str(), method.as_str(), auth.name());
            format!("{id:ids$}  {method:6}  {path:paths$}  {auth:6}  {summary}\n")
        };
        endpoints.iter().map(line).collect()
    };
    Ok(print(text)?)
}

fn entry(endpoint: &Endpoint) -> serde_json::Value {
    json!({
        "id": endpoint.id.as_str(),
        "method": endpoint.method.as_str(),
        "path": endpoint.path,
        "auth": endpoint.auth.name(),
        "writes": endpoint.writes(),
        "summary": endpoint.summary,
        "confidence": endpoint.confidence,
    })
}
