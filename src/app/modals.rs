//! The stack of what lies over the panes, and what becomes of it.

use crate::app::{self, Confirm, FormSubject, Modal, Model, Outbox, Subject};
use crate::domain::{EndpointId, Secret};

/// The stack of what lies over the panes, topmost last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Modals {
    /// Bottom to top.
    pub stack: Vec<Modal>,
}

/// What may happen to modals.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Lay one on top; a prompt replaces one of the same subject.
    Open(Box<Modal>),
    /// Close the topmost.
    Close,
    /// The field of the topmost prompt was filled.
    Submit(Secret),
    /// The fields of the topmost form were filled.
    SubmitForm(Vec<Secret>),
    /// Close the prompt about this, and compose a call of this endpoint.
    ComposeInstead(Subject, EndpointId),
    /// Close the composer, wherever it lies.
    CloseComposer,
    /// Close the form in which a request is saved, wherever it lies.
    CloseSaving,
    /// The topmost question was answered with yes.
    Confirmed,
    /// Close the prompt about this, wherever it lies.
    Dismiss(Subject),
}

impl Modals {
    /// The one that has the keys.
    pub fn top(&self) -> Option<&Modal> {
        self.stack.last()
    }

    /// What stays open when everything else of a profile goes: the guide.
    pub(crate) fn guide_only(mut self) -> Self {
        self.stack.retain(|modal| *modal == Modal::Guide);
        self
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let stack = &mut model.modals.stack;
    match msg {
        Msg::Open(modal) => open(stack, *modal),
        Msg::Close => match stack.pop() {
            Some(Modal::Prompt(prompt)) if prompt.subject == Subject::SignIn => {
                out.message(app::Msg::cancel_sign_in());
            }
            Some(Modal::Run) => out.message(app::Msg::stop_run()),
            Some(Modal::Form(_)) => out.message(app::Msg::hide_secret()),
            Some(Modal::Confirm(Confirm { no: Some(no), .. })) => out.message(*no),
            _ => {}
        },
        Msg::Submit(text) => {
            let Some(Modal::Prompt(prompt)) = stack.last() else {
                return; // the prompt was closed while the text was on its way
            };
            out.message(match prompt.subject {
                Subject::SignIn => app::Msg::pasted(text),
                Subject::NewUser | Subject::Expectation => return, // they have no field
                Subject::ClientSecret => {
                    stack.pop();
                    app::Msg::secret_typed(text)
                }
                Subject::WriteFile => {
                    stack.pop();
                    app::Msg::file_named(text)
                }
            });
        }
        Msg::SubmitForm(values) => {
            let Some(Modal::Form(form)) = stack.last() else {
                return; // the form was closed while the values were on their way
            };
            let subject = form.subject;
            stack.pop();
            out.message(match subject {
                FormSubject::User(user) => app::Msg::user_edited(user, &values),
                FormSubject::Profile => app::Msg::profile_written(values),
                FormSubject::SignIn(user) => app::Msg::sign_in_edited(user, values),
            });
        }
        Msg::ComposeInstead(subject, endpoint) => {
            stack.retain(|modal| !modal.is_about(subject));
            out.message(app::Msg::compose(endpoint.as_str(), Vec::new()));
        }
        Msg::CloseSaving => stack.retain(|modal| *modal != Modal::Saving),
        Msg::CloseComposer => stack.retain(|modal| *modal != Modal::Composer),
        Msg::Confirmed => {
            if let Some(Modal::Confirm(_)) = stack.last()
                && let Some(Modal::Confirm(confirm)) = stack.pop()
            {
                out.message(*confirm.msg);
            }
        }
        Msg::Dismiss(subject) => stack.retain(|modal| !modal.is_about(subject)),
    }
}

fn open(stack: &mut Vec<Modal>, modal: Modal) {
    if let Modal::Prompt(prompt) = &modal
        && let Some(old) = stack.iter_mut().find(|old| old.is_about(prompt.subject))
    {
        *old = modal;
        return;
    }
    if stack.last() != Some(&modal) {
        stack.push(modal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Env, update};
    use crate::catalog::Catalog;
    use crate::domain::{Profile, Timestamp};

    fn send(model: &mut Model, msg: Msg) {
        update(model, app::Msg::Modals(msg), Env { now: Timestamp(0) });
    }

    #[test]
    fn help_opens_once_and_closes() {
        let mut model = Model::new(Catalog::default(), Profile::built_in(), Vec::new());
        send(&mut model, Msg::Open(Box::new(Modal::Help)));
        send(&mut model, Msg::Open(Box::new(Modal::Help)));
        assert_eq!(model.modals.stack, [Modal::Help]);
        send(&mut model, Msg::Close);
        send(&mut model, Msg::Close);
        assert_eq!(model.modals.top(), None);
    }
}
