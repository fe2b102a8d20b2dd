//! One sign-in from its start to the code: listening, the walk, the pasted redirect.

use crate::app::auth::prompt::show_prompt;
use crate::app::auth::{Auth, Effect, SignIn, TokenCall, parameters};
use crate::app::profiles::SecretSource;
use crate::app::{self, Modal, Model, Outbox, Subject};
use crate::domain::{JobId, Nonce, Problem, Redirect, Secret, UserKey};

/// The sign-in that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The job that listens for the redirect; also the identity of the flow.
    pub job: JobId,
    /// Who signs in.
    pub user: UserKey,
    /// Whether the user was added for it and is taken away again if it is given up.
    is_new: bool,
    /// Where the user stood before.
    before: SignIn,
    /// What is known once the listener has reported.
    pub request: Option<Request>,
    /// The walk of the hosted pages, while it runs.
    pub walk: Option<JobId>,
}

/// The authorization request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    state: Nonce,
    /// Where the browser is sent back to.
    pub(super) redirect_uri: String,
    /// The URL of the hosted pages.
    pub url: String,
    /// Why nothing listens for the redirect.
    pub problem: Option<Problem>,
}

impl Flow {
    /// Whether it is `user` who signs in.
    pub(super) fn is_of(&self, user: UserKey) -> bool {
        self.user == user
    }
}

impl Auth {
    /// The URL of the hosted pages for the sign-in that is under way.
    pub(super) fn flow_url(&self) -> Option<String> {
        Some(self.flow.as_ref()?.request.as_ref()?.url.clone())
    }
}

pub(super) fn start(model: &mut Model, user: Option<UserKey>, out: &mut Outbox) {
    if let Err(problem) = model.profiles.hosts() {
        if model.profiles.problem.is_none() {
            model.auth.wanted = Some(user); // a matter of milliseconds: it goes on by itself
        } else {
            out.message(app::Msg::warning(problem.to_string()));
        }
        return;
    }
    if model.profiles.current.client_id.is_empty() {
        let problem =
            Problem::new("the profile has no client id").hint("press p, then Ctrl-e to type it");
        out.message(app::Msg::warning(problem.to_string()));
        return;
    }
    if model.profiles.secret == SecretSource::Sought {
        model.auth.wanted = Some(user); // it goes on once the stores have answered
        return;
    }
    if model.profiles.secret == SecretSource::Missing {
        model.auth.wanted = Some(user);
        out.message(app::Msg::ask_secret());
        return;
    }
    if model.auth.flow.is_some() {
        cancel(model, out);
    }
    let is_new = user.is_none();
    let user = user.unwrap_or_else(|| model.new_user_key());
    if is_new {
        out.message(app::Msg::add_user(user));
    }
    let job = model.new_job();
    let before = model
        .auth
        .states
        .insert(user, SignIn::Authorizing)
        .unwrap_or_default();
    let before = match before {
        SignIn::SignedIn { .. } => before,
        _ => SignIn::SignedOut,
    };
    model.auth.flow = Some(Flow {
        job,
        user,
        is_new,
        before,
        request: None,
        walk: None,
    });
    let redirect_uri = model.profiles.current.redirect_uri.clone();
    out.effect(app::Effect::Auth(Effect::Listen { job, redirect_uri }));
}

pub(super) fn listening(
    model: &mut Model,
    job: JobId,
    state: Nonce,
    redirect_uri: String,
    problem: Option<Problem>,
    out: &mut Outbox,
) {
    let Some(user) = model
        .auth
        .flow
        .as_ref()
        .filter(|flow| flow.job == job)
        .map(|flow| flow.user)
    else {
        return; // cancelled meanwhile
    };
    let hints = parameters::told(model, user);
    match model
        .profiles
        .current
        .authorize_url(&redirect_uri, &state, &hints)
    {
        Ok(url) => {
            let request = Request {
                state,
                redirect_uri,
                url,
                problem,
            };
            if let Some(flow) = &mut model.auth.flow {
                flow.request = Some(request);
            }
            show_prompt(model, None, out);
        }
        Err(problem) => fail(model, problem, out),
    }
}

/// What the hosted pages are told has changed: the URL follows, everything else goes on.
pub(super) fn tell_anew(model: &mut Model, out: &mut Outbox) {
    let Some(flow) = &model.auth.flow else {
        return; // the sign-in has come to its end meanwhile
    };
    if let Some(request) = flow.request.clone() {
        let Request {
            state,
            redirect_uri,
            problem,
            ..
        } = request;
        listening(model, flow.job, state, redirect_uri, problem, out);
    }
}

/// Listens for the redirect URI that the profile uses now, in the place of the one before.
pub(super) fn listen_anew(model: &mut Model, out: &mut Outbox) {
    let job = model.new_job();
    let redirect_uri = model.profiles.current.redirect_uri.clone();
    let Some(flow) = &mut model.auth.flow else {
        return; // the sign-in has come to its end meanwhile
    };
    let old = std::mem::replace(&mut flow.job, job);
    flow.request = None;
    out.effect(app::Effect::Cancel(old));
    if let Some(walk) = flow.walk.take() {
        out.effect(app::Effect::Cancel(walk));
    }
    out.effect(app::Effect::Auth(Effect::Listen { job, redirect_uri }));
}

pub(super) fn forged(model: &Model, job: JobId, out: &mut Outbox) {
    if model.auth.flow.as_ref().is_some_and(|flow| flow.job == job) {
        out.message(app::Msg::warning(
            "a redirect with a foreign state was turned away",
        ));
    }
}

pub(super) fn walk(model: &mut Model, out: &mut Outbox) {
    if !model.profiles.is_built_in()
        || model
            .auth
            .flow
            .as_ref()
            .is_some_and(|flow| flow.walk.is_some())
    {
        return; // other sandboxes want a person, and one walk is enough
    }
    let Some(url) = model.auth.flow_url() else {
        return; // not listening yet
    };
    let job = model.new_job();
    if let Some(flow) = &mut model.auth.flow {
        flow.walk = Some(job);
    }
    out.effect(app::Effect::Auth(Effect::Walk { job, url }));
}

pub(super) fn walked(
    model: &mut Model,
    job: JobId,
    result: Result<Option<Redirect>, Problem>,
    out: &mut Outbox,
) {
    let Some(flow) = model
        .auth
        .flow
        .as_mut()
        .filter(|flow| flow.walk == Some(job))
    else {
        return; // the redirect arrived first, or the sign-in was given up
    };
    flow.walk = None;
    match result {
        Ok(Some(redirect)) => accept(model, redirect, out),
        Ok(None) => {} // the listener has it
        Err(problem) => show_prompt(model, Some(&problem), out),
    }
}

pub(super) fn pasted(model: &mut Model, text: &Secret, out: &mut Outbox) {
    match Redirect::parse(text.reveal()) {
        Ok(redirect) => accept(model, redirect, out),
        Err(problem) => show_prompt(model, Some(&problem), out),
    }
}

pub(super) fn redirected(
    model: &mut Model,
    job: JobId,
    result: Result<Redirect, Problem>,
    out: &mut Outbox,
) {
    if model.auth.flow.as_ref().is_none_or(|flow| flow.job != job) {
        return; // late, or of a sign-in that was given up
    }
    match result {
        Ok(redirect) => accept(model, redirect, out),
        Err(problem) => fail(model, problem, out),
    }
}

/// Takes the code of our own redirect and has it exchanged; a foreign one changes nothing.
fn accept(model: &mut Model, redirect: Redirect, out: &mut Outbox) {
    let Some((flow, request)) = model
        .auth
        .flow
        .as_ref()
        .and_then(|flow| Some((flow, flow.request.as_ref()?)))
    else {
        return; // given up meanwhile
    };
    if redirect.state.is_some_and(|state| state != request.state) {
        let problem = Problem::new("this redirect belongs to another sign-in")
            .because("its state is not the one of this sign-in")
            .hint("open the URL above and paste the redirect that follows from it");
        show_prompt(model, Some(&problem), out);
        return;
    }
    let (user, is_new) = (flow.user, flow.is_new);
    let redirect_uri = request.redirect_uri.clone();
    let Some(call) = token_call(model, user, redirect_uri) else {
        return; // without hosts no flow could have started
    };
    let job = call.job;
    end(model, SignIn::Exchanging { job, is_new }, out);
    out.effect(app::Effect::Auth(Effect::Exchange {
        call,
        code: redirect.code,
    }));
}

/// A request to the profile's token endpoint, under a new job.
pub(super) fn token_call(
    model: &mut Model,
    user: UserKey,
    redirect_uri: String,
) -> Option<TokenCall> {
    let profile = &model.profiles.current;
    let url = format!("{}{}", profile.hosts.as_ref()?.api, profile.token_path);
    let client_id = profile.client_id.clone();
    let job = model.new_job();
    Some(TokenCall {
        job,
        user,
        url,
        client_id,
        redirect_uri,
    })
}

fn fail(model: &mut Model, problem: Problem, out: &mut Outbox) {
    if let Some(user) = new_user(model) {
        end(model, SignIn::SignedOut, out);
        return forget(model, user, problem, out);
    }
    out.message(app::Msg::warning(problem.what.clone()));
    end(model, SignIn::Failed(problem), out);
}

/// Whom the flow has added.
fn new_user(model: &Model) -> Option<UserKey> {
    let flow = model.auth.flow.as_ref()?;
    flow.is_new.then_some(flow.user)
}

/// Of somebody new who could not sign in nothing stays, so the whole problem is told at once.
pub(super) fn forget(model: &mut Model, user: UserKey, problem: Problem, out: &mut Outbox) {
    model.auth.states.remove(&user);
    out.message(app::Msg::forget_user(user));
    out.message(app::Msg::open(Modal::Problem(problem)));
}

pub(super) fn cancel(model: &mut Model, out: &mut Outbox) {
    let Some(before) = model.auth.flow.as_ref().map(|flow| flow.before.clone()) else {
        return; // it has come to its end already
    };
    let forgotten = new_user(model);
    end(model, before, out);
    if let Some(user) = forgotten {
        model.auth.states.remove(&user);
        out.message(app::Msg::forget_user(user));
    }
}

/// Ends the flow: its user stands at `state`, nobody listens or walks any more, the prompt goes away.
fn end(model: &mut Model, state: SignIn, out: &mut Outbox) {
    if let Some(flow) = model.auth.flow.take() {
        model.auth.states.insert(flow.user, state);
        out.effect(app::Effect::Cancel(flow.job));
        if let Some(walk) = flow.walk {
            out.effect(app::Effect::Cancel(walk));
        }
        out.message(app::Msg::dismiss(Subject::SignIn));
    }
}
