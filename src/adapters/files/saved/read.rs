//! Reads the TOML of a saved request. A mistake names the file, the line and the key; nothing is guessed or skipped.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use crate::catalog::Template;
use crate::domain::{Auth, Call, EndpointId, Host, Method, Problem, RequestName, SavedRequest};

/// The keys of a file, in the order in which they are written.
pub(super) const KEYS: [&str; 12] = [
    "description",
    "endpoint",
    "request",
    "host",
    "auth",
    "profile",
    "user",
    "body",
    "path",
    "query",
    "headers",
    "expect",
];

/// Reads the text of the file called `file`.
///
/// # Errors
/// When it is not TOML of the form of a saved request, or a reference in it is not of the grammar.
pub fn read(file: &str, name: RequestName, text: &str) -> Result<SavedRequest, Problem> {
    let reader = Reader { file, text };
    let document = Document::parse(text)
        .map_err(|error| reader.wrong(error.span(), error.message().trim().replace('\n', ", ")))?;
    let root = document.as_table();
    reader.known(root, &KEYS, "")?;
    let text_of = |key: &str| root.get(key).map(|item| reader.text(key, item)).transpose();
    let template = |key: &str| {
        root.get(key)
            .map(|item| reader.template(key, item))
            .transpose()
    };
    let mut request = SavedRequest {
        name,
        description: text_of("description")?.unwrap_or_default(),
        call: reader.call(root)?,
        profile: text_of("profile")?,
        user: text_of("user")?,
        body: template("body")?.map(without_last_break),
        ..SavedRequest::default()
    };
    for (key, value) in reader.pairs(root, "path")? {
        request.path.insert(key, value);
    }
    request.query = split_off_query(&mut request.call);
    request.query.extend(reader.pairs(root, "query")?);
    request.headers = reader.pairs(root, "headers")?;
    if let Some(item) = root.get("expect") {
        request.expect = reader.expectations(item)?;
    }
    Ok(request)
}

/// Takes the query out of a path that was written as in an address: `GET /v1/transfers?limit=10`.
fn split_off_query(call: &mut Call) -> Vec<(String, String)> {
    let Call::Path { path, .. } = call else {
        return Vec::new();
    };
    let Some((start, query)) = path.split_once('?') else {
        return Vec::new();
    };
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.into_owned().collect();
    *path = start.to_owned();
    pairs
}

/// The break before the closing quotes is there for the eye; it is not part of the body.
fn without_last_break(mut body: String) -> String {
    if body.ends_with('\n') {
        body.pop();
    }
    body
}

/// A file that is read, to say where in it something is wrong.
pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    pub(super) fn wrong(
        &self,
        span: Option<Range<usize>>,
        reason: impl std::fmt::Display,
    ) -> Problem {
        let start = span.map_or(0, |span| span.start);
        let before = self.text.as_bytes().get(..start).unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        Problem::new(format!("{}:{line}: {reason}", self.file))
    }

    pub(super) fn known(
        &self,
        table: &dyn TableLike,
        keys: &[&str],
        place: &str,
    ) -> Result<(), Problem> {
        for (key, item) in table.iter() {
            if !keys.contains(&key) {
                let span = table
                    .key(key)
                    .and_then(toml_edit::Key::span)
                    .or_else(|| item.span());
                let reason = format!("unknown key \"{key}\"{place}");
                return Err(self
                    .wrong(span, reason)
                    .hint(format!("known are {}", keys.join(", "))));
            }
        }
        Ok(())
    }

    pub(super) fn table<'a>(
        &self,
        key: &str,
        item: &'a Item,
    ) -> Result<&'a dyn TableLike, Problem> {
        item.as_table_like().ok_or_else(|| {
            self.wrong(
                item.span(),
                format!("\"{key}\" is {}, not a table", item.type_name()),
            )
        })
    }

    pub(super) fn text(&self, key: &str, item: &Item) -> Result<String, Problem> {
        item.as_str().map(str::to_owned).ok_or_else(|| {
            self.wrong(
                item.span(),
                format!("\"{key}\" is {}, not a text", item.type_name()),
            )
        })
    }

    fn template(&self, key: &str, item: &Item) -> Result<String, Problem> {
        self.value(
            key,
            item.as_value()
                .ok_or_else(|| self.wrong(item.span(), format!("\"{key}\" is no text")))?,
        )
    }

    /// A text with references; a number or a truth value stands for how it is written.
    pub(super) fn value(&self, key: &str, value: &Value) -> Result<String, Problem> {
        let text = match value {
            Value::String(text) => text.value().clone(),
            Value::Integer(number) => number.value().to_string(),
            Value::Float(number) => number.display_repr().into_owned(),
            Value::Boolean(flag) => flag.value().to_string(),
            other => {
                return Err(self.wrong(
                    other.span(),
                    format!("\"{key}\" is {}, not a text", other.type_name()),
                ));
            }
        };
        match Template::parse(&text) {
            Ok(_) => Ok(text),
            Err(error) => Err(self.wrong(
                value.span(),
                format!("\"{key}\": {} at character {}", error.reason, error.column),
            )),
        }
    }

    fn call(&self, root: &dyn TableLike) -> Result<Call, Problem> {
        let endpoint = root
            .get("endpoint")
            .map(|item| self.text("endpoint", item))
            .transpose()?;
        let Some(item) = root.get("request") else {
            for key in ["host", "auth"] {
                if let Some(item) = root.get(key) {
                    return Err(self.wrong(
                        item.span(),
                        format!("\"{key}\" goes with \"request\" only; an endpoint knows its own"),
                    ));
                }
            }
            return endpoint
                .map(|id| Call::Endpoint(EndpointId::new(id)))
                .ok_or_else(|| {
                    self.wrong(None, "it does not say what is called")
                        .hint("add endpoint = \"accounts.list\", or request = \"GET /v1/accounts\"")
                });
        };
        if endpoint.is_some() {
            return Err(self.wrong(
                item.span(),
                "\"endpoint\" and \"request\" exclude each other",
            ));
        }
        let line = self.template("request", item)?;
        let parts = line
            .split_once(' ')
            .and_then(|(method, path)| Some((Method::parse(method)?, path)));
        let (method, path) = parts
            .filter(|(_, path)| path.starts_with('/'))
            .ok_or_else(|| {
                self.wrong(item.span(), "\"request\" is not a method and a path")
                    .hint("write it like \"GET /v1/accounts\"")
            })?;
        Ok(Call::Path {
            method,
            path: path.to_owned(),
            host: self.word(
                root,
                "host",
                &[("api", Host::Api), ("secure", Host::Secure)],
            )?,
            auth: self.word(
                root,
                "auth",
                &[
                    ("bearer", Auth::Bearer),
                    ("basic", Auth::Basic),
                    ("none", Auth::None),
                ],
            )?,
        })
    }

    /// One of a few words.
    fn word<T: Copy + Default>(
        &self,
        root: &dyn TableLike,
        key: &str,
        words: &[(&str, T)],
    ) -> Result<T, Problem> {
        let Some(item) = root.get(key) else {
            return Ok(T::default());
        };
        let text = self.text(key, item)?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(
                item.span(),
                format!("\"{key}\" is \"{text}\", not one of {}", known.join(", ")),
            )
        })
    }

    /// Names and values in order: a table, in which a list of values repeats the name; or a list of pairs.
    fn pairs(&self, root: &dyn TableLike, key: &str) -> Result<Vec<(String, String)>, Problem> {
        let Some(item) = root.get(key) else {
            return Ok(Vec::new());
        };
        let mut pairs = Vec::new();
        if let (Some(list), false) = (item.as_array(), key == "path") {
            for pair in list {
                let pair: Vec<&Value> = pair
                    .as_array()
                    .map(|pair| pair.iter().collect())
                    .unwrap_or_default();
                let [name, value] = pair[..] else {
                    return Err(self.wrong(
                        item.span(),
                        format!("\"{key}\" is a list, but not one of pairs [\"name\", \"value\"]"),
                    ));
                };
                pairs.push((self.value(key, name)?, self.value(key, value)?));
            }
            return Ok(pairs);
        }
        for (name, item) in self.table(key, item)?.iter() {
            match item.as_array() {
                Some(values) if key != "path" => {
                    for value in values {
                        pairs.push((name.to_owned(), self.value(name, value)?));
                    }
                }
                _ => pairs.push((name.to_owned(), self.template(name, item)?)),
            }
        }
        Ok(pairs)
    }
}
