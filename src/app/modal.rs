//! Help, questions and problems as data; each kind has one renderer in `ui/popups`.

use crate::app::Msg;
use crate::config::Action;
use crate::domain::{Problem, UserKey};

/// Something that lies over the panes.
#[derive(Clone, Debug, PartialEq)]
pub enum Modal {
    /// The keys, made from the keymap.
    Help,
    /// A problem that concerns the whole session.
    Problem(Problem),
    /// Something to read.
    Note {
        /// Heading.
        title: String,
        /// A paragraph each.
        lines: Vec<String>,
    },
    /// Text to read, a field to fill, other ways to go on.
    Prompt(Prompt),
    /// A question with yes and no.
    Confirm(Confirm),
    /// Several fields to fill.
    Form(Form),
    /// Ways to go on, a key each.
    Menu(Menu),
    /// One of many to choose.
    Picker(Picker),
    /// The request that is being composed; it stands in the model.
    Composer,
    /// The request that is about to be saved; it stands in the model.
    Saving,
    /// The run of several requests; it stands in the model.
    Run,
    /// The way to keys of one's own, step by step; it follows from the model.
    Guide,
}

/// A question with yes and no.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// Heading.
    pub title: String,
    /// What will happen, a paragraph each.
    pub lines: Vec<String>,
    /// What yes does, in a word or two.
    pub yes: String,
    /// Whether yes has to be typed out, so that no key that was meant for something else says it.
    pub is_typed: bool,
    /// What follows from yes.
    pub msg: Box<Msg>,
    /// What follows from no, for somebody who waits for the answer.
    pub no: Option<Box<Msg>>,
}

/// Several fields to fill. What is typed stays in the popup until it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What it is about; decides what becomes of the values.
    pub subject: FormSubject,
    /// Heading.
    pub title: String,
    /// The fields, in order.
    pub fields: Vec<FormField>,
}

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormSubject {
    /// What the person notes about a test user.
    User(UserKey),
    /// A profile of `config.toml`.
    Profile,
    /// What the hosted pages are told of a test user.
    SignIn(UserKey),
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// What to type.
    pub label: &'static str,
    /// What it holds at first.
    pub value: String,
    /// What may be in it.
    pub kind: FieldKind,
    /// What it is for, and what happens if it stays empty.
    pub help: &'static str,
}

/// What may be in a field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// Text that is hidden.
    Masked,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// Ways to go on, each by the key of its action.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Heading.
    pub title: String,
    /// In their order.
    pub choices: Vec<Choice>,
}

/// What there is to choose from; the choices follow from the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picker {
    /// An endpoint of the catalogue, to compose a call of it.
    Operations,
    /// A test user, to act for.
    Users,
    /// A profile, to go over to.
    Profiles,
}

/// What a prompt is about; decides what becomes of the typed text and of closing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The sign-in that is under way.
    SignIn,
    /// Which kind of test user to make.
    NewUser,
    /// The client secret of the profile.
    ClientSecret,
    /// The file that something is written to.
    WriteFile,
    /// What to expect of the answer of a saved request.
    Expectation,
}

/// Text to read, a field to fill, other ways to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What it is about.
    pub subject: Subject,
    /// Heading.
    pub title: String,
    /// A URL that stays readable as a whole and can be copied.
    pub url: Option<String>,
    /// Explanation, a paragraph each.
    pub lines: Vec<String>,
    /// The field, if there is one.
    pub input: Option<Input>,
    /// Other ways to go on, each with the action whose key chooses it.
    pub choices: Vec<Choice>,
}

/// The field of a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// What to type.
    pub label: &'static str,
    /// Whether what is typed is hidden.
    pub is_masked: bool,
    /// What stands in it at first.
    pub text: String,
}

/// A way to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its key is the key of this action.
    pub action: Action,
    /// What it does here.
    pub label: String,
    /// What follows.
    pub msg: Msg,
}

impl Confirm {
    /// A question of which nobody awaits a no.
    pub(crate) fn new(
        title: impl Into<String>,
        lines: Vec<String>,
        yes: impl Into<String>,
        msg: Msg,
    ) -> Self {
        Self {
            title: title.into(),
            lines,
            yes: yes.into(),
            is_typed: false,
            msg: Box::new(msg),
            no: None,
        }
    }
}

impl Modal {
    /// Whether it is the prompt about `subject`.
    pub(crate) fn is_about(&self, subject: Subject) -> bool {
        matches!(self, Self::Prompt(prompt) if prompt.subject == subject)
    }
}
