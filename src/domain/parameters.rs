//! What the hosted pages can be told beforehand (Astra's guides "OAuth links" and "User"), and whose word counts.

use url::form_urlencoded;

/// One parameter of the hosted pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As it stands in the URL.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// Whether it is `true`, or left out.
    pub is_switch: bool,
}

const fn text(name: &'static str, meaning: &'static str) -> Parameter {
    Parameter {
        name,
        meaning,
        is_switch: false,
    }
}

const fn switch(name: &'static str, meaning: &'static str) -> Parameter {
    Parameter {
        name,
        meaning,
        is_switch: true,
    }
}

/// Every parameter that a person may set; `client_id`, `redirect_uri`, `response_type` and `state` are decided by the sign-in.
pub const PARAMETERS: [Parameter; 10] = [
    text("phone", "ten digits, without +1; the page begins with it"),
    switch("phone_read_only", "the phone cannot be changed on the page"),
    text("email", "the page begins with it"),
    switch(
        "email_read_only",
        "the e-mail address cannot be changed on the page (seen in one client)",
    ),
    text(
        "user_intent_id",
        "the user intent that the person authorizes for the first time",
    ),
    text("user_id", "the user that authorizes again"),
    switch("business", "a business signs up (seen in one client)"),
    text(
        "business_profile_id",
        "the business profile that was prepared for it",
    ),
    switch(
        "debit_direct",
        "named in Astra's recommendations for debit cards",
    ),
    text("scope", "such as cards; Astra lists no scopes"),
];

/// The pairs of `query`, as they stand in a URL.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The pairs of `first`, and those of `then` whose names are not among them.
pub fn over(
    mut first: Vec<(String, String)>,
    then: Vec<(String, String)>,
) -> Vec<(String, String)> {
    for (name, value) in then {
        if first.iter().all(|(known, _)| *known != name) {
            first.push((name, value));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_first_has_the_last_word() {
        let told = over(pairs("phone=&scope=cards"), pairs("phone=650&user_id=u1"));
        let names: Vec<_> = told
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(names, ["phone=", "scope=cards", "user_id=u1"]);
    }
}
