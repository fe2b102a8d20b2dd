//! Takes curl commands over, as documentation and browsers give them.

use std::fs;
use std::path::{Component, Path};

use url::form_urlencoded;

use crate::adapters::formats::cmd;
use crate::adapters::formats::curl_options::{Meaning, by_letter, by_name};
use crate::adapters::formats::import::{Import, Importer};
use crate::adapters::formats::marked;
use crate::adapters::formats::recognise::Foreign;
use crate::adapters::formats::shell::{Command, commands};
use crate::catalog::Catalog;
use crate::domain::Auth;

/// A file for `@file` that is larger belongs nowhere near a saved request.
const LARGEST_FILE: u64 = 1024 * 1024;

/// The requests of all curl commands in `text`. `@file` is read from below `folder`, and nowhere else.
pub fn import(text: &str, catalog: &Catalog, folder: Option<&Path>) -> Import {
    let mut importer = Importer::new(catalog);
    let commands = match cmd::is_for_windows(text) {
        true => cmd::commands(text),
        false => commands(text),
    };
    for command in commands {
        let place = format!("line {}", command.line);
        let words = command
            .words
            .iter()
            .skip_while(|word| ["$", "%", ">"].contains(&word.as_str())); // a prompt
        let words: Vec<&str> = words.map(String::as_str).collect();
        let Some((program, words)) = words.split_first() else {
            continue;
        };
        if !["curl", "curl.exe"].contains(program) && !program.ends_with("/curl") {
            importer.note(
                &place,
                &format!(
                    "{} was left out: only curl is understood",
                    marked::template(program)
                ),
            );
            continue;
        }
        take(&mut importer, &place, &command, words, folder);
    }
    importer.finish()
}

fn take(
    importer: &mut Importer<'_>,
    place: &str,
    command: &Command,
    words: &[&str],
    folder: Option<&Path>,
) {
    let mut curl = Curl {
        folder,
        ..Curl::default()
    };
    curl.read(words);
    for what in &command.skipped {
        curl.notes.push(format!("{what} was left out"));
    }
    if command.is_cut {
        let note = "a quote is never closed: the command looks cut off";
        curl.notes.push(note.to_owned());
    }
    for note in std::mem::take(&mut curl.notes) {
        importer.note(place, &note);
    }
    match curl.finish() {
        Ok(foreign) => importer.take(place, &foreign, None, ""),
        Err(note) => importer.note(place, note),
    }
}

/// What a command line says.
#[derive(Default)]
struct Curl<'a> {
    folder: Option<&'a Path>,
    urls: Vec<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    data: Option<String>,
    query: Vec<String>,
    auth: Option<Auth>,
    is_get: bool,
    is_head: bool,
    is_json: bool,
    /// The method of a form of several parts, or of a file: neither is taken over.
    implied: Option<&'static str>,
    has_kind: bool,
    notes: Vec<String>,
}

impl Curl<'_> {
    fn read(&mut self, words: &[&str]) {
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            if let Some(long) = word.strip_prefix("--").filter(|long| !long.is_empty()) {
                // curl takes any beginning of a name that only one option has; documentation does not use it.
                match by_name(long) {
                    Some((name, meaning)) => {
                        let value = meaning.has_value().then(|| words.next()).flatten();
                        self.option(name, meaning, word, value.unwrap_or_default());
                    }
                    None => self.not_understood(word),
                }
            } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
                self.shorts(short, &mut words);
            } else {
                self.urls.push(word.to_owned());
            }
        }
    }

    /// `-sSX POST`, `-XPOST`.
    fn shorts<'w>(&mut self, shorts: &'w str, words: &mut impl Iterator<Item = &'w str>) {
        for (at, letter) in shorts.char_indices() {
            let word = format!("-{letter}");
            let Some((name, meaning)) = by_letter(letter) else {
                self.not_understood(&word);
                continue;
            };
            if !meaning.has_value() {
                self.option(name, meaning, &word, "");
                continue;
            }
            let rest = shorts
                .get(at + letter.len_utf8()..)
                .filter(|rest| !rest.is_empty());
            let value = rest.or_else(|| words.next()).unwrap_or_default();
            self.option(name, meaning, &word, value);
            return;
        }
    }

    fn not_understood(&mut self, word: &str) {
        let word = marked::template(word);
        self.notes
            .push(format!("{word} was left out: it is not understood"));
    }

    fn option(&mut self, name: &str, meaning: Meaning, word: &str, value: &str) {
        match meaning {
            Meaning::Part => self.part(name, value),
            Meaning::Flag if name == "get" => self.is_get = true,
            Meaning::Flag => self.is_head = true,
            Meaning::Silent { .. } => {}
            Meaning::Told { why, .. } => {
                if name == "upload-file" {
                    self.implied = Some("PUT");
                }
                self.notes.push(format!("{word} was left out: {why}"));
            }
        }
    }

    fn part(&mut self, name: &str, value: &str) {
        match name {
            "request" => self.method = Some(value.to_owned()),
            "header" => self.header(value),
            "url" => self.urls.push(value.to_owned()),
            "data-raw" => self.append(value, "&"),
            "data-urlencode" => {
                let encoded = self.urlencoded(value);
                self.append(&encoded, "&");
            }
            "url-query" => {
                let encoded = self.urlencoded(value);
                self.query.push(encoded);
            }
            "json" => {
                self.is_json = true;
                let text = self.file_or(value, false);
                self.append(&text, "");
            }
            "data-binary" => {
                let text = self.file_or(value, false);
                self.append(&text, "&");
            }
            "form" | "form-string" => {
                self.implied = Some("POST");
                let field = value.split('=').next().unwrap_or_default();
                self.notes.push(format!(
                    "the form field {} was left out: the API takes no multipart forms",
                    marked::template(field)
                ));
            }
            "user" => {
                self.auth = Some(Auth::Basic);
                if !marked::is_marked(value) {
                    self.notes.push("the name and password of --user were left out: the program sends the profile's keys".into());
                }
            }
            "oauth2-bearer" => {
                self.auth = Some(Auth::Bearer);
                self.notes
                    .push("the bearer credential was left out: the program sends its own".into());
            }
            _ => {
                let text = self.file_or(value, true);
                self.append(&text, "&");
            }
        }
    }

    fn header(&mut self, field: &str) {
        let (name, value) = match field.split_once(':') {
            Some((name, value)) => (name, value.trim_start()),
            None => match field.strip_suffix(';') {
                Some(name) => (name, ""),
                None => {
                    self.notes.push(format!(
                        "the header {} was left out: it has no colon",
                        marked::template(field)
                    ));
                    return;
                }
            },
        };
        let is_kind = name.eq_ignore_ascii_case("content-type");
        self.has_kind |= is_kind;
        let is_taken_away = value.is_empty() && field.ends_with(':');
        if !is_taken_away {
            self.headers
                .push((name.trim().to_owned(), value.to_owned()));
        }
    }

    fn append(&mut self, text: &str, between: &str) {
        match &mut self.data {
            Some(data) => {
                data.push_str(between);
                data.push_str(text);
            }
            None => self.data = Some(text.to_owned()),
        }
    }

    /// `content`, `=content`, `name=content`, `@file`, `name@file`.
    fn urlencoded(&mut self, value: &str) -> String {
        let (name, content) = match value.find(['=', '@']) {
            None => ("", value.to_owned()),
            Some(at) => {
                let (name, content) = value.split_at(at);
                match content.strip_prefix('=') {
                    Some(content) => (name, content.to_owned()),
                    None => (name, self.file_or(content, false)),
                }
            }
        };
        // A variable stays one: what it stands for is encoded when it is filled in.
        let content = if marked::is_marked(&content) {
            content
        } else {
            form_urlencoded::byte_serialize(content.as_bytes()).collect()
        };
        if name.is_empty() {
            content
        } else {
            format!("{name}={content}")
        }
    }

    /// What is in the file if `value` is `@file`.
    fn file_or(&mut self, value: &str, is_ascii: bool) -> String {
        let Some(name) = value.strip_prefix('@') else {
            return value.to_owned();
        };
        match self.file(name) {
            Ok(text) if is_ascii => text.replace(['\r', '\n', '\0'], ""),
            Ok(text) => text,
            Err(why) => {
                self.notes
                    .push(format!("@{} was left out: {why}", marked::template(name)));
                String::new()
            }
        }
    }

    fn file(&self, name: &str) -> Result<String, &'static str> {
        let folder = self.folder.ok_or("there is no folder to read it from")?;
        let is_below = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_below || marked::is_marked(name) || name == "-" {
            return Err("only files below the folder of the command are read");
        }
        let path = folder.join(name);
        match fs::metadata(&path) {
            Ok(data) if data.is_file() && data.len() <= LARGEST_FILE => {}
            Ok(_) => return Err("it is no file, or larger than 1 MiB"),
            Err(_) => return Err("it is not there"),
        }
        let text = fs::read(&path).map_err(|_| "it cannot be read")?;
        String::from_utf8(text)
            .map(|text| marked::clean(&text))
            .map_err(|_| "it is not UTF-8")
    }

    fn finish(mut self) -> Result<Foreign, &'static str> {
        if self.is_head {
            return Err("the command was left out: the API does not use HEAD");
        }
        let mut urls = self.urls.into_iter();
        let mut url = urls
            .next()
            .ok_or("the command was left out: it has no URL")?;
        if urls.next().is_some() {
            return Err(
                "the command was left out: it has several URLs; write one command for each",
            );
        }
        if self.is_get {
            self.query.extend(self.data.take());
        }
        for query in self.query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&query);
        }
        if self.data.is_some() && !self.has_kind {
            let kind = if self.is_json {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            self.headers.push(("content-type".into(), kind.into()));
        }
        let by_data = self.data.as_ref().map(|_| "POST");
        let implied = self.implied.or(by_data).unwrap_or("GET");
        let method = self.method.unwrap_or_else(|| implied.into());
        Ok(Foreign {
            method,
            url,
            headers: self.headers,
            body: self.data,
            auth: self.auth,
        })
    }
}
