//! What a person is sent to the hosted pages for besides authorizing: to show a document, to correct details, to sign a
//! business up, to connect a bank, to look at cards or add one. Each is a step after the sign-in; then they go back.

use serde_json::{Map, Value};

use crate::domain::UserStatus;
use crate::sandbox::pages::session::{Session, Step};
use crate::sandbox::pages::steps::{self, Fields, Next, again, field};
use crate::sandbox::world::World;
use crate::sandbox::world::cards::{self, Holder, NewCard};
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::people;

/// Why a person comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Errand {
    /// To let the application act.
    #[default]
    Authorize,
    /// To show a photo id.
    ShowDocument,
    /// To correct their details.
    CorrectDetails,
    /// To tell about their business.
    DescribeBusiness,
    /// To connect a bank, or mend a connection.
    ConnectBank,
    /// To look at their cards.
    ViewCards,
    /// To add a card.
    AddCard,
}

/// Where each errand begins (Astra's guide "OAuth links").
pub(super) const PATHS: [(&str, Errand); 7] = [
    (super::AUTHORIZE, Errand::Authorize),
    ("/verify/document", Errand::ShowDocument),
    ("/verify/personal", Errand::CorrectDetails),
    ("/verify/business", Errand::DescribeBusiness),
    ("/institutions/connect", Errand::ConnectBank),
    ("/cards", Errand::ViewCards),
    ("/cards/connect", Errand::AddCard),
];

impl Errand {
    /// The step of a signed-in `user`; `None` where the errand is to authorize.
    pub(super) fn step(self, world: &World, user: &str) -> Option<Step> {
        let status = world.user(user).map(|user| user.check.status(world.now()));
        let user = user.to_owned();
        Some(match (self, status) {
            (Self::Authorize, _) => return None,
            (Self::ShowDocument, Some(UserStatus::Document)) => Step::Document { user },
            (Self::CorrectDetails, Some(UserStatus::Retry)) => Step::Correction { user },
            (Self::ShowDocument | Self::CorrectDetails, status) => Step::Done {
                message: format!(
                    "Nothing is to be done: your status is {}.",
                    status.map_or("unknown", UserStatus::name)
                ),
            },
            (Self::DescribeBusiness, _) => Step::Business { user },
            (Self::ConnectBank, _) => Step::Bank { user },
            (Self::ViewCards, _) => Step::Cards { user },
            (Self::AddCard, _) => Step::NewCard { user },
        })
    }
}

fn done(session: &mut Session, message: &str) -> Next {
    session.step = Step::Done {
        message: message.to_owned(),
    };
    Next::Page
}

/// The person has connected a bank for its own sake.
pub(super) fn bank_connected(session: &mut Session) -> Next {
    done(session, "Your bank is connected.")
}

/// Takes the form of one of the errands' steps.
pub(super) fn submit(world: &mut World, session: &mut Session, fields: &Fields) -> Next {
    match session.step.clone() {
        Step::Document { user } => document(world, session, &user, fields),
        Step::Correction { user } => correction(world, session, &user, fields),
        Step::Business { user } => business(world, session, &user, fields),
        Step::Cards { user } => match field(fields, "action") {
            "add" => {
                session.step = Step::NewCard { user };
                Next::Page
            }
            _ => steps::redirect(&session.asked, &[]),
        },
        Step::NewCard { user } => new_card(world, session, &user, fields),
        _ => steps::redirect(&session.asked, &[]),
    }
}

fn document(world: &mut World, session: &mut Session, user: &str, fields: &Fields) -> Next {
    // A form of this kind sends the name of the file only, which is all that the sandbox needs.
    let name = field(fields, "document");
    let is_picture = [".jpg", ".jpeg", ".png"]
        .iter()
        .any(|end| name.to_ascii_lowercase().ends_with(end));
    if !is_picture {
        return again(
            "document",
            "Choose a picture: a file that ends in .jpg, .jpeg or .png.",
        );
    }
    world.take_document(user);
    done(
        session,
        "Thank you. Your document is being checked; that takes a few seconds.",
    )
}

fn correction(world: &mut World, session: &mut Session, user: &str, fields: &Fields) -> Next {
    let (first_name, last_name) = (field(fields, "first_name"), field(fields, "last_name"));
    if let Some(missing) = steps::missing_name(fields) {
        return missing;
    }
    let born = field(fields, "date_of_birth");
    if born.parse::<jiff::civil::Date>().is_err() {
        return again(
            "date_of_birth",
            "Enter a date of birth, such as 1985-02-03.",
        );
    }
    let Some(known) = world.user_mut(user) else {
        return again("", "This user is gone.");
    };
    known.person.first_name = first_name.to_owned();
    known.person.last_name = last_name.to_owned();
    let outcome = match people::outcome(&known.person, Some(born)) {
        // Details can be corrected once (Astra's guide "User statuses").
        UserStatus::Retry => UserStatus::Rejected,
        outcome => outcome,
    };
    world.take_details(user, outcome);
    done(
        session,
        "Thank you. Your details are being checked; that takes a few seconds.",
    )
}

fn business(world: &mut World, session: &mut Session, user: &str, fields: &Fields) -> Next {
    let (name, ein) = (field(fields, "business_name"), field(fields, "ein"));
    if name.is_empty() {
        return again("business_name", "Enter the name of the business.");
    }
    if ein.chars().filter(char::is_ascii_digit).count() != 9 {
        return again("ein", "Enter its EIN of nine digits, such as 12-3456789.");
    }
    let person = world.user(user).map(|user| user.person.clone());
    let person = person.unwrap_or_default();
    let about = Map::from_iter([
        ("business_name".to_owned(), Value::from(name)),
        ("ein".to_owned(), Value::from(ein)),
    ]);
    let details = Map::from_iter([
        ("phone".to_owned(), Value::from(person.phone)),
        ("email".to_owned(), Value::from(person.email)),
        ("first_name".to_owned(), Value::from(person.first_name)),
        ("last_name".to_owned(), Value::from(person.last_name)),
        ("business_info".to_owned(), Value::Object(about)),
    ]);
    match world.add_business(details) {
        Ok(_) => done(session, "Thank you. Your business is being checked."),
        Err(objection) => refuse(objection),
    }
}

fn new_card(world: &mut World, session: &mut Session, user: &str, fields: &Fields) -> Next {
    let digits = |name: &str| -> String {
        let is_filling = |c: char| c == ' ' || c == '-';
        field(fields, name).replace(is_filling, "")
    };
    let (number, code) = (digits("card_number"), digits("card_security_code"));
    let is_number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(&number, 12..=19) {
        return again(
            "card_number",
            "Enter the 12 to 19 digits on the front of the card.",
        );
    }
    if !is_number(&code, 3..=4) {
        return again(
            "card_security_code",
            "Enter the three or four digits of the code.",
        );
    }
    let expiration = field(fields, "expiration_date");
    if cards::last_day(expiration).is_none() {
        return again(
            "expiration_date",
            "Enter month and year as they stand on the card, such as 09/39.",
        );
    }
    let person = world.user(user).map(|user| user.person.clone());
    let person = person.unwrap_or_default();
    let new = NewCard {
        number,
        security_code: code,
        expiration: expiration.to_owned(),
        holder: Holder {
            first_name: person.first_name,
            last_name: person.last_name,
            zip_code: field(fields, "zip_code").to_owned(),
            ..Holder::default()
        },
        is_added_by_user: true,
        is_from_client: false,
    };
    match world.add_card(user, new) {
        Ok(_) => done(session, "Your card has been added."),
        Err(objection) => refuse(objection),
    }
}

/// Fields of the forms as people call them, for objections in the words of the API.
const LABELS: [(&str, &str); 4] = [
    ("card_number", "The card number"),
    ("card_security_code", "The security code"),
    ("expiration_date", "The month of the card"),
    ("zip_code", "The ZIP code"),
];

fn refuse(objection: Objection) -> Next {
    let (Objection::Missing(text) | Objection::Forbidden(text) | Objection::Wrong(text)) =
        objection;
    // The API's words begin with the name of a field, which is also that of the form's.
    let (name, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let known = LABELS.iter().find(|(field, _)| *field == name);
    match known {
        Some((field, label)) => again(field, &format!("{label} {rest}.")),
        None => again("", &format!("This was not taken: {text}.")),
    }
}
