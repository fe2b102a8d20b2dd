//! Good and bad `config.toml` files; every message word for word.

use super::*;

const GOOD: &str = r#"# mine
default_profile = "astra"

[profiles.work]
environment = "custom"
client_id = "w"
redirect_uri = "com.example.app:/cb"
api_url = "https://api.example/"
app_url = "http://localhost:3000"
token_path = "/token"

[profiles.astra]
environment = "sandbox"
client_id = "abc"
redirect_uri = "http://127.0.0.1:8765/callback"
"#;

fn good() -> Settings {
    Settings::parse("config.toml", GOOD).unwrap()
}

/// The message about `text`.
fn mistake(text: &str) -> String {
    Settings::parse("config.toml", text)
        .unwrap_err()
        .to_string()
}

/// The message about a sandbox profile with `lines` at its end, from line 5 on.
fn mistake_with(lines: &str) -> String {
    mistake(&format!(
        "[profiles.astra]\nenvironment = \"sandbox\"\nclient_id = \"a\"\nredirect_uri = \"http://127.0.0.1/\"\n{lines}\n"
    ))
}

/// The message about a custom profile with `lines` at its end, from line 5 on.
fn mistake_of_custom(lines: &str) -> String {
    mistake(&format!(
        "[profiles.mine]\nenvironment = \"custom\"\nclient_id = \"a\"\nredirect_uri = \"http://127.0.0.1/\"\n{lines}\n"
    ))
}

#[test]
fn profiles_are_read_in_order_with_their_hosts() {
    let settings = good();
    let names: Vec<&str> = settings
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    assert_eq!(names, ["work", "astra"]);
    let work = settings.choose(Some("work")).unwrap();
    let hosts = work.hosts.unwrap();
    assert_eq!(hosts.api, "https://api.example");
    assert_eq!(hosts.secure, "https://api.example");
    assert_eq!(hosts.app, "http://localhost:3000");
    assert_eq!(
        (work.token_path.as_str(), work.authorize_path.as_str()),
        ("/token", "/login/oauth/authorize")
    );
    let astra = settings.choose(Some("astra")).unwrap();
    assert_eq!(astra.hosts, Hosts::of(Environment::Sandbox));
}

#[test]
fn the_default_is_used_and_without_a_file_the_built_in_sandbox() {
    assert_eq!(good().choose(None).unwrap().name, "astra");
    assert_eq!(Settings::default().choose(None), Ok(Profile::built_in()));
    assert_eq!(good().choose(Some("built-in")), Ok(Profile::built_in()));
    let empty = Settings::parse("config.toml", "").unwrap();
    assert_eq!(empty, Settings::default());
}

#[test]
fn an_unknown_profile_is_told_with_those_there_are() {
    let error = good().choose(Some("wrok")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no profile \"wrok\"; there are: built-in, work, astra"
    );
    assert_eq!(
        mistake("default_profile = \"x\"\n[profiles.built-in]\nenvironment = \"built-in\""),
        "config.toml:1:19: default_profile: there is no profile \"x\"; there are: built-in"
    );
}

#[test]
fn the_client_id_of_the_environment_wins_except_in_the_built_in_sandbox() {
    let astra = good().choose(None).unwrap();
    let with = |profile: &Profile, id: Option<&str>| {
        with_client_id(profile.clone(), id.map(str::to_owned)).client_id
    };
    assert_eq!(with(&astra, Some("new")), "new");
    assert_eq!(with(&astra, Some("")), "abc");
    assert_eq!(with(&astra, None), "abc");
    assert_eq!(with(&Profile::built_in(), Some("new")), "");
}

#[test]
fn no_toml_is_told_with_its_place() {
    assert_eq!(
        mistake("[profiles.astra\nenvironment = 1"),
        "config.toml:1:16: unclosed table, expected `]`"
    );
    assert_eq!(
        mistake("[profiles.ä]\nclient_id = abc"),
        "config.toml:1:11: invalid unquoted key, expected letters, numbers, `-`, `_`"
    );
    assert_eq!(
        mistake("# x\nclient_id = \"a\nb"),
        "config.toml:2:15: invalid basic string, expected `\"`"
    );
    assert_eq!(
        mistake_with("client_id = \"b\""),
        "config.toml:5:1: duplicate key client_id"
    );
}

#[test]
fn an_unknown_key_is_told_with_those_there_are() {
    assert_eq!(
        mistake("profile = \"a\""),
        "config.toml:1:1: unknown key \"profile\" in the file; there are: default_profile, credential_store, bodies, history, profiles"
    );
    assert_eq!(
        mistake_with("  clientid = \"b\""),
        "config.toml:5:3: unknown key \"clientid\" in [profiles.astra]; there are: environment, client_id, redirect_uri, \
         redirect_uris, authorize_query, trusted_provider, ca_file, api_url, secure_url, app_url, authorize_path, token_path"
    );
    // A secret in the file is refused as any other key is.
    assert!(
        mistake_with("client_secret = \"hunter2\"")
            .starts_with("config.toml:5:1: unknown key \"client_secret\"")
    );
    assert!(!mistake_with("client_secret = \"hunter2\"").contains("hunter2"));
}

#[test]
fn a_missing_key_is_told_with_its_table() {
    assert_eq!(
        mistake("\n[profiles.astra]\nclient_id = \"a\""),
        "config.toml:2:11: [profiles.astra] has no environment"
    );
    let text = "[profiles.astra]\nenvironment = \"sandbox\"\nredirect_uri = \"https://h/\"";
    let settings = Settings::parse("config.toml", text).unwrap();
    assert_eq!(
        settings.profiles[0].client_id, "",
        "ASTRASCOPE_CLIENT_ID stands in"
    );
    assert_eq!(
        mistake("profiles.astra = { environment = \"production\", client_id = \"a\" }"),
        "config.toml:1:10: [profiles.astra] has no redirect_uri"
    );
    assert_eq!(
        mistake_of_custom(""),
        "config.toml:1:11: [profiles.mine] has no api_url"
    );
}

#[test]
fn a_value_of_another_type_is_told() {
    assert_eq!(
        mistake("default_profile = 5"),
        "config.toml:1:19: default_profile: this is not a text but of type integer"
    );
    assert_eq!(
        mistake("profiles = [\"astra\"]"),
        "config.toml:1:12: profiles: this is not a table but of type array"
    );
    assert_eq!(
        mistake("[profiles]\nastra = true"),
        "config.toml:2:9: profiles.astra: this is not a table but of type boolean"
    );
    assert_eq!(
        mistake_with("token_path = {}"),
        "config.toml:5:14: token_path: this is not a text but of type table"
    );
}

#[test]
fn an_unknown_environment_is_told_with_those_there_are() {
    assert_eq!(
        mistake("[profiles.a]\nenvironment = \"prod\""),
        "config.toml:2:15: environment: \"prod\" is none of: built-in, sandbox, production, custom"
    );
}

#[test]
fn a_bad_url_is_told_with_what_is_wrong() {
    for (url, reason) in [
        ("api.example", "it has no http:// or https:// in front"),
        ("https://", "it is not a URL: empty host"),
        ("https://h:99999", "it is not a URL: invalid port number"),
        ("ftp://h", "ftp: is not http or https"),
        ("https://h/ x", "a URL has no spaces in it"),
        (
            "https://u:p@h",
            "it carries a name or password; take the part before \"@\" out",
        ),
        ("https://h?x", "a base URL has no \"?\" in it"),
        (
            "https://h/#x",
            "it has a \"#\" part, which never reaches the server",
        ),
        (
            "http://api.example",
            "http:// would carry secrets unencrypted to api.example; use https:// (http:// works for this machine only)",
        ),
    ] {
        let expected = format!("config.toml:5:11: api_url: {reason}");
        assert_eq!(mistake_of_custom(&format!("api_url = \"{url}\"")), expected);
    }
    assert_eq!(
        mistake_of_custom("api_url = \"https://h\"\nsecure_url = \"http://h\""),
        "config.toml:6:14: secure_url: http:// would carry secrets unencrypted to h; use https:// (http:// works for \
         this machine only)"
    );
}

#[test]
fn a_bad_redirect_uri_path_or_client_id_is_told() {
    let with = |line: &str| {
        mistake(&format!(
            "[profiles.a]\nenvironment = \"sandbox\"\n{line}\nredirect_uri = \"localhost:1/cb\"\n"
        ))
    };
    assert_eq!(
        with("client_id = \"a\""),
        "config.toml:4:16: redirect_uri: it has no http:// or https:// in front"
    );
    assert_eq!(
        with("client_id = \"\""),
        "config.toml:3:13: client_id: it is empty; copy it from Astra's dashboard"
    );
    assert_eq!(
        with("client_id = \"a:b\""),
        "config.toml:3:13: client_id: a client id has no spaces and no colon in it"
    );
    assert_eq!(
        mistake_with("token_path = \"token\""),
        "config.toml:5:14: token_path: a path starts with \"/\""
    );
}

#[test]
fn what_belongs_to_another_environment_is_refused() {
    assert_eq!(
        mistake_with("api_url = \"https://h\""),
        "config.toml:5:1: api_url: only environment = \"custom\" takes it"
    );
    assert_eq!(
        mistake("[profiles.b]\nenvironment = \"built-in\"\nclient_id = \"a\""),
        "config.toml:3:1: client_id: the built-in sandbox makes up its own"
    );
    assert_eq!(
        mistake("[profiles.b]\nenvironment = \"built-in\"\ntoken_path = \"/a\""),
        "config.toml:3:1: token_path: the built-in sandbox has its own"
    );
    assert_eq!(
        mistake("[profiles.built-in]\nenvironment = \"production\""),
        "config.toml:1:11: the name \"built-in\" belongs to the built-in sandbox; choose another one"
    );
}

#[test]
fn a_name_cannot_play_tricks_on_the_terminal() {
    assert_eq!(
        mistake("[profiles.\"a\\u001b[2J\"]\nenvironment = \"sandbox\""),
        "config.toml:1:11: the name of a profile has letters, digits, \"-\", \"_\" and \".\" only"
    );
    assert!(!mistake("\"a\\u001b[2J\" = 1").contains('\u{1b}'));
}

#[test]
fn how_much_history_is_kept_can_be_set() {
    let settings =
        Settings::parse("config.toml", "[history]\nentries = 5\nsize = \"2 MiB\"").unwrap();
    assert_eq!(settings.history.entries, Some(5));
    assert_eq!(settings.history.bytes, Some(2 << 20));
    assert_eq!(
        mistake("[history]\nentries = 0"),
        "config.toml:2:11: entries: \"0\" is no number from 1 on"
    );
    assert_eq!(
        mistake("[history]\nlimit = 1"),
        "config.toml:2:1: unknown key \"limit\" in [history]; there are: entries, size"
    );
}

#[test]
fn where_secrets_are_kept_is_one_of_four() {
    let settings = Settings::parse("config.toml", "credential_store = \"file\"").unwrap();
    assert_eq!(settings.credential_store, StoreChoice::File);
    assert_eq!(Settings::default().credential_store, StoreChoice::Auto);
    let error = Settings::parse("config.toml", "credential_store = \"vault\"").unwrap_err();
    assert_eq!(
        error.to_string(),
        "config.toml:1:20: credential_store: \"vault\" is none of: auto, keyring, file, memory"
    );
}

#[test]
fn registered_uris_sign_in_extras_and_own_certificates_are_read() {
    let lines = "redirect_uris = [\"https://h/cb\"]\nauthorize_query = \"scope=cards\"\nca_file = \"/ca.pem\"";
    let text = format!(
        "[profiles.astra]\nenvironment = \"sandbox\"\nredirect_uri = \"http://127.0.0.1/\"\n{lines}\n"
    );
    let settings = Settings::parse("config.toml", &text).unwrap();
    let profile = &settings.profiles[0];
    assert_eq!(profile.redirect_uris, ["https://h/cb"]);
    assert_eq!(profile.ca_file.as_deref(), Some("/ca.pem"));
    let url = profile
        .authorize_url("http://127.0.0.1/", &crate::domain::Nonce::new("s"), &[])
        .unwrap();
    assert!(url.ends_with("&state=s&scope=cards"), "{url}");
    assert_eq!(
        mistake_with("redirect_uris = [\"h\"]"),
        "config.toml:5:18: redirect_uris: it has no http:// or https:// in front"
    );
    assert_eq!(
        mistake_with("authorize_query = \"state=1\""),
        "config.toml:5:19: authorize_query: state is set by the sign-in itself"
    );
}
