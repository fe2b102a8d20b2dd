//! Taking something out of the session: an exchange in another program's form, or a body; to the clipboard, or to a file
//! that is asked for.

#[cfg(test)]
mod tests;

use crate::app::{self, Confirm, Desktop, Input, Modal, Model, Outbox, Prompt, Subject};
use crate::domain::history::EntryId;
use crate::domain::{Body, Exchange, JobId, Problem, Secret, in_bytes};

/// A longer text is no matter for a clipboard: terminals drop it, most of them without a word.
pub const MOST_COPIED: usize = 1 << 20;

/// What an exchange is taken out as. All of them mask secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A command that sends it again.
    Curl,
    /// Request and answer as they go over the wire.
    Http,
    /// An HTTP archive.
    Har,
    /// What Astra's support needs, in Markdown.
    Bundle,
}

/// An exchange to be taken out, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// The exchange.
    pub exchange: Box<Exchange>,
    /// Name of the profile.
    pub profile: String,
    /// The test user, as a person knows them.
    pub user: Option<String>,
    /// What as.
    pub form: Form,
}

/// Exchanges of the history to be taken out. They were kept without their secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which, the oldest first.
    pub ids: Vec<EntryId>,
    /// What as.
    pub form: Form,
}

/// What is written to a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// These bytes, as they are looked at.
    Body(Body),
    /// An exchange.
    Exchange(Outgoing),
    /// Exchanges of the history.
    Kept(Kept),
}

/// Something that a file is asked for, or that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// What is written.
    pub content: Content,
    /// Where to, as it was typed or proposed.
    pub path: String,
    /// The job that writes it, once there is one.
    pub job: Option<JobId>,
}

/// What is on its way out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exports {
    /// What a file is asked for.
    pub pending: Option<Pending>,
}

/// What may happen to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Copy the exchange of this job in this form.
    Copy(JobId, Form),
    /// Ask where to write the exchange of this job in this form, and propose this name.
    AskExchange(JobId, Form, String),
    /// Copy these.
    CopyKept(Kept),
    /// Ask where to write these, and propose this name.
    AskKept(Kept, String),
    /// Ask where to write this body, and propose this name.
    AskBody(Body, String),
    /// A person has named the file.
    Named(Secret),
    /// The file that is there may be replaced.
    Replace,
    /// A text is ready for the clipboard.
    Formatted {
        /// The text.
        text: String,
        /// What it is.
        form: Form,
        /// Whether its bodies were cut.
        is_cut: bool,
    },
    /// Writing ended.
    Ended {
        /// Which one.
        job: JobId,
        /// What came of it.
        result: Result<Written, Problem>,
    },
}

/// What came of writing a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is there.
    Whole {
        /// Where.
        path: String,
        /// How large it is.
        bytes: usize,
        /// Whether bodies in it were cut.
        is_cut: bool,
    },
    /// Something was there already, and still is.
    Exists {
        /// Where.
        path: String,
        /// How large that is.
        bytes: usize,
    },
}

/// What has to be done for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Bring an exchange into its form.
    Format {
        /// The job.
        job: JobId,
        /// The exchange.
        outgoing: Outgoing,
    },
    /// Bring exchanges of the history into their form.
    FormatKept {
        /// The job.
        job: JobId,
        /// Which, and what as.
        kept: Kept,
    },
    /// Write a file.
    Write {
        /// The job.
        job: JobId,
        /// What, and where to.
        order: Order,
    },
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What.
    pub content: Content,
    /// Where to; `~` is the home directory.
    pub path: String,
    /// Whether a file that is there may be replaced.
    pub may_replace: bool,
}

impl Form {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl command",
            Self::Http => "request and answer",
            Self::Har => "HTTP archive",
            Self::Bundle => "support bundle",
        }
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Copy(exchange, form) => {
            if let Some(outgoing) = outgoing(model, exchange, form) {
                let job = model.new_job();
                out.effect(app::Effect::Export(Effect::Format { job, outgoing }));
            }
        }
        Msg::AskExchange(exchange, form, path) => {
            if let Some(outgoing) = outgoing(model, exchange, form) {
                ask(model, Content::Exchange(outgoing), path, None, out);
            }
        }
        Msg::CopyKept(kept) => {
            let job = model.new_job();
            out.effect(app::Effect::Export(Effect::FormatKept { job, kept }));
        }
        Msg::AskKept(kept, path) => ask(model, Content::Kept(kept), path, None, out),
        Msg::AskBody(body, path) => ask(model, Content::Body(body), path, None, out),
        Msg::Named(path) => {
            if let Some(pending) = &mut model.exports.pending {
                path.reveal().trim().clone_into(&mut pending.path);
            }
            write(model, false, out);
        }
        Msg::Replace => write(model, true, out),
        Msg::Formatted { text, form, is_cut } => out.message(copy(text, form, is_cut)),
        Msg::Ended { job, result } => {
            let is_it = |pending: &Pending| pending.job == Some(job);
            if model.exports.pending.as_ref().is_some_and(is_it) {
                ended(model, result, out);
            }
        }
    }
}

/// Writing ended by a defect of this program.
pub(crate) fn crashed(model: &mut Model, job: JobId, problem: &Problem, out: &mut Outbox) {
    let result = Err(problem.clone());
    update(model, Msg::Ended { job, result }, out);
}

/// The exchange of `job`; `None` if it is gone or still under way.
fn outgoing(model: &Model, job: JobId, form: Form) -> Option<Outgoing> {
    let exchange = &model.requests.find(job)?.exchange;
    let user = exchange.user.and_then(|user| model.users.get(user));
    Some(Outgoing {
        exchange: Box::new(exchange.clone()),
        profile: model.profiles.current.name.clone(),
        user: user.map(|user| user.label().to_owned()),
        form,
    })
}

/// Asks where to write `content`; tells why the last name did not do.
fn ask(
    model: &mut Model,
    content: Content,
    path: String,
    problem: Option<&Problem>,
    out: &mut Outbox,
) {
    let what = match &content {
        Content::Body(body) => format!("the body, {}", in_bytes(body.len())),
        Content::Exchange(outgoing) => format!("the {}, secrets masked", outgoing.form.name()),
        Content::Kept(Kept { ids, form }) => {
            let of = match ids.len() {
                1 => String::new(),
                count => format!(" of {count} exchanges"),
            };
            format!("the {}{of}, secrets masked", form.name())
        }
    };
    let lines = problem.map_or_else(Vec::new, |problem| vec![problem.to_string()]);
    out.message(app::Msg::open(Modal::Prompt(Prompt {
        subject: Subject::WriteFile,
        title: format!("Write {what}"),
        url: None,
        lines,
        input: Some(Input {
            label: "File; ~ is your home directory",
            is_masked: false,
            text: path.clone(),
        }),
        choices: Vec::new(),
    })));
    model.exports.pending = Some(Pending {
        content,
        path,
        job: None,
    });
}

fn write(model: &mut Model, may_replace: bool, out: &mut Outbox) {
    let job = model.new_job();
    let Some(pending) = &mut model.exports.pending else {
        return; // nothing is asked for any more
    };
    pending.job = Some(job);
    let order = Order {
        content: pending.content.clone(),
        path: pending.path.clone(),
        may_replace,
    };
    out.effect(app::Effect::Export(Effect::Write { job, order }));
}

fn ended(model: &mut Model, result: Result<Written, Problem>, out: &mut Outbox) {
    match result {
        Ok(Written::Whole {
            path,
            bytes,
            is_cut,
        }) => {
            model.exports.pending = None;
            let cut = if is_cut { ", its bodies cut" } else { "" };
            let size = in_bytes(bytes);
            out.message(app::Msg::notice(format!("wrote {size} to {path}{cut}")));
        }
        Ok(Written::Exists { path, bytes }) => {
            out.message(app::Msg::open(Modal::Confirm(Confirm::new(
                "Replace the file?",
                vec![format!("{path} is there already, {}.", in_bytes(bytes))],
                "replace",
                app::Msg::Export(Msg::Replace),
            ))));
        }
        Err(problem) => {
            if let Some(pending) = model.exports.pending.take() {
                ask(model, pending.content, pending.path, Some(&problem), out);
            }
        }
    }
}

/// What is copied, if a clipboard can take it.
pub fn copied(text: String, what: &'static str) -> app::Msg {
    match text.len() {
        0 => app::Msg::warning(format!("the {what} is empty: nothing was copied")),
        1..=MOST_COPIED => app::Msg::Desktop(Desktop::Copy { text, what }),
        bytes => app::Msg::warning(format!(
            "the {what} is {}, too much to copy: write it to a file",
            in_bytes(bytes)
        )),
    }
}

fn copy(text: String, form: Form, is_cut: bool) -> app::Msg {
    match is_cut {
        true => app::Msg::warning(format!(
            "the body is too large for a {}: write it to a file",
            form.name()
        )),
        false => copied(text, form.name()),
    }
}
