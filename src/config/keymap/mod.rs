//! Which keys do what, in which context. Read from TOML; what the actions do is the business of panes and popups.

mod read;

use thiserror::Error;

use crate::config::{Action, Chord};

const BUILT_IN: &str = include_str!("../../../assets/keymap.toml");

/// All bindings, context by context, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    contexts: Vec<Context>,
}

/// One table of `keymap.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Name of the table.
    pub name: String,
    /// Its bindings.
    pub bindings: Vec<Binding>,
}

/// Chords, one after the other, and what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// One chord, or a sequence.
    pub keys: Vec<Chord>,
    /// What it does.
    pub action: Action,
}

/// What the keys pressed so far come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// This action.
    Action(Action),
    /// The beginning of a longer sequence.
    Pending,
    /// Nothing.
    Unbound,
}

/// A mistake in a keymap.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}: {reason}")]
pub struct KeymapError {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl Keymap {
    /// The keymap that comes with the program.
    ///
    /// # Errors
    /// When the embedded file is wrong; a test keeps that from being shipped.
    pub fn built_in() -> Result<Self, KeymapError> {
        let mut keymap = Self::default();
        for context in read::read("keymap.toml", BUILT_IN, None)? {
            keymap.contexts.push(Context {
                name: context.name,
                bindings: context
                    .orders
                    .into_iter()
                    .flat_map(|order| order.bindings())
                    .collect(),
            });
        }
        Ok(keymap)
    }

    /// Lays a person's own keymap over this one: an action named there gets exactly the keys given there, and a key given
    /// there loses what it did before in that context.
    ///
    /// # Errors
    /// When `text` is not TOML, names a context, an action or a key that does not exist, or leaves no key to quit. Nothing is
    /// changed then.
    pub fn overlay(&mut self, file: &str, text: &str) -> Result<(), KeymapError> {
        let names: Vec<String> = self.contexts.iter().map(|one| one.name.clone()).collect();
        let mut laid = self.clone();
        // The line that took a key of quit away.
        let mut taken = 1;
        for context in read::read(file, text, Some(&names))? {
            let old = laid
                .contexts
                .iter_mut()
                .find(|old| old.name == context.name);
            let Some(old) = old else {
                continue; // `read` has refused unknown contexts
            };
            for order in context.orders {
                let new = order.bindings();
                let is_taken =
                    |old: &Binding| new.iter().any(|new| begins_alike(&new.keys, &old.keys));
                let quits = |old: &Binding| old.action == Action::Quit;
                if old.bindings.iter().any(|old| quits(old) && is_taken(old))
                    || order.action == Action::Quit
                {
                    taken = order.line;
                }
                old.bindings
                    .retain(|old| old.action != order.action && !is_taken(old));
                old.bindings.extend(new);
            }
        }
        if !laid.has_way_out() {
            return Err(KeymapError {
                file: file.to_owned(),
                line: taken,
                reason: "no key is left to quit: give one to \"quit\" in [always] or [global]"
                    .into(),
            });
        }
        *self = laid;
        Ok(())
    }

    /// Whether some key quits, wherever the person is.
    fn has_way_out(&self) -> bool {
        self.chain(&["always", "global"])
            .any(|binding| binding.action == Action::Quit)
    }

    /// What `keys` do where `contexts` apply, the first of them taking precedence. A longer sequence wins over a shorter one.
    pub fn resolve(&self, contexts: &[&str], keys: &[Chord]) -> Resolution {
        let mut found = Resolution::Unbound;
        for binding in self.chain(contexts) {
            if binding.keys.len() > keys.len() && binding.keys.starts_with(keys) {
                return Resolution::Pending;
            }
            if binding.keys == keys && found == Resolution::Unbound {
                found = Resolution::Action(binding.action);
            }
        }
        found
    }

    /// The first keys that do `action` where `contexts` apply, as they are shown.
    pub fn keys(&self, contexts: &[&str], action: Action) -> Option<String> {
        self.chain(contexts)
            .filter(|binding| binding.action == action)
            .find(|binding| self.resolve(contexts, &binding.keys) == Resolution::Action(action))
            .map(Binding::shown)
    }

    /// All contexts in the order of the file.
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    fn chain<'a>(&'a self, contexts: &'a [&str]) -> impl Iterator<Item = &'a Binding> {
        contexts
            .iter()
            .filter_map(|name| self.contexts.iter().find(|context| context.name == *name))
            .flat_map(|context| &context.bindings)
    }
}

impl Context {
    /// The actions of this context in order, each with all its keys as they are shown.
    pub fn actions(&self) -> Vec<(Action, Vec<String>)> {
        let mut rows: Vec<(Action, Vec<String>)> = Vec::new();
        for binding in &self.bindings {
            match rows
                .iter_mut()
                .find(|(action, _)| *action == binding.action)
            {
                Some((_, keys)) => keys.push(binding.shown()),
                None => rows.push((binding.action, vec![binding.shown()])),
            }
        }
        rows
    }
}

impl Binding {
    /// The keys as they are shown: `g g`.
    pub fn shown(&self) -> String {
        let chords: Vec<String> = self.keys.iter().map(Chord::to_string).collect();
        chords.join(" ")
    }
}

/// Whether one of two sequences hides the other.
fn begins_alike(a: &[Chord], b: &[Chord]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    fn keys(text: &str) -> Vec<Chord> {
        text.split(' ')
            .map(|key| Chord::parse(key).unwrap())
            .collect()
    }

    fn mistake(text: &str) -> String {
        let mut keymap = Keymap::built_in().unwrap();
        let error = keymap.overlay("keymap.toml", text).unwrap_err();
        assert_eq!(
            keymap,
            Keymap::built_in().unwrap(),
            "a mistake changes nothing"
        );
        error.to_string()
    }

    #[test]
    fn one_way_to_quit_stays() {
        let mut keymap = Keymap::built_in().unwrap();
        keymap
            .overlay("keymap.toml", "[global]\nreload = [\"q\"]\n")
            .unwrap();
        assert_eq!(
            keymap.keys(&["always", "global"], Action::Quit).as_deref(),
            Some("Ctrl-c")
        );
        for (text, line) in [
            ("[always]\nquit = []\n[global]\nreload = [\"q\"]\n", 4),
            ("[global]\nquit = []\n[always]\nsuspend = [\"ctrl-c\"]\n", 4),
        ] {
            let expected = format!(
                "keymap.toml:{line}: no key is left to quit: give one to \"quit\" in [always] or [global]"
            );
            assert_eq!(mistake(text), expected);
        }
        let text = "[global]\nquit = []\n[always]\nsuspend = [\"ctrl-c\"]\nquit = [\"ctrl-q\"]\n";
        assert!(
            Keymap::built_in()
                .unwrap()
                .overlay("keymap.toml", text)
                .is_ok()
        );
    }

    #[test]
    fn every_action_is_bound() {
        let keymap = Keymap::built_in().unwrap();
        let bound: Vec<Action> = keymap
            .contexts
            .iter()
            .flat_map(|one| &one.bindings)
            .map(|one| one.action)
            .collect();
        for action in Action::iter() {
            assert!(bound.contains(&action), "{action:?}");
        }
    }

    #[test]
    fn the_nearer_context_wins() {
        let keymap = Keymap::built_in().unwrap();
        let resolve = |contexts: &[&str], text: &str| keymap.resolve(contexts, &keys(text));
        assert_eq!(
            resolve(&["credentials", "global"], "c"),
            Resolution::Action(Action::EnterSecret)
        );
        assert_eq!(
            resolve(&["popup", "always"], "c"),
            Resolution::Action(Action::CopyUrl)
        );
        assert_eq!(resolve(&["list", "global"], "c"), Resolution::Unbound);
        assert_eq!(keymap.keys(&["list"], Action::MoveUp).as_deref(), Some("↑"));
        assert_eq!(keymap.keys(&["global"], Action::MoveUp), None);
    }

    #[test]
    fn a_keymap_of_ones_own_replaces_the_keys_of_an_action_and_takes_keys_away() {
        let mut keymap = Keymap::built_in().unwrap();
        let text = "[list]\nmove-first = [\"g g\"]\n[global]\nzoom-pane = \"q\"\nreload = []\n";
        keymap.overlay("keymap.toml", text).unwrap();
        let chain = ["list", "global", "always"];
        assert_eq!(keymap.resolve(&chain, &keys("g")), Resolution::Pending);
        assert_eq!(
            keymap.resolve(&chain, &keys("g g")),
            Resolution::Action(Action::MoveFirst)
        );
        assert_eq!(keymap.resolve(&chain, &keys("home")), Resolution::Unbound);
        assert_eq!(
            keymap.resolve(&chain, &keys("q")),
            Resolution::Action(Action::ZoomPane)
        );
        assert_eq!(keymap.resolve(&chain, &keys("r")), Resolution::Unbound);
        assert_eq!(keymap.keys(&chain, Action::Quit).as_deref(), Some("Ctrl-c"));
        assert_eq!(
            keymap.keys(&chain, Action::MoveFirst).as_deref(),
            Some("g g")
        );
    }

    #[test]
    fn a_mistake_names_file_line_and_key() {
        assert_eq!(
            mistake("[list]\nexplode = \"x\"\n"),
            "keymap.toml:2: unknown action \"explode\" in [list]"
        );
        assert_eq!(
            mistake("[list]\nmove_up = \"x\"\n"),
            "keymap.toml:2: unknown action \"move_up\" in [list]; is \"move-up\" meant?"
        );
        assert_eq!(
            mistake("\n\n[lists]\n"),
            "keymap.toml:3: unknown context [lists]"
        );
        assert_eq!(
            mistake("[list]\nmove-up = [\"hyper-x\"]\n"),
            "keymap.toml:2: \"hyper-x\" of \"move-up\" in [list] is no key"
        );
        assert_eq!(
            mistake("[list]\nmove-up = 3\n"),
            "keymap.toml:2: integer of \"move-up\" in [list] is no key"
        );
        assert_eq!(
            mistake("quit = \"q\"\n"),
            "keymap.toml:1: unknown context [quit]"
        );
        assert!(mistake("[list\n").starts_with("keymap.toml:1: "));
    }
}
