//! How the steps of errands look.

use crate::sandbox::pages::html::{Form, Input, Page};
use crate::sandbox::pages::session::{Session, Step};
use crate::sandbox::pages::views::form;
use crate::sandbox::world::World;
use crate::sandbox::world::cards::CardStatus;

/// The page of an errand's step.
pub(super) fn step(world: &World, session: &Session) -> Page {
    match &session.step {
        Step::Document { .. } => document(session),
        Step::Correction { user } => correction(world, session, user),
        Step::Business { .. } => business(session),
        Step::Cards { user } => cards(world, session, user),
        Step::NewCard { .. } => new_card(session),
        Step::Done { message } => Page::new("That is all")
            .paragraph(message)
            .form(&back(session)),
        _ => Page::new("That is all").form(&back(session)),
    }
}

fn back(session: &Session) -> Form {
    form(session).button("action", "back", "Back to the application")
}

fn line<'a>(name: &'a str, label: &'a str, placeholder: &'a str) -> Input<'a> {
    Input {
        name,
        label,
        kind: "text",
        placeholder,
        autocomplete: "off",
        ..Input::default()
    }
}

fn document(session: &Session) -> Page {
    let kinds = [
        ("license", "Driver's license"),
        ("idCard", "Identity card"),
        ("passport", "Passport"),
    ];
    let file = Input {
        kind: "file",
        ..line("document", "Picture of it", "passport.png")
    };
    let form = form(session)
        .select("document_type", "Document", kinds)
        .input(&file)
        .button("action", "upload", "Upload");
    Page::new("Show a photo id")
        .paragraph("Only the name of the file is sent; the picture stays where it is.")
        .form(&form)
}

fn correction(world: &World, session: &Session, user: &str) -> Page {
    let person = world.user(user).map(|user| user.person.clone());
    let last_name = person.map(|person| person.last_name).unwrap_or_default();
    let last_name = Input {
        value: &last_name,
        ..line("last_name", "Last name", "Hillary")
    };
    let form = form(session)
        .input(&line("first_name", "First name", "Edmund"))
        .input(&last_name)
        .input(&line("date_of_birth", "Date of birth", "1985-02-03"))
        .button("action", "continue", "Continue");
    Page::new("Correct your details")
        .paragraph("The identity check could not match them. They can be corrected once.")
        .form(&form)
}

fn business(session: &Session) -> Page {
    let form = form(session)
        .input(&line(
            "business_name",
            "Name of the business",
            "Southpole Supplies LLC",
        ))
        .input(&line("ein", "EIN", "12-3456789"))
        .button("action", "continue", "Continue");
    Page::new("Tell us about your business").form(&form)
}

fn cards(world: &World, session: &Session, user: &str) -> Page {
    let cards = world.cards().iter().rev();
    let cards = cards.filter(|card| card.owner == user && card.status != CardStatus::Removed);
    let lines = cards.map(|card| {
        let (company, digits) = (&card.company, &card.last_four);
        format!(
            "{company} ending in {digits}, until {}: {}",
            card.expiration,
            card.status.name()
        )
    });
    let form = form(session).button("action", "add", "Add a card").button(
        "action",
        "back",
        "Back to the application",
    );
    Page::new("Your cards").list(lines).form(&form)
}

fn new_card(session: &Session) -> Page {
    let form = form(session)
        .input(&line("card_number", "Card number", "4242424242424242"))
        .input(&line("card_security_code", "Security code", "123"))
        .input(&line("expiration_date", "Expires (MM/YY)", "12/39"))
        .input(&line("zip_code", "ZIP code", "94304"))
        .button("action", "continue", "Add the card");
    Page::new("Add a card")
        .paragraph("The security codes 901 and 902 make the review end with flagged and rejected; 903 makes the address unknown.")
        .form(&form)
}
