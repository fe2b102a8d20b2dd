//! `astrascope endpoints` and `astrascope users`: what can be called, and on whose behalf.

use serde_json::json;

use crate::catalog::Catalog;
use crate::commands::output::print;
use crate::domain::Endpoint;
use crate::sandbox;

/// Lists the endpoints of the catalogue, as a table or as JSON.
///
/// # Errors
/// When standard output cannot be written.
pub fn endpoints(as_json: bool) -> anyhow::Result<()> {
    let catalog = Catalog::built_in()?;
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
        "writes": endpoint.writes,
        "summary": endpoint.summary,
        "confidence": endpoint.confidence,
    })
}

/// Lists the test users of the built-in sandbox.
///
/// # Errors
/// When standard output cannot be written.
pub fn users() -> anyhow::Result<()> {
    let users = sandbox::test_users(0);
    let width = users
        .iter()
        .map(|user| user.name.chars().count())
        .max()
        .unwrap_or(0);
    let line = |user: &crate::domain::TestUser| {
        let status = user.status.map_or("", crate::domain::UserStatus::name);
        format!(
            "{:width$}  {:9}  {}  {}\n",
            user.name, status, user.phone, user.email
        )
    };
    Ok(print(users.iter().map(line).collect::<String>())?)
}
