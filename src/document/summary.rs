//! One line that says what is in a folded container, made from its first values only, however many it has.

use crate::document::content::inside;
use crate::document::index::Document;
use crate::document::node::{NodeId, NodeKind};
use crate::document::unescape::quote;

/// Values or names that are shown before the rest is left out.
const SHOWN: usize = 4;

/// Characters that are shown of each.
const WIDTH: usize = 24;

impl Document {
    /// What is in a container: `{5} id, name, …` for an object and an array of objects, `[3] 1, 2, 3` for an array
    /// of scalars. Names and strings are as they came, control characters escaped. Empty for scalars.
    pub fn summary(&self, n: NodeId) -> String {
        let count = self.child_count(n);
        let mut line = match self.kind(n) {
            NodeKind::Object if count == 0 => return "{}".into(),
            NodeKind::Array if count == 0 => return "[]".into(),
            NodeKind::Object => format!("{{{count}}} "),
            NodeKind::Array => format!("[{count}] "),
            _ => return String::new(),
        };
        let first = self
            .first_child(n)
            .filter(|_| self.kind(n) == NodeKind::Array);
        let members = first.filter(|first| self.kind(*first) == NodeKind::Object);
        let shown = members.unwrap_or(n);
        for (i, child) in self.children(shown).take(SHOWN).enumerate() {
            if i > 0 {
                line.push_str(", ");
            }
            match self.kind(shown) {
                NodeKind::Object => cut(self.name(child), &mut line),
                _ => self.outline(child, &mut line),
            }
        }
        if self.child_count(shown) > SHOWN {
            line.push_str(", …");
        }
        line.truncate(line.trim_end().len());
        line
    }

    fn name(&self, n: NodeId) -> &[u8] {
        inside(self.raw_key(n).unwrap_or_default())
    }

    fn outline(&self, n: NodeId, line: &mut String) {
        match (self.kind(n), self.child_count(n)) {
            (NodeKind::Object, count @ 1..) => line.push_str(&format!("{{{count}}}")),
            (NodeKind::Array, count @ 1..) => line.push_str(&format!("[{count}]")),
            (NodeKind::Object, _) => line.push_str("{}"),
            (NodeKind::Array, _) => line.push_str("[]"),
            _ => cut(self.raw(n), line),
        }
    }
}

/// Adds the first characters of `raw`.
fn cut(raw: &[u8], line: &mut String) {
    // No character takes more than four bytes, so that the last one taken is whole.
    let head = raw.get(..(WIDTH + 1) * 4).unwrap_or(raw);
    let head = String::from_utf8_lossy(head);
    let mut characters = head.chars();
    let shown: String = characters.by_ref().take(WIDTH).collect();
    match shown.contains(char::is_control) {
        true => quote(&shown, line),
        false => line.push_str(&shown),
    }
    if characters.next().is_some() {
        line.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> String {
        let document = Document::parse(text.into());
        document.summary(document.root().unwrap())
    }

    #[test]
    fn a_summary_shows_first_names_or_values() {
        for (text, line) in [
            ("{}", "{}"),
            ("[]", "[]"),
            ("1", ""),
            (r#"{"id":1,"name":2}"#, "{2} id, name"),
            (
                r#"[{"id":1,"a":2,"b":3,"c":4,"d":5},7]"#,
                "[2] id, a, b, c, …",
            ),
            (
                r#"[1,2.50,"x\n",null,true]"#,
                r#"[5] 1, 2.50, "x\n", null, …"#,
            ),
            ("[[1,2],{},[],{\"a\":1}]", "[4] [2], {}, [], {1}"),
            ("[{},1]", "[2]"),
            ("{\"\":1}", "{1}"),
        ] {
            assert_eq!(summary(text), line, "{text}");
        }
    }

    #[test]
    fn long_and_odd_values_are_cut_and_escaped() {
        let line = summary(&format!("[\"{}\"]", "é".repeat(1000)));
        assert_eq!(line, format!("[1] \"{}…", "é".repeat(23)));
        assert_eq!(summary("[\"\u{1B}[2J\"]"), r#"[1] "\"\u001b[2J\"""#);
    }
}
