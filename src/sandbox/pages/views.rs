//! How each step of a sign-in looks.

use crate::domain::Secret;
use crate::sandbox::pages::errand_views;
use crate::sandbox::pages::html::{Form, Input, Page};
use crate::sandbox::pages::session::{Session, Step};
use crate::sandbox::pages::steps::{BANK_PASSWORD, BANK_USERNAME};
use crate::sandbox::world::World;

/// A number that belongs to nobody in the seed world: whoever enters it signs up.
const NEW_PHONE: u64 = 6_505_550_199;

/// The page of the session's step, with what was wrong with its last form.
pub(super) fn step(world: &World, session: &Session) -> Page {
    let page = match &session.step {
        Step::Phone => phone(world, session),
        Step::OneTimeCode { phone, code, .. } => one_time_code(session, phone, code),
        Step::Details { user, .. } => details(world, session, user.as_deref()),
        Step::Bank { .. } => bank(world, session),
        Step::Consent { user } => consent(world, session, user),
        Step::Barred => barred(session),
        Step::Code { code } => shown_code(code),
        _ => errand_views::step(world, session),
    };
    match &session.returned {
        Some(returned) => page.alert(&returned.alert.text),
        None => page,
    }
}

pub(super) fn form(session: &Session) -> Form {
    let action = super::path_of(&session.id);
    let hidden = [
        ("csrf", session.csrf.reveal()),
        ("step", session.step.name()),
    ];
    let form = Form::new(&action, &hidden);
    match &session.returned {
        Some(returned) => form.returned(&returned.entered, returned.alert.field),
        None => form,
    }
}

/// The first number that belongs to nobody yet.
fn new_phone(world: &World) -> String {
    let is_free = |phone: &u64| world.user_by_phone(&format!("+1{phone}")).is_none();
    (NEW_PHONE..).find(is_free).unwrap_or(NEW_PHONE).to_string()
}

fn phone(world: &World, session: &Session) -> Page {
    let asked = &session.asked;
    let new_phone = new_phone(world);
    let form = form(session)
        .input(&Input {
            name: "phone",
            label: "Phone number",
            kind: "tel",
            value: &asked.phone,
            placeholder: if asked.phone.is_empty() {
                &new_phone
            } else {
                &asked.phone
            },
            autocomplete: "tel-national",
            is_read_only: asked.is_phone_fixed,
        })
        .button("action", "continue", "Continue");
    let page = Page::new("Sign in with your phone").form(&form);
    if asked.is_phone_fixed {
        return page;
    }
    let people = world
        .users()
        .iter()
        .filter(|user| user.has_agreed)
        .map(|user| {
            let digits = user.person.phone.trim_start_matches("+1");
            format!(
                "{digits} {} ({})",
                user.person.name(),
                user.check.status(world.now()).name()
            )
        });
    page.paragraph("These people have signed up already; any other number signs somebody new up:")
        .list(people)
}

fn one_time_code(session: &Session, phone: &str, code: &str) -> Page {
    let form = form(session)
        .input(&Input {
            name: "one_time_code",
            label: "One-time code",
            kind: "text",
            placeholder: code,
            autocomplete: "one-time-code",
            ..Input::default()
        })
        .button("action", "continue", "Continue");
    Page::new("Enter the one-time code")
        .paragraph(&format!(
            "A code would now be sent to {phone}. In this sandbox no message is sent; the code is {code}."
        ))
        .form(&form)
}

fn details(world: &World, session: &Session, user: Option<&str>) -> Page {
    let person = user
        .and_then(|id| world.user(id))
        .map(|user| user.person.clone())
        .unwrap_or_default();
    let form = form(session)
        .input(&Input {
            name: "first_name",
            label: "First name",
            kind: "text",
            value: &person.first_name,
            placeholder: "Sam",
            autocomplete: "given-name",
            is_read_only: false,
        })
        .input(&Input {
            name: "last_name",
            label: "Last name",
            kind: "text",
            value: &person.last_name,
            placeholder: "Sandoval",
            autocomplete: "family-name",
            is_read_only: false,
        })
        .input(&Input {
            name: "email",
            label: "E-mail address",
            kind: "email",
            value: &person.email,
            placeholder: "sam@example.com",
            autocomplete: "email",
            is_read_only: false,
        })
        .checkbox("agreement", "I accept the user agreement")
        .button("action", "continue", "Continue");
    Page::new("Tell us who you are").form(&form)
}

fn bank(world: &World, session: &Session) -> Page {
    let banks = world
        .institutions()
        .iter()
        .map(|bank| (bank.id.as_str(), bank.name.as_str()));
    let form = form(session)
        .select("institution", "Bank", banks)
        .input(&Input {
            name: "username",
            label: "User name at the bank",
            kind: "text",
            placeholder: BANK_USERNAME,
            autocomplete: "off",
            ..Input::default()
        })
        .input(&Input {
            name: "password",
            label: "Password at the bank",
            kind: "password",
            placeholder: BANK_PASSWORD,
            autocomplete: "off",
            ..Input::default()
        })
        .button("action", "continue", "Connect");
    Page::new("Connect your bank")
        .paragraph(&format!(
            "Every bank of this sandbox knows one customer: user name {BANK_USERNAME}, password {BANK_PASSWORD}."
        ))
        .form(&form)
}

fn consent(world: &World, session: &Session, user: &str) -> Page {
    let name = world
        .user(user)
        .map(|user| user.person.name())
        .unwrap_or_default();
    let accounts = world.accounts_of(user).count();
    let form = form(session)
        .button("decision", "authorize", "Authorize")
        .button("decision", "show-code", "Show the code instead")
        .button("decision", "deny", "Deny");
    Page::new("Authorize the application")
        .paragraph(&format!(
            "You are signed in as {name}. The application asks to:"
        ))
        .list([
            "see your name, e-mail address, phone number and status".to_owned(),
            format!("see your connected accounts ({accounts}) and their balances"),
            "move money between your accounts and cards on your order".to_owned(),
        ])
        .paragraph(&format!(
            "Afterwards you are sent to {}.",
            session.asked.redirect_uri
        ))
        .form(&form)
}

fn barred(session: &Session) -> Page {
    let form = form(session).button("decision", "deny", "Back to the application");
    Page::new("You cannot authorize")
        .paragraph(
            "The identity check of this person ended with rejected before they signed up. They can sign in, \
             but not authorize an application.",
        )
        .form(&form)
}

/// The end of a sign-in whose code is shown instead of sent.
fn shown_code(code: &Secret) -> Page {
    Page::new("Your authorization code")
        .paragraph("Copy it to the application. It works once, and for a few minutes only.")
        .output("code", code.reveal())
}

/// A page for what cannot go on.
pub(super) fn problem(title: &str, text: &str) -> Page {
    Page::new(title).alert(text)
}
