//! Writes the TOML of a saved request. What a person wrote in the file stays wherever its meaning stays.

use toml_edit::{Array, DocumentMut, InlineTable, Item, RawString, Table, Value};

use crate::adapters::files::saved::read::{KEYS, read};
use crate::domain::{Auth, Call, Check, FieldCheck, Host, Problem, SavedRequest, Scalar};

/// The text of the file for `request`, given the text that is there now.
///
/// # Errors
/// When the old text cannot be read, which would lose what is in it, or the request could not be read back: a text in it
/// is not of the grammar of references, or a field is checked twice in the same way.
pub fn write(file: &str, old: Option<&str>, request: &SavedRequest) -> Result<String, Problem> {
    let before = old
        .map(|text| read(file, request.name.clone(), text))
        .transpose()?;
    if let (Some(text), Some(before)) = (old, &before)
        && before == request
    {
        return Ok(text.to_owned());
    }
    let mut document: DocumentMut =
        old.unwrap_or_default()
            .parse()
            .map_err(|error: toml_edit::TomlError| {
                Problem::new(format!("{file} cannot be read")).because(error.message())
            })?;
    let before = before.unwrap_or_default();
    let is_fresh = old.is_none();
    edit(document.as_table_mut(), &before, request, is_fresh);
    let text = document.to_string();
    match read(file, request.name.clone(), &text) {
        Ok(back) if back == *request => Ok(text),
        Ok(_) => Err(Problem::new(format!("{file} cannot hold this request"))
            .because("a field is checked twice in the same way")),
        Err(problem) => {
            Err(Problem::new(format!("{file} cannot hold this request")).because(problem.what))
        }
    }
}

fn edit(root: &mut Table, before: &SavedRequest, request: &SavedRequest, is_fresh: bool) {
    if before.description != request.description {
        set_text(
            root,
            "description",
            Some(&request.description).filter(|text| !text.is_empty()),
        );
    }
    if is_fresh || before.call != request.call {
        set_call(root, &request.call);
    }
    for (key, old, new) in [
        ("profile", &before.profile, &request.profile),
        ("user", &before.user, &request.user),
    ] {
        if old != new {
            set_text(root, key, new.as_ref());
        }
    }
    if before.body != request.body {
        let is_new = !root.contains_key("body");
        set(root, "body", request.body.as_deref().map(body_value));
        if let (true, true, Some(mut key)) = (is_new, root.len() > 1, root.key_mut("body")) {
            key.leaf_decor_mut().set_prefix("\n");
        }
    }
    let path: Vec<_> = request.path.clone().into_iter().collect();
    if before.path != request.path {
        set_pairs(root, "path", &path);
    }
    if before.query != request.query {
        set_pairs(root, "query", &request.query);
    }
    if before.headers != request.headers {
        set_pairs(root, "headers", &request.headers);
    }
    if before.expect != request.expect {
        set_expectations(root, before, request);
    }
    if is_fresh {
        root.sort_values_by(|a, _, b, _| place(a).cmp(&place(b)));
    }
}

fn place(key: &toml_edit::Key) -> Option<usize> {
    KEYS.iter().position(|known| *known == key.get())
}

fn set_text(table: &mut Table, key: &str, text: Option<&String>) {
    set(table, key, text.map(Value::from));
}

/// Puts `value` in the place of what is there, with the comments around it; takes it away if there is none.
fn set(table: &mut Table, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        Some(item) => *item = Item::Value(value),
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn set_call(root: &mut Table, call: &Call) {
    match call {
        Call::Endpoint(id) => {
            for key in ["request", "host", "auth"] {
                root.remove(key);
            }
            set(root, "endpoint", Some(id.as_str().into()));
        }
        Call::Path {
            method,
            path,
            host,
            auth,
        } => {
            root.remove("endpoint");
            set(
                root,
                "request",
                Some(format!("{} {path}", method.as_str()).into()),
            );
            let host = (*host == Host::Secure).then(|| "secure".into());
            set(root, "host", host);
            let auth = (*auth != Auth::default()).then(|| auth.name().into());
            set(root, "auth", auth);
        }
    }
}

/// Several lines stand as they are between `'''`; anything that this cannot spell is escaped.
fn body_value(body: &str) -> Value {
    let has_odd = body
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t');
    let is_literal = !has_odd && !body.contains("'''");
    let literal = match (body.contains('\n'), is_literal) {
        (true, true) => Some(format!("'''\n{body}\n'''")),
        (false, true) if !body.contains('\'') => Some(format!("'{body}'")),
        _ => None,
    };
    let value = literal.and_then(|literal| literal.parse().ok());
    value.unwrap_or_else(|| {
        if body.ends_with('\n') {
            format!("{body}\n").into()
        } else {
            body.into()
        }
    })
}

/// One entry of a table of pairs: a name and its values.
type Group = (String, Vec<String>);

/// `None` where a name comes again after another one, which a table cannot say.
fn groups(pairs: &[(String, String)]) -> Option<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for (name, value) in pairs {
        let at = groups.iter().position(|(known, _)| known == name);
        match at {
            None => groups.push((name.clone(), vec![value.clone()])),
            Some(at) if at + 1 == groups.len() => groups[at].1.push(value.clone()),
            Some(_) => return None,
        }
    }
    Some(groups)
}

fn group_value(values: &[String]) -> Value {
    match values {
        [value] => value.into(),
        values => values.iter().collect::<Array>().into(),
    }
}

fn set_pairs(root: &mut Table, key: &str, pairs: &[(String, String)]) {
    if pairs.is_empty() {
        root.remove(key);
        return;
    }
    let Some(groups) = groups(pairs) else {
        let list = pairs
            .iter()
            .map(|(name, value)| Value::from(Array::from_iter([name, value])));
        root.remove(key);
        set(root, key, Some(Value::from(Array::from_iter(list))));
        return;
    };
    let is_table = root.get(key).is_some_and(Item::is_table);
    if !is_table {
        root.remove(key);
    }
    let Some(table) = sub_table(root, key) else {
        return; // it was just made one
    };
    let gone: Vec<String> = table
        .iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| !groups.iter().any(|(known, _)| known == name))
        .collect();
    for name in gone {
        table.remove(&name);
    }
    for (name, values) in &groups {
        let is_same = table.get(name).is_some_and(|item| texts(item) == *values);
        if !is_same {
            set(table, name, Some(group_value(values)));
        }
    }
    let place = |key: &toml_edit::Key| groups.iter().position(|(name, _)| name == key.get());
    table.sort_values_by(|a, _, b, _| place(a).cmp(&place(b)));
}

/// What an entry of a table of pairs reads as.
fn texts(item: &Item) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => text.value().clone(),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => number.display_repr().into_owned(),
        other => other.to_string().trim().to_owned(),
    };
    match item.as_value() {
        Some(Value::Array(values)) => values.iter().map(one).collect(),
        Some(value) => vec![one(value)],
        None => Vec::new(),
    }
}

fn sub_table<'a>(parent: &'a mut Table, key: &str) -> Option<&'a mut Table> {
    parent
        .entry(key)
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_mut()
}

fn set_expectations(root: &mut Table, before: &SavedRequest, request: &SavedRequest) {
    let (old, new) = (&before.expect, &request.expect);
    if new.is_empty() {
        root.remove("expect");
        return;
    }
    if !root.get("expect").is_some_and(Item::is_table) {
        root.remove("expect"); // one in braces is written anew as a table
    }
    let is_new = !root.contains_key("expect");
    let Some(table) = sub_table(root, "expect") else {
        return; // it was just made one
    };
    if is_new || old.status != new.status {
        set(
            table,
            "status",
            new.status.map(|status| i64::from(status).into()),
        );
    }
    if is_new || old.longest != new.longest {
        let ms = new
            .longest
            .map(|longest| i64::try_from(longest.as_millis()).unwrap_or(i64::MAX));
        set(table, "max_ms", ms.map(Value::from));
    }
    if is_new || old.shape != new.shape {
        set(table, "shape", new.shape.then(|| true.into()));
    }
    if is_new || old.fields != new.fields {
        set_fields(table, &new.fields);
    }
    let has_values = table.iter().any(|(_, item)| item.is_value());
    table.set_implicit(!has_values);
}

fn set_fields(expect: &mut Table, fields: &[FieldCheck]) {
    let mut rows: Vec<(&str, InlineTable)> = Vec::new();
    for FieldCheck { path, check } in fields {
        let at = rows
            .iter()
            .position(|(known, _)| known == path)
            .unwrap_or_else(|| {
                rows.push((path, InlineTable::new()));
                rows.len() - 1
            });
        let (kind, value) = check_value(check);
        if let Some((_, row)) = rows.get_mut(at) {
            row.insert(kind, value);
        }
    }
    if rows.is_empty() {
        expect.remove("fields");
        return;
    }
    if !expect.get("fields").is_some_and(Item::is_table) {
        expect.remove("fields");
    }
    let Some(table) = sub_table(expect, "fields") else {
        return; // it was just made one
    };
    let gone = |name: &str| !rows.iter().any(|(path, _)| *path == name);
    let names: Vec<String> = table
        .iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| gone(name))
        .collect();
    for name in names {
        table.remove(&name);
    }
    for (path, row) in &rows {
        let old = table.get(path);
        let value = field_value(row, old);
        let is_same = old.is_some_and(|old| bare(old) == bare(&Item::from(value.clone())));
        if !is_same {
            set(table, path, Some(value));
        }
    }
    let place = |key: &toml_edit::Key| rows.iter().position(|(path, _)| *path == key.get());
    table.sort_values_by(|a, _, b, _| place(a).cmp(&place(b)));
}

/// The checks of a field: a value that it equals stands for itself, unless `old` spells that out.
fn field_value(row: &InlineTable, old: Option<&Item>) -> Value {
    match row.get("equals") {
        Some(value) if row.len() == 1 && !old.is_some_and(Item::is_table_like) => value.clone(),
        _ => row.clone().into(),
    }
}

/// An item without blanks and comments around it, to compare.
fn bare(item: &Item) -> String {
    let text = item.clone().into_value().map(|mut value| {
        value.decor_mut().clear();
        if let Value::InlineTable(table) = &mut value {
            table.set_trailing(RawString::default());
            table.fmt();
        }
        value.to_string()
    });
    text.unwrap_or_default()
}

fn check_value(check: &Check) -> (&'static str, Value) {
    match check {
        Check::Exists => ("exists", true.into()),
        Check::Absent => ("absent", true.into()),
        Check::Type(kind) => ("type", kind.name().into()),
        Check::Equals(scalar) => ("equals", scalar_value(scalar)),
        Check::Matches(pattern) => ("matches", pattern.into()),
        Check::OneOf(values) => (
            "one_of",
            values.iter().map(scalar_value).collect::<Array>().into(),
        ),
    }
}

fn scalar_value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Text(text) => text.into(),
        Scalar::Integer(number) => (*number).into(),
        Scalar::Float(number) => (*number).into(),
        Scalar::Boolean(flag) => (*flag).into(),
    }
}
