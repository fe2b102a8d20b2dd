//! Where a program that breaks off leads to in a document: a lenient reader that follows paths, pipes and brackets.

use crate::document::index::Document;
use crate::document::node::{NodeId, NodeKind};

/// Values that are followed at once: enough to have seen every name in a list of alike objects.
const MOST: usize = 64;

/// Values of the document, with this many arrays around them.
#[derive(Clone, Debug, Default)]
pub(super) struct Lead {
    nodes: Vec<NodeId>,
    arrays: usize,
}

/// A name that is being typed, and the values that it may be of.
pub(super) struct Asked {
    pub(super) lead: Lead,
    pub(super) start: usize,
}

impl Lead {
    /// The values, where they are no arrays that the program has made.
    pub(super) fn values(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.nodes.iter().copied().filter(|_| self.arrays == 0)
    }

    fn step<I: Iterator<Item = NodeId>>(&self, of: impl Fn(NodeId) -> I) -> Self {
        let nodes = self.values().flat_map(of).take(MOST).collect();
        Self { nodes, arrays: 0 }
    }

    fn member(&self, document: &Document, name: &str) -> Self {
        self.step(|node| document.get(node, name).into_iter())
    }

    fn items(&self, document: &Document) -> Self {
        match self.arrays {
            0 => self.step(|node| document.children(node).take(MOST)),
            arrays => Self {
                nodes: self.nodes.clone(),
                arrays: arrays - 1,
            },
        }
    }

    fn item(&self, document: &Document, position: Option<usize>) -> Self {
        match (self.arrays, position) {
            (0, Some(position)) => self.step(|node| {
                let is_array = document.kind(node) == NodeKind::Array;
                let item = document.item(node, position).filter(|_| is_array);
                item.into_iter()
            }),
            _ => self.items(document),
        }
    }

    fn in_array(self) -> Self {
        Self {
            arrays: self.arrays + 1,
            ..self
        }
    }
}

/// One open bracket, or the program itself.
struct Level {
    /// What opened it, with the name of the filter before it: `map(`.
    opened: String,
    /// What a dot stands for in it.
    input: Lead,
    /// What the expression leads to so far; `None` between two of them.
    current: Option<Lead>,
}

/// Follows `program` to its end.
pub(super) fn follow(document: &Document, program: &str) -> Option<Asked> {
    let nodes = document.root().into_iter().collect();
    let reader = Reader {
        document,
        program,
        at: 0,
        levels: Vec::new(),
        level: Level {
            opened: String::new(),
            input: Lead { nodes, arrays: 0 },
            current: None,
        },
    };
    reader.read()
}

struct Reader<'a> {
    document: &'a Document,
    program: &'a str,
    at: usize,
    levels: Vec<Level>,
    level: Level,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.program.get(self.at..).unwrap_or_default()
    }

    /// Takes the letters for which `is_part` holds.
    fn take(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let taken = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        taken
    }

    fn word(&mut self) -> String {
        self.take(|letter| letter.is_alphanumeric() || letter == '_')
    }

    /// A string from its quote on; `None` if the program breaks off in it.
    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((offset, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += offset + 1;
                    return Some(text);
                }
                '\\' => text.extend(letters.next().map(|(_, letter)| letter)),
                letter => text.push(letter),
            }
        }
        self.at = self.program.len();
        None
    }

    /// The name that is being typed, if the program breaks off in it.
    fn asked(&self, lead: Lead, start: usize) -> Option<Asked> {
        (self.at >= self.program.len()).then_some(Asked { lead, start })
    }

    fn read(mut self) -> Option<Asked> {
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                '.' => {
                    if let Some(asked) = self.dot() {
                        return Some(asked);
                    }
                }
                '[' if self.level.current.is_some() => {
                    if let Some(asked) = self.subscript() {
                        return Some(asked);
                    }
                }
                '(' | '[' | '{' => self.open(letter.to_string()),
                ')' | ']' | '}' => self.close(),
                '"' => {
                    self.string()?;
                    self.level.current = Some(Lead::default());
                }
                '?' => self.at += 1,
                '|' => {
                    self.at += 1;
                    self.level.input = self.level.current.take().unwrap_or_default();
                }
                '$' => {
                    self.at += 1;
                    self.word();
                    self.level.current = Some(Lead::default());
                }
                letter if letter.is_alphanumeric() || letter == '_' => {
                    if let Some(asked) = self.name() {
                        return Some(asked);
                    }
                }
                letter => {
                    self.at += letter.len_utf8();
                    if !letter.is_whitespace() {
                        self.level.current = None; // an operator, or what parts one expression from the next
                    }
                }
            }
        }
        None
    }

    /// `.`, `.name`, `."name"`, `..`
    fn dot(&mut self) -> Option<Asked> {
        self.at += 1;
        let lead = self.level.current.take();
        let lead = lead.unwrap_or_else(|| self.level.input.clone());
        let start = self.at;
        let name = match self.rest().chars().next() {
            Some('.') => {
                self.at += 1;
                self.level.current = Some(Lead::default());
                return None;
            }
            Some('"') => self.string(),
            Some('[') => None,
            _ => Some(self.word()),
        };
        if let Some(asked) = self.asked(lead.clone(), start) {
            return Some(asked);
        }
        self.level.current = Some(match name.filter(|name| !name.is_empty()) {
            Some(name) => lead.member(self.document, &name),
            None => lead,
        });
        None
    }

    /// `[]`, `[0]`, `["name"]`, `[1:]` behind a value; anything else is an expression of its own.
    fn subscript(&mut self) -> Option<Asked> {
        let lead = self.level.current.clone().unwrap_or_default();
        let open = self.at;
        self.at += 1;
        let start = self.at;
        if self.rest().starts_with('"') {
            let name = self.string();
            if let Some(asked) = self.asked(lead.clone(), start) {
                return Some(asked);
            }
            if self.rest().starts_with(']') {
                self.at += 1;
                self.level.current = name.map(|name| lead.member(self.document, &name));
                return None;
            }
        }
        self.at = start;
        let inside = self.take(|letter| letter.is_ascii_digit() || "-: ".contains(letter));
        if self.rest().starts_with(']') {
            self.at += 1;
            self.level.current = Some(match inside.trim() {
                "" => lead.items(self.document),
                slice if slice.contains(':') => lead,
                position => lead.item(self.document, position.parse().ok()),
            });
            return None;
        }
        self.at = open;
        self.open("index[".to_owned());
        None
    }

    /// A filter, a keyword, a number, or the short form of a member in `{…}`.
    fn name(&mut self) -> Option<Asked> {
        let start = self.at;
        let name = self.word();
        let is_member = self.level.opened == "{" && self.level.current.is_none();
        if is_member && let Some(asked) = self.asked(self.level.input.clone(), start) {
            return Some(asked);
        }
        if self.rest().starts_with('(') {
            self.open(name + "(");
            return None;
        }
        self.level.current = match name.as_str() {
            "and" | "or" | "if" | "then" | "elif" | "else" | "try" | "catch" => None,
            // `x as $name | y`: y is given what x was given.
            "as" => {
                self.take(|letter| letter != '|'); // the pattern
                Some(self.level.input.clone())
            }
            "first" | "last" => Some(self.level.input.items(self.document)),
            "reverse" | "sort" | "unique" => Some(self.level.input.clone()),
            _ => Some(Lead::default()),
        };
        None
    }

    fn open(&mut self, opened: String) {
        self.at += 1;
        let input = &self.level.input;
        let input = match opened.as_str() {
            "map(" | "sort_by(" | "group_by(" | "unique_by(" | "min_by(" | "max_by("
            | "map_values(" | "any(" | "all(" => input.items(self.document),
            _ => input.clone(),
        };
        let level = Level {
            opened,
            input,
            current: None,
        };
        self.levels.push(std::mem::replace(&mut self.level, level));
    }

    fn close(&mut self) {
        self.at += 1;
        let Some(outer) = self.levels.pop() else {
            return; // a bracket too many
        };
        let inner = std::mem::replace(&mut self.level, outer);
        let given = || self.level.input.clone();
        let made = inner.current.unwrap_or_default();
        self.level.current = Some(match inner.opened.as_str() {
            "(" | "first(" | "last(" => made,
            "[" | "map(" => made.in_array(),
            "select(" | "sort_by(" | "unique_by(" | "map_values(" | "del(" => given(),
            "group_by(" => given().items(self.document).in_array().in_array(),
            "min_by(" | "max_by(" => given().items(self.document),
            "index[" => {
                let lead = self.level.current.take().unwrap_or_default();
                lead.items(self.document)
            }
            _ => Lead::default(),
        });
    }
}
