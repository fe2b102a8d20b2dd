//! HAR 1.2 as the list of its fields (<http://www.softwareishard.com/blog/har-12-spec/>), to hold an archive against.

use serde_json::Value;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    /// A date and time of ISO 8601 with a zone.
    Time,
    /// A URL without characters that are no ASCII.
    Url,
    /// A number from this one on; `-1` stands for what is not known.
    Number(i32),
    Object(&'static str),
    List(&'static str),
}

use Kind::{List, Number, Object, Text, Time, Url};

/// Object, field, whether it has to be there, what it holds.
const FIELDS: &[(&str, &str, bool, Kind)] = &[
    ("", "log", true, Object("log")),
    ("log", "version", true, Text),
    ("log", "creator", true, Object("creator")),
    ("log", "browser", false, Object("creator")),
    ("log", "pages", false, List("page")),
    ("log", "entries", true, List("entry")),
    ("creator", "name", true, Text),
    ("creator", "version", true, Text),
    ("entry", "pageref", false, Text),
    ("entry", "startedDateTime", true, Time),
    ("entry", "time", true, Number(0)),
    ("entry", "request", true, Object("request")),
    ("entry", "response", true, Object("response")),
    ("entry", "cache", true, Object("cache")),
    ("entry", "timings", true, Object("timings")),
    ("entry", "serverIPAddress", false, Text),
    ("entry", "connection", false, Text),
    ("request", "method", true, Text),
    ("request", "url", true, Url),
    ("request", "httpVersion", true, Text),
    ("request", "cookies", true, List("cookie")),
    ("request", "headers", true, List("pair")),
    ("request", "queryString", true, List("pair")),
    ("request", "postData", false, Object("postData")),
    ("request", "headersSize", true, Number(-1)),
    ("request", "bodySize", true, Number(-1)),
    ("response", "status", true, Number(0)),
    ("response", "statusText", true, Text),
    ("response", "httpVersion", true, Text),
    ("response", "cookies", true, List("cookie")),
    ("response", "headers", true, List("pair")),
    ("response", "content", true, Object("content")),
    ("response", "redirectURL", true, Text),
    ("response", "headersSize", true, Number(-1)),
    ("response", "bodySize", true, Number(-1)),
    ("pair", "name", true, Text),
    ("pair", "value", true, Text),
    ("postData", "mimeType", true, Text),
    ("postData", "params", false, List("param")),
    ("postData", "text", false, Text),
    ("content", "size", true, Number(0)),
    ("content", "compression", false, Number(i32::MIN)),
    ("content", "mimeType", true, Text),
    ("content", "text", false, Text),
    ("content", "encoding", false, Text),
    ("timings", "blocked", false, Number(-1)),
    ("timings", "dns", false, Number(-1)),
    ("timings", "connect", false, Number(-1)),
    ("timings", "send", true, Number(0)),
    ("timings", "wait", true, Number(0)),
    ("timings", "receive", true, Number(0)),
    ("timings", "ssl", false, Number(-1)),
];

/// Everything in which `archive` is not of HAR 1.2.
pub(super) fn mistakes(archive: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(archive, "", "", &mut found);
    found
}

fn check(value: &Value, kind: &str, place: &str, found: &mut Vec<String>) {
    let Some(object) = value.as_object() else {
        found.push(format!("{place} is no object"));
        return;
    };
    let fields = || FIELDS.iter().filter(|(of, ..)| *of == kind);
    for (_, name, is_required, holds) in fields() {
        let place = format!("{place}.{name}");
        match object.get(*name) {
            Some(value) => check_field(value, *holds, &place, found),
            None if *is_required => found.push(format!("{place} is missing")),
            None => {}
        }
    }
    for name in object.keys() {
        // Names with an underscore are for whoever writes the archive.
        let is_known = name.starts_with('_') || name == "comment";
        if !is_known && !fields().any(|(_, known, ..)| known == name) {
            found.push(format!("{place}.{name} is not of HAR 1.2"));
        }
    }
}

fn check_field(value: &Value, holds: Kind, place: &str, found: &mut Vec<String>) {
    let text = || value.as_str();
    let is_right = match holds {
        Text => text().is_some(),
        Time => text().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        Url => text().is_some_and(str::is_ascii),
        Number(least) => value
            .as_f64()
            .is_some_and(|number| number >= f64::from(least)),
        Object(kind) => return check(value, kind, place, found),
        List(kind) => {
            for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                check(item, kind, &format!("{place}[{at}]"), found);
            }
            value.is_array()
        }
    };
    if !is_right {
        found.push(format!("{place} is no {holds:?}: {value}"));
    }
}
