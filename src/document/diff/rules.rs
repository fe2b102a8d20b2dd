//! What differs between any two answers: times, ids, tokens. Rules are data, so that a person can add to them.

/// One rule, as it is written: a name (`created`), a name with a star (`*_id`), a path (`.accounts[].mask`), or `@time` for
/// any two dates or times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule(String);

impl Rule {
    /// Reads a rule; `None` if there is nothing in it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text != "." && text != "*").then(|| Self(text.to_owned()))
    }

    /// The rule for everything at `path` and below, in all items of the arrays on the way.
    pub fn at(path: &str) -> Option<Self> {
        Self::parse(&without_indexes(path))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn covers(&self, path: &str, name: &str) -> bool {
        match self.0.split_once('*') {
            _ if self.0.starts_with('.') => {
                let rest = path.strip_prefix(self.0.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            }
            Some((start, end)) => {
                name.len() >= start.len() + end.len()
                    && name.starts_with(start)
                    && name.ends_with(end)
            }
            None => self.0 == name,
        }
    }
}

/// The rule for values instead of names.
const TIME: &str = "@time";

/// Names of the API whose values are made anew for each object or answer, and any time.
const ALWAYS: [&str; 12] = [
    TIME,
    "id",
    "*_id",
    "request-id",
    "created",
    "updated",
    "initiated",
    "expires_in",
    "*_token",
    "cursor",
    "*_on",
    "url",
];

/// Rules together; any of them is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Default for Rules {
    fn default() -> Self {
        Self(ALWAYS.into_iter().filter_map(Rule::parse).collect())
    }
}

impl Rules {
    /// No rule.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// All rules.
    pub fn list(&self) -> &[Rule] {
        &self.0
    }

    /// Adds `rule`, if it is not there yet.
    pub fn add(&mut self, rule: Rule) {
        if !self.0.contains(&rule) {
            self.0.push(rule);
        }
    }

    /// Takes `rule` away.
    pub fn remove(&mut self, rule: &Rule) {
        self.0.retain(|known| known != rule);
    }

    /// Whether what is at `path` differs anyway.
    pub fn cover(&self, path: &str) -> bool {
        let path = without_indexes(path);
        let name = path
            .trim_end_matches("[]")
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .trim_matches('"');
        self.0.iter().any(|rule| rule.covers(&path, name))
    }

    /// Whether two values differ anyway, whatever they are called.
    pub(super) fn cover_values(&self, old: &str, new: &str) -> bool {
        self.0.iter().any(|rule| rule.0 == TIME) && is_time(old) && is_time(new)
    }
}

/// `.accounts[3].id` is `.accounts[].id`, as far as rules go.
fn without_indexes(path: &str) -> String {
    let mut out = String::new();
    let mut is_inside = false;
    for c in path.chars() {
        is_inside &= c != ']';
        if !(is_inside && c.is_ascii_digit()) {
            out.push(c);
        }
        is_inside |= c == '[';
    }
    out
}

/// `2026-03-02`, with or without a time of day behind it.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = b"0000-00-00";
    let fits = |(byte, wanted): (&u8, &u8)| {
        if *wanted == b'0' {
            byte.is_ascii_digit()
        } else {
            byte == wanted
        }
    };
    bytes.len() >= shape.len()
        && bytes.iter().zip(shape).all(fits)
        && matches!(bytes.get(shape.len()), None | Some(b'T' | b't' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stars_paths_and_times() {
        let mut rules = Rules::none();
        for rule in ["created", "*_id", ".accounts[].mask", "", "*"] {
            rule_added(&mut rules, rule);
        }
        assert_eq!(rules.list().len(), 3);
        for path in [
            ".created",
            ".a[3].created",
            ".user_id",
            ".accounts[12].mask",
            ".accounts[0].mask.x",
            ".created[4]",
        ] {
            assert!(rules.cover(path), "{path}");
        }
        for path in [
            ".",
            ".recreated",
            ".id",
            ".accounts[0].masked",
            ".mask",
            ".created.at",
        ] {
            assert!(!rules.cover(path), "{path}");
        }
        assert!(!rules.cover_values("2026-03-02", "2026-03-03"));
        let rules = Rules::default();
        assert!(rules.cover_values("2026-03-02", "2026-03-03T01:02:03.5"));
        assert!(
            !rules.cover_values("2026-03-02", "soon")
                && !rules.cover_values("2026-03-02x", "2026-03-02")
        );
    }

    fn rule_added(rules: &mut Rules, text: &str) {
        if let Some(rule) = Rule::parse(text) {
            rules.add(rule);
        }
    }

    #[test]
    fn a_rule_is_made_of_a_place() {
        let rule = Rule::at(".accounts[3].balance").unwrap();
        assert_eq!(rule.as_str(), ".accounts[].balance");
        let mut rules = Rules::none();
        rules.add(rule.clone());
        rules.add(rule.clone());
        assert!(rules.cover(".accounts[7].balance"));
        rules.remove(&rule);
        assert_eq!(rules, Rules::none());
        assert_eq!(Rule::at("."), None);
    }
}
