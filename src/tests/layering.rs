//! The layers of the architecture, read off the source: who may import whom, and what never appears where.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Layers from the bottom up, and for each the layers that it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("catalog", &["domain", "document"]),
    ("config", &["domain"]),
    ("document", &["domain"]),
    ("app", &["domain", "catalog", "config", "document"]),
    ("adapters", &["domain", "catalog", "config", "document"]),
    ("sandbox", &["domain", "catalog", "config", "document"]),
    ("ui", &["domain", "catalog", "config", "document", "app"]),
    (
        "runtime",
        &[
            "domain", "catalog", "config", "document", "app", "adapters", "ui",
        ],
    ),
    (
        "commands",
        &[
            "domain", "catalog", "config", "document", "app", "adapters", "sandbox", "ui",
            "runtime",
        ],
    ),
    ("cli", &["commands"]),
    ("main", &["cli"]),
];

/// What a layer must not mention, since it would not be pure, or would wait, any more.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "app",
        &[
            "ratatui",
            "crossterm",
            "tokio",
            "reqwest",
            "axum",
            "std::fs",
            "Instant::now",
            "SystemTime::now",
            "Timestamp::now",
        ],
    ),
    ("ui", &["tokio", "reqwest", "axum", "std::fs"]),
    (
        "document",
        &[
            "ratatui",
            "crossterm",
            "tokio",
            "reqwest",
            "axum",
            "std::fs",
        ],
    ),
    (
        "domain",
        &[
            "ratatui",
            "crossterm",
            "tokio",
            "reqwest",
            "axum",
            "std::fs",
        ],
    ),
];

/// A file holds one idea and its tests.
const LONGEST_FILE: usize = 400;

struct Source {
    /// Path below `src`, with `/`.
    name: String,
    /// Its text without comments.
    code: String,
    lines: usize,
}

impl Source {
    fn layer(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                let code = text
                    .lines()
                    .map(|line| line.split("//").next().unwrap_or_default())
                    .collect::<Vec<_>>()
                    .join("\n");
                found.push(Source {
                    name,
                    code,
                    lines: text.lines().count(),
                });
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found
}

/// The modules below `crate::` that `code` names, with whatever follows the first segment of a `use` group.
fn imported(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue; // part of a longer word
        }
        let rest = &code[at + "crate::".len()..];
        let name: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() {
            found.extend(group(rest));
        } else {
            found.insert(name);
        }
    }
    found
}

/// The first segments of `{a::B, c}`.
fn group(rest: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for c in rest.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(String::new()),
            c if depth == 1 && !c.is_whitespace() => {
                if let Some(name) = names.last_mut() {
                    name.push(c);
                }
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
        .iter()
        .map(|name| name.split(':').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn imports_only_point_down() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.layer().to_owned();
        let Some(allowed) = layers.get(layer.as_str()) else {
            continue; // lib.rs lists the layers; tests and benches see all of them
        };
        for name in imported(&source.code) {
            if layers.contains_key(name.as_str())
                && name != layer
                && !allowed.contains(&name.as_str())
            {
                wrong.push(format!("{} imports {name}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_appears_where_it_must_not() {
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.layer().to_owned();
        let forbidden = FORBIDDEN.iter().find(|(name, _)| *name == layer);
        for word in forbidden.map_or(&[][..], |(_, words)| *words) {
            if source.code.contains(word) {
                wrong.push(format!("{} mentions {word}", source.name));
            }
        }
        if source.code.contains(concat!("super::", "super")) {
            wrong.push(format!("{} climbs twice: say crate::", source.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_one_idea() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.lines > LONGEST_FILE)
        .map(|source| format!("{} has {} lines", source.name, source.lines))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// The modules of `app` that are features, by their `pub mod` lines in `app/mod.rs`.
fn features() -> BTreeSet<String> {
    let source = sources()
        .into_iter()
        .find(|source| source.name == "app/mod.rs")
        .unwrap();
    let names = source
        .code
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(ToOwned::to_owned).collect()
}

/// These only read the facts of features, and are read by none.
const READERS: &[&str] = &["guide", "wakeup"];

#[test]
fn features_of_the_core_do_not_import_each_other() {
    let features = features();
    assert!(features.contains("auth") && features.contains("requests"));
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(path) = source.name.strip_prefix("app/") else {
            continue;
        };
        let feature = path
            .split('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs");
        if !features.contains(feature)
            || READERS.contains(&feature)
            || path.ends_with("tests.rs")
            || path.ends_with("properties.rs")
        {
            continue; // the core itself introduces features to each other, and tests play them all
        }
        let code = source
            .code
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        for other in &features {
            let direct = format!("app::{other}");
            if other != feature && code.contains(&direct) && !is_value_only(code, other) {
                wrong.push(format!("app/{path} imports {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Facts of a profile may be named by others: they are the values of a field of the model, not behaviour.
fn is_value_only(code: &str, feature: &str) -> bool {
    let direct = format!("app::{feature}");
    code.match_indices(&direct)
        .all(|(at, _)| code[at + direct.len()..].starts_with("::SecretSource"))
}

/// Columns of a notice at 80 columns, beside its mark, help and quit.
const NOTICE: usize = 59;

/// Words of a notice that nothing was done.
const REFUSING: [&str; 8] = [
    "no", "not", "nobody", "nothing", "cannot", "only", "own", "always",
];

/// The texts of `app` and `ui` that are handed to `call` as they stand.
fn fixed_texts(call: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for source in sources() {
        if !matches!(source.layer(), "app" | "ui") || source.name.contains("tests") {
            continue;
        }
        let literals = source.code.split(call).skip(1);
        let literals = literals.filter_map(|rest| rest.trim_start().strip_prefix('"'));
        texts.extend(literals.filter_map(|text| Some(text.split_once('"')?.0.to_owned())));
    }
    texts
}

#[test]
fn notices_fit_the_footer_and_what_is_refused_is_a_warning() {
    let (warnings, told) = (fixed_texts("Msg::warning("), fixed_texts("Msg::notice("));
    assert!(warnings.len() > 30 && told.len() > 3, "they were not found");
    let is_refusal = |text: &&String| {
        let mut words = text.split(|c: char| !c.is_alphabetic());
        words.any(|word| REFUSING.contains(&word)) && !text.starts_with("it goes with")
    };
    assert_eq!(told.iter().find(is_refusal), None);
    let is_long = |text: &&String| text.chars().count() > NOTICE;
    let long: Vec<_> = warnings.iter().chain(&told).filter(is_long).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_import_reader_sees_groups_and_paths() {
    let names = imported("use crate::{app::Msg, ui};\nlet x = crate::domain::Problem;");
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        ["app", "domain", "ui"]
    );
}
