//! What may happen in a session, and what the runtime may be asked to do. Both are plain data.

use crate::app::{
    auth, composer, export, file, history, intents, modals, notices, profiles, replay, requests,
    resources, reveal, runs, saved, saving, search, sorting, transform, users,
};
use crate::domain::{Body, JobId, Problem};

/// Something that a person wants or that has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Profiles and the client secret.
    Profiles(profiles::Msg),
    /// Test users.
    Users(users::Msg),
    /// Signing in and out, tokens.
    Auth(auth::Msg),
    /// Exchanges.
    Requests(requests::Msg),
    /// The exchanges of all sessions.
    History(history::Msg),
    /// Saved requests.
    Saved(saved::Msg),
    /// The request that is about to be saved.
    Saving(saving::Msg),
    /// Sending again, and comparing.
    Replay(replay::Msg),
    /// Several requests one after the other.
    Runs(runs::Msg),
    /// User intents.
    Intents(intents::Msg),
    /// The request that is being composed.
    Composer(composer::Msg),
    /// The file that is shown.
    File(file::Msg),
    /// Searching a long body.
    Search(search::Msg),
    /// Sorting a long table.
    Sorting(sorting::Msg),
    /// Putting a body through a program.
    Transform(transform::Msg),
    /// Taking something out of the session.
    Export(export::Msg),
    /// Lists of the API.
    Resources(resources::Msg),
    /// What lies over the panes.
    Modals(modals::Msg),
    /// The line that tells what just happened.
    Notices(notices::Msg),
    /// A secret that is shown for a moment.
    Reveal(reveal::Msg),
    /// An exchange was answered; whoever wants the answer may take it.
    Answered(JobId),
    /// Something was sent again and compared, or could not be.
    Replayed(JobId),
    /// What should have become this exchange was not sent.
    Unsent {
        /// Which one.
        job: JobId,
        /// Why.
        problem: Problem,
    },
    /// Time alone made something due.
    Woke,
    /// Something for the desktop or the terminal itself.
    Desktop(Desktop),
    /// A job ended without a result: a defect of this program.
    Crashed {
        /// Which one.
        job: JobId,
        /// What is known of it.
        problem: Problem,
    },
    /// End the session.
    Quit,
}

/// Something that the runtime shall do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Profiles and the client secret.
    Profiles(profiles::Effect),
    /// Test users.
    Users(users::Effect),
    /// Signing in and out, tokens.
    Auth(auth::Effect),
    /// Calls.
    Requests(requests::Effect),
    /// The exchanges of all sessions.
    History(history::Effect),
    /// Saved requests.
    Saved(saved::Effect),
    /// The request that is about to be saved.
    Saving(saving::Effect),
    /// Sending again, and comparing.
    Replay(replay::Effect),
    /// Searching a long body.
    Search(search::Effect),
    /// Sorting a long table.
    Sorting(sorting::Effect),
    /// Putting a body through a program.
    Transform(transform::Effect),
    /// Taking something out of the session.
    Export(export::Effect),
    /// A secret that is shown for a moment.
    Reveal(reveal::Effect),
    /// Browser, clipboard, shell.
    Desktop(Desktop),
    /// Stop a job; nothing more is heard of it.
    Cancel(JobId),
    /// Stop every job; nothing more is heard of any.
    CancelAll,
}

/// Something that concerns the world around the terminal.
#[derive(Clone, Debug, PartialEq)]
pub enum Desktop {
    /// Show this URL in the person's browser.
    OpenBrowser(String),
    /// Put this text on the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the notice: `request-id`.
        what: &'static str,
    },
    /// Open this body in the person's editor, and compose with what it makes of it.
    EditBody(Body),
    /// Give the terminal back to the shell until `fg`.
    Suspend,
}
