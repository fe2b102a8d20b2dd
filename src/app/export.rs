//! Taking something out of the session: an exchange in another program's form, or a body; to the clipboard, or to a file
//! that is asked for.

use crate::app::{self, Confirm, Desktop, Input, Modal, Model, Outbox, Prompt, Subject};
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

/// What is written to a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// These bytes, as they are looked at.
    Body(Body),
    /// An exchange.
    Exchange(Outgoing),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Session;

    fn send(session: &mut Session, msg: Msg) {
        session.send(app::Msg::Export(msg));
    }

    fn asking() -> Session {
        let mut session = Session::new();
        send(
            &mut session,
            Msg::AskBody(Body::from("12345"), "a.json".into()),
        );
        session
    }

    fn name(session: &mut Session, path: &str) -> JobId {
        send(session, Msg::Named(Secret::new(path)));
        session.model.exports.pending.as_ref().unwrap().job.unwrap()
    }

    fn end(session: &mut Session, job: JobId, result: Result<Written, Problem>) {
        session.effects.clear();
        send(session, Msg::Ended { job, result });
    }

    fn top(session: &Session) -> Option<&Modal> {
        session.model.modals.top()
    }

    #[test]
    fn a_file_is_asked_for_written_and_told() {
        let mut session = asking();
        assert!(matches!(top(&session), Some(Modal::Prompt(prompt))
            if prompt.input.as_ref().unwrap().text == "a.json" && prompt.title == "Write the body, 5 B"));
        session.send(app::Msg::Modals(app::modals::Msg::Submit(Secret::new(
            " b.json ",
        ))));
        assert_eq!(top(&session), None);
        let Some(app::Effect::Export(Effect::Write { job, order })) =
            session.effects.last().cloned()
        else {
            panic!("{:?}", session.effects);
        };
        assert_eq!((order.path.as_str(), order.may_replace), ("b.json", false));
        let whole = Written::Whole {
            path: "/tmp/b.json".into(),
            bytes: 5,
            is_cut: false,
        };
        end(&mut session, job, Ok(whole));
        let notice = session.model.notices.current.as_ref().unwrap();
        assert_eq!(notice.text, "wrote 5 B to /tmp/b.json");
        assert_eq!(session.model.exports.pending, None);
    }

    #[test]
    fn a_file_that_is_there_is_replaced_only_after_yes() {
        let mut session = asking();
        let job = name(&mut session, "a.json");
        let there = Written::Exists {
            path: "a.json".into(),
            bytes: 7,
        };
        end(&mut session, job, Ok(there));
        assert!(matches!(top(&session), Some(Modal::Confirm(_))));
        assert!(session.effects.is_empty());
        session.send(app::Msg::Modals(app::modals::Msg::Confirmed));
        let last = session.effects.last();
        assert!(
            matches!(last, Some(app::Effect::Export(Effect::Write { order, .. })) if order.may_replace && order.path == "a.json")
        );
    }

    #[test]
    fn a_name_that_does_not_do_is_asked_for_again_with_the_reason() {
        let mut session = asking();
        let job = name(&mut session, "no/where");
        let problem = Problem::new("no/where was not written").because("there is no folder no");
        end(&mut session, job, Err(problem));
        assert!(matches!(top(&session), Some(Modal::Prompt(prompt))
            if prompt.lines[0].contains("there is no folder no") && prompt.input.as_ref().unwrap().text == "no/where"));
    }

    #[test]
    fn too_much_for_a_clipboard_is_told() {
        assert!(matches!(
            copied("a".into(), "body"),
            app::Msg::Desktop(Desktop::Copy { .. })
        ));
        let long = copied("a".repeat(MOST_COPIED + 1), "body");
        assert_eq!(
            long,
            app::Msg::warning("the body is 1.0 MB, too much to copy: write it to a file")
        );
    }
}
