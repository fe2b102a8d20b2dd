//! What each form of a sign-in does when it is sent, and which step comes next. Writes no markup.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use crate::domain::Timestamp;
use crate::sandbox::pages::errands::{self, Errand};
use crate::sandbox::pages::session::{Alert, Asked, Session, Step};
use crate::sandbox::world::World;
use crate::sandbox::world::people::Person;

/// How long a one-time code works.
const CODE_LASTS: Duration = Duration::from_secs(5 * 60);
/// Wrong tries after which a one-time code is replaced.
const MOST_TRIES: u8 = 5;
/// Characters of a name or address, at most.
const LONGEST_TEXT: usize = 100;
/// What opens an account at every bank of the sandbox.
pub(super) const BANK_USERNAME: &str = "user_good";
/// The password that goes with it.
pub(super) const BANK_PASSWORD: &str = "pass_good";

/// The fields of a form.
pub(super) type Fields = BTreeMap<String, String>;

/// What comes of a form.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// The session's step, shown.
    Page,
    /// The session's step once more, with what was wrong.
    Again(Alert),
    /// The end: back to the application, at this URL.
    Redirect(String),
    /// The sandbox itself cannot go on.
    Failed(String),
}

/// The form again: what is wrong with its `field`, or with none alone.
pub(super) fn again(field: &'static str, text: &str) -> Next {
    Next::Again(Alert {
        field,
        text: text.to_owned(),
    })
}

pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", |text| text.trim())
}

/// Takes the form of the session's step.
pub(super) fn submit(world: &mut World, session: &mut Session, fields: &Fields) -> Next {
    if field(fields, "step") != session.step.name() {
        return Next::Page; // a form of an earlier step, sent again: the present one is shown instead
    }
    match session.step.clone() {
        Step::Phone => phone(world, session, fields),
        Step::OneTimeCode {
            phone,
            code,
            expires_at,
            tries,
        } => match (
            world.now() >= expires_at,
            field(fields, "one_time_code") == code,
        ) {
            (true, _) => {
                session.step = ask_for_code(world, phone);
                again(
                    "one_time_code",
                    "The one-time code has expired. A new one is shown below.",
                )
            }
            (false, true) => {
                session.step = signed_in(world, session, phone);
                Next::Page
            }
            (false, false) => wrong_code(world, session, phone, tries),
        },
        Step::Details { phone, user } => details(world, session, phone, user, fields),
        Step::Bank { user } => bank(world, session, user, fields),
        Step::Consent { user } => consent(world, session, &user, field(fields, "decision")),
        Step::Barred => denied(&session.asked, "the identity check refused this person"),
        _ => errands::submit(world, session, fields),
    }
}

/// The ten digits of a number as people write it, without the country's `+1`.
pub(super) fn ten_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let is_known = |c: char| c.is_ascii_digit() || " -().+".contains(c);
    if !text.chars().all(is_known) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        10 if !text.starts_with('+') => Some(digits),
        11 => digits.strip_prefix('1').map(str::to_owned),
        _ => None,
    }
}

fn phone(world: &mut World, session: &mut Session, fields: &Fields) -> Next {
    let Some(digits) = ten_digits(field(fields, "phone")) else {
        return again(
            "phone",
            "Enter a phone number of ten digits, such as 6505550100.",
        );
    };
    let asked = &session.asked;
    if asked.is_phone_fixed && digits != asked.phone {
        return again(
            "phone",
            "The application has fixed the phone number. It cannot be changed here.",
        );
    }
    let phone = format!("+1{digits}");
    let user = asked.user.as_deref().and_then(|id| world.user(id));
    if user.is_some_and(|user| user.person.phone != phone) {
        return again(
            "phone",
            "This is not the phone number of the user who is to authorize.",
        );
    }
    let intent = asked.intent.as_deref().and_then(|id| world.intent(id));
    if intent.is_some_and(|intent| intent.person.phone != phone) {
        return again("phone", "This is not the phone number of the user intent.");
    }
    session.step = ask_for_code(world, phone);
    Next::Page
}

fn ask_for_code(world: &mut World, phone: String) -> Step {
    Step::OneTimeCode {
        phone,
        code: world.one_time_code(),
        expires_at: world.now().after(CODE_LASTS),
        tries: 0,
    }
}

fn wrong_code(world: &mut World, session: &mut Session, phone: String, tries: u8) -> Next {
    if tries + 1 >= MOST_TRIES {
        session.step = ask_for_code(world, phone);
        return again(
            "one_time_code",
            "Too many wrong codes. A new one is shown below.",
        );
    }
    if let Step::OneTimeCode { tries, .. } = &mut session.step {
        *tries += 1;
    }
    again(
        "one_time_code",
        "This is not the code that was sent. It is shown below.",
    )
}

/// The person has proved their phone number: an intent becomes a user now.
fn signed_in(world: &mut World, session: &Session, phone: String) -> Step {
    let converted = session
        .asked
        .intent
        .as_deref()
        .and_then(|intent| world.convert(intent));
    let user = converted.or_else(|| world.user_by_phone(&phone).map(|user| user.id.clone()));
    let business = session.asked.business.as_deref();
    let user = user.or_else(|| business.and_then(|id| world.convert_business(id)));
    match user {
        Some(user) => step_of(world, user, session.asked.errand),
        None => Step::Details { phone, user: None },
    }
}

/// What `user` has still to do.
pub(super) fn step_of(world: &World, user: String, errand: Errand) -> Step {
    let known = world.user(&user);
    if known.is_some_and(|user| user.is_barred) {
        return Step::Barred;
    }
    if let Some(known) = known.filter(|user| !user.has_agreed) {
        let phone = known.person.phone.clone();
        return Step::Details {
            phone,
            user: Some(user),
        };
    }
    if let Some(step) = errand.step(world, &user) {
        return step;
    }
    let has_accounts = world.accounts_of(&user).next().is_some();
    match has_accounts {
        true => Step::Consent { user },
        false => Step::Bank { user },
    }
}

/// Says which of the two names is missing.
pub(super) fn missing_name(fields: &Fields) -> Option<Next> {
    let name = ["first_name", "last_name"]
        .into_iter()
        .find(|name| field(fields, name).is_empty())?;
    Some(again(name, "Enter a first and a last name."))
}

fn details(
    world: &mut World,
    session: &mut Session,
    phone: String,
    user: Option<String>,
    fields: &Fields,
) -> Next {
    let (first_name, last_name) = (field(fields, "first_name"), field(fields, "last_name"));
    let email = field(fields, "email");
    if let Some(missing) = missing_name(fields) {
        return missing;
    }
    let is_email = email
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    if !is_email || email.contains(char::is_whitespace) {
        return again("email", "Enter an e-mail address, such as sam@example.com.");
    }
    let too_long = ["first_name", "last_name", "email"]
        .into_iter()
        .find(|name| field(fields, name).chars().count() > LONGEST_TEXT);
    if let Some(name) = too_long {
        return again(name, "Names and address can have 100 characters each.");
    }
    if field(fields, "agreement") != "yes" {
        return again("agreement", "The user agreement has to be accepted.");
    }
    let person = Person {
        email: email.to_owned(),
        phone,
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        ..Person::default()
    };
    let id = user.unwrap_or_else(|| world.add_user(person.clone()));
    if let Some(user) = world.user_mut(&id) {
        user.person.email = person.email;
        user.person.first_name = person.first_name;
        user.person.last_name = person.last_name;
        user.has_agreed = true;
    }
    session.step = step_of(world, id, session.asked.errand);
    Next::Page
}

fn bank(world: &mut World, session: &mut Session, user: String, fields: &Fields) -> Next {
    if field(fields, "username") != BANK_USERNAME || field(fields, "password") != BANK_PASSWORD {
        return again(
            "password",
            "The bank does not know this user name and password.",
        );
    }
    if world
        .connect_bank(&user, field(fields, "institution"))
        .is_none()
    {
        return again("institution", "Choose a bank from the list.");
    }
    if session.asked.errand == Errand::ConnectBank {
        return errands::bank_connected(session);
    }
    session.step = Step::Consent { user };
    Next::Page
}

fn consent(world: &mut World, session: &mut Session, user: &str, decision: &str) -> Next {
    let asked = &session.asked;
    match decision {
        "authorize" | "show-code" => {}
        "deny" => return denied(asked, "the person chose Deny"),
        _ => return again("", "Choose one of the buttons."),
    }
    let now: Timestamp = world.now();
    match world.grants.issue_code(user, &asked.redirect_uri, now) {
        Err(error) => Next::Failed(format!("no randomness for a code: {error}")),
        Ok(code) if decision == "show-code" => {
            session.step = Step::Code { code };
            Next::Page
        }
        Ok(code) => redirect(asked, &[("code", code.reveal())]),
    }
}

fn denied(asked: &Asked, description: &str) -> Next {
    redirect(
        asked,
        &[
            ("error", "access_denied"),
            ("error_description", description),
        ],
    )
}

/// Back to the application, with the `state` that it sent.
pub(super) fn redirect(asked: &Asked, pairs: &[(&str, &str)]) -> Next {
    let Ok(mut url) = Url::parse(&asked.redirect_uri) else {
        return Next::Failed("the redirect URI is not a URL".into());
    };
    let state = asked.state.iter().map(|state| ("state", state.as_str()));
    let pairs: Vec<_> = pairs.iter().copied().chain(state).collect();
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Next::Redirect(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_read_as_people_write_them() {
        for text in [
            "6505550100",
            "(650) 555-0100",
            " 650.555.0100 ",
            "+1 650 555 0100",
            "16505550100",
        ] {
            assert_eq!(ten_digits(text).as_deref(), Some("6505550100"), "{text}");
        }
        for text in [
            "",
            "650555010",
            "65055501000",
            "+6505550100",
            "650555010O",
            "+49 650 555 0100",
        ] {
            assert_eq!(ten_digits(text), None, "{text}");
        }
    }
}
