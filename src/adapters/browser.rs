//! Shows a URL in the person's browser. Blocks for up to a second: call it where blocking is allowed.

use url::Url;

use crate::domain::Problem;

/// Opens `url`.
///
/// # Errors
/// For anything but a web address, and where there is no desktop to open it on.
pub fn open(url: &str) -> Result<(), Problem> {
    open_with(url, |url| ::open::that_detached(url))
}

fn open_with(url: &str, launch: impl FnOnce(&str) -> std::io::Result<()>) -> Result<(), Problem> {
    // A launcher would also start programs and open files.
    let is_web =
        Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        return Err(Problem::new("this is no web address, so it was not opened"));
    }
    launch(url).map_err(|error| {
        // The launcher's own words quote its command line, and with it the URL.
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "no program to open web pages was found",
            _ => "the desktop refused, or there is none",
        };
        Problem::new("no browser could be opened")
            .because(why)
            .hint("copy the URL and open it where there is a browser")
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for url in [
            "file:///etc/passwd",
            "calc.exe",
            "",
            "javascript:alert(1)",
            "-x",
        ] {
            let opened = open_with(url, |_| panic!("{url} was launched"));
            assert!(opened.is_err());
        }
        assert_eq!(open_with("https://app.example/x", |_| Ok(())), Ok(()));
    }

    #[test]
    fn without_a_desktop_the_hint_is_to_copy_the_url() {
        let failed = |_: &str| {
            Err(io::Error::other(
                "Launcher \"gio\" \"open\" \"http://h/?state=topsecret\"",
            ))
        };
        let problem = open_with("http://127.0.0.1/", failed).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "no browser could be opened: the desktop refused, or there is none\n\
             hint: copy the URL and open it where there is a browser"
        );
    }
}
