//! `astrascope send`: one call, its body on standard output and everything else on standard error.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use clap_complete::ArgValueCandidates;

use crate::adapters::files::read_named;
use crate::catalog::{DraftProblem, Part, check_draft, check_header};
use crate::commands::complete;
use crate::commands::consent::Agreed;
use crate::commands::engine::{Answered, Engine, told};
use crate::commands::output::{aside, note, print};
use crate::commands::target::Target;
use crate::domain::{Auth, Body, Call, Draft, Endpoint, Host, Method};

/// What to send.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// An endpoint of the catalogue (accounts.list), or a method before a path
    #[arg(value_name = "ID|METHOD", add = ArgValueCandidates::new(complete::operations))]
    what: String,
    /// The path, after a method: GET /v1/accounts
    path: Option<String>,
    /// A part of the path, a query parameter, or a field of the body
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// A header field beside those that the program sends; it may come more than once
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// The body: text, @FILE, or - for standard input
    #[arg(short, long, value_name = "TEXT|@FILE|-")]
    data: Option<String>,
    /// Test user to act for, by a part of the name; the first one if not given
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(complete::users))]
    user: Option<String>,
    /// Tell request, status and headers on standard error
    #[arg(short, long)]
    include: bool,
    /// Agree beforehand to a write on production, which asks otherwise
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    target: Target,
}

/// Sends what `options` say. The exit code tells whether the API answered with success.
///
/// # Errors
/// When it could not be sent, or no whole answer came.
pub async fn run(profile: Option<&str>, options: &Options) -> anyhow::Result<ExitCode> {
    let agreed = match options.yes {
        true => Agreed::This,
        false => Agreed::Nothing,
    };
    let engine = Engine::start(&options.target, profile, agreed).await?;
    let draft = draft(&engine, options)?;
    check(&engine, &draft, options.data.as_deref())?;
    let answered = engine.send(draft, None, options.user.as_deref()).await?;
    tell(&engine, &answered, options.include)?;
    Ok(match answered.response.is_success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn tell(engine: &Engine, answered: &Answered, include: bool) -> io::Result<()> {
    let response = &answered.response;
    if include {
        // It ends up in logs: without its secrets, as in the history.
        let masked = engine.masked(answered).exchange;
        let request = &masked.request;
        let headers = masked.response().map(|response| &response.headers);
        let mut text = format!("{} {}\n", request.method.as_str(), request.url);
        for (name, value) in request.shown_headers() {
            text += &format!("{name}: {value}\n");
        }
        text += &format!("\n{} {}\n", response.version, response.status);
        for (name, value) in headers.into_iter().flatten() {
            text += &format!("{name}: {value}\n");
        }
        aside(format_args!("{text}\n"));
    } else if !response.is_success() {
        note(format_args!(
            "the API answered {} (request-id {})",
            response.status,
            response.request_id().unwrap_or("none")
        ));
    }
    print(response.body.as_bytes())?;
    match response.body.as_bytes().last() {
        None | Some(b'\n') => Ok(()),
        Some(_) => print("\n"),
    }
}

/// Whether `draft` fits its endpoint, in the words of this command line.
fn check(engine: &Engine, draft: &Draft, data: Option<&str>) -> anyhow::Result<()> {
    let endpoint = engine.called(&draft.call)?;
    let problems = check_draft(&endpoint, engine.catalog(), draft);
    let Some(DraftProblem { part, problem }) = problems.first() else {
        return Ok(());
    };
    let body = match data {
        Some("-" | "@-") => "standard input",
        Some(data) => data.strip_prefix('@').unwrap_or("-d"),
        None => "body",
    };
    let what = format!("{}: {}", draft.call, told(problem, body));
    let name = &problem.path;
    let is_missing = match part {
        Part::Path => draft.path.get(name).is_none_or(String::is_empty),
        Part::Query => draft.query.iter().all(|(known, _)| known != name),
        Part::Header => false,
        Part::Body => data.is_none(),
    };
    match part {
        _ if !is_missing => bail!("{what}"),
        Part::Body if draft.body.is_none() => {
            bail!(
                "{what}\nhint: give the body with -d '{{…}}' or -d @FILE, or its fields with -p {name}=…"
            )
        }
        _ => bail!("{what}\nhint: -p {name}=…"),
    }
}

/// The call that `request` asks for.
fn draft(engine: &Engine, request: &Options) -> anyhow::Result<Draft> {
    let mut draft = match (&request.path, Method::parse(&request.what.to_uppercase())) {
        (Some(path), _) => by_path(engine, &request.what, path)?,
        (None, Some(method)) => bail!(
            "{} needs a path behind it\nhint: astrascope send {} /v1/accounts",
            request.what,
            method.as_str()
        ),
        (None, None) => Draft::new(&request.what),
    };
    let endpoint = engine.called(&draft.call)?;
    let is_free = draft.call.endpoint().is_none();
    draft.headers = headers(&request.headers, endpoint.auth)?;
    let mut fields = Vec::new();
    let mut given = HashSet::new();
    for parameter in &request.parameters {
        let (name, value) = parameter
            .split_once('=')
            .ok_or_else(|| anyhow!("-p {parameter}: expected name=value"))?;
        // A query of one's own may say the same name twice; a field of an endpoint has one value.
        let is_in_path =
            draft.path.contains_key(name) || draft.query.iter().any(|(known, _)| known == name);
        if !is_free && (is_in_path || !given.insert(name)) {
            bail!("{name} is given twice\nhint: say it once, in the path or with -p");
        }
        let is_named = |field: &crate::domain::Field| field.name == name;
        if endpoint.parameters.iter().any(is_named) {
            draft.path.insert(name.into(), value.into());
        } else if is_free || endpoint.query.iter().any(is_named) {
            draft.query.push((name.into(), value.into()));
        } else if let Some(field) = endpoint.body.iter().find(|field| is_named(field)) {
            fields.push((field, value));
        } else {
            bail!(
                "{} has no parameter {name}\nhint: {}",
                endpoint.id,
                names(&endpoint)
            );
        }
    }
    draft.body = match (&request.data, fields.is_empty()) {
        (Some(_), false) => bail!("--data is the whole body: put the fields of -p into it"),
        (Some(data), true) => Some(body(data)?),
        (None, false) => Some(Body::from(members(&fields).as_str())),
        (None, true) => None,
    };
    Ok(draft)
}

/// The members of a body; numbers and the like as they are spelled.
fn members(fields: &[(&crate::domain::Field, &str)]) -> String {
    let member = |(field, value): &(&crate::domain::Field, &str)| {
        let text = serde_json::Value::from(*value).to_string();
        let is_json = field.kind != crate::domain::Kind::String
            && serde_json::from_str::<serde_json::Value>(value).is_ok();
        format!(
            "{}:{}",
            serde_json::Value::from(field.name.as_str()),
            if is_json { (*value).to_owned() } else { text }
        )
    };
    format!(
        "{{{}}}",
        fields.iter().map(member).collect::<Vec<_>>().join(",")
    )
}

fn names(endpoint: &Endpoint) -> String {
    let fields = endpoint
        .parameters
        .iter()
        .chain(&endpoint.query)
        .chain(&endpoint.body);
    let names: Vec<_> = fields.map(|field| field.name.as_str()).collect();
    match names.is_empty() {
        true => "it takes none".into(),
        false => format!("it takes {}", names.join(", ")),
    }
}

fn body(data: &str) -> anyhow::Result<Body> {
    Ok(match data.strip_prefix('@') {
        None if data == "-" => standard_input()?,
        None => Body::from(data),
        Some("-") => standard_input()?,
        Some(file) => Body::new(read_named(Path::new(file)).map_err(|problem| {
            let hint = "-d @FILE takes the body from a file; without @ the text is the body";
            match problem.hint {
                None => problem.hint(hint),
                Some(_) => problem,
            }
        })?),
    })
}

fn standard_input() -> anyhow::Result<Body> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .context("standard input")?;
    Ok(Body::new(bytes))
}

/// Header fields as curl takes them: a name, a colon, a value.
fn headers(lines: &[String], auth: Auth) -> anyhow::Result<Vec<(String, String)>> {
    let header = |line: &String| {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| anyhow!("-H {line:?}: expected name: value"))?;
        let name = name.trim();
        check_header(name, auth).map_err(|why| anyhow!("-H {name}: {why}"))?;
        Ok((name.to_owned(), value.trim().to_owned()))
    };
    lines.iter().map(header).collect()
}

/// The call of `path` with `method`: of the endpoint that has this path, or else of the path itself, with a user's token.
fn by_path(engine: &Engine, method: &str, path: &str) -> anyhow::Result<Draft> {
    if let Some((_, rest)) = path.split_once("://") {
        let path = rest.find('/').and_then(|slash| rest.get(slash..));
        bail!(
            "the host is the profile's: leave it out of the path\nhint: astrascope send {method} {}",
            path.unwrap_or("/v1/accounts")
        );
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let method = Method::parse(&method.to_uppercase()).ok_or_else(|| {
        anyhow!("{method} is no method\nhint: the API uses GET, POST, PUT, PATCH and DELETE")
    })?;
    let segments: Vec<_> = path.trim_matches('/').split('/').collect();
    let mut draft = match engine.catalog().with_path(method, &segments) {
        Some((endpoint, values)) => Draft {
            path: values.into_iter().collect(),
            ..Draft::new(endpoint.id.as_str())
        },
        None => Draft {
            call: Call::Path {
                method,
                path: format!("/{}", path.trim_start_matches('/')),
                host: Host::default(),
                auth: Auth::default(),
            },
            ..Draft::default()
        },
    };
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    draft.query.extend(pairs.into_owned());
    Ok(draft)
}
