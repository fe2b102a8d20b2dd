//! Which options curl has, and what each is to an import. Reads no command line.

/// What an option of curl is to us.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// Part of the request; takes a value.
    Part,
    /// Part of the request; stands alone.
    Flag,
    /// Only about output and connection: nothing is lost without it.
    Silent { has_value: bool },
    /// Changes what is sent or trusted in a way that this program does not.
    Told { has_value: bool, why: &'static str },
}

use Meaning::{Flag, Part, Silent, Told};

const OUTPUT: Meaning = Silent { has_value: true };
const QUIET: Meaning = Silent { has_value: false };
const CERTIFICATES: Meaning = Told {
    has_value: true,
    why: "certificates are those of the system",
};

/// Long name, short name, and what it is.
const OPTIONS: [(&str, char, Meaning); 60] = [
    ("request", 'X', Part),
    ("header", 'H', Part),
    ("data", 'd', Part),
    ("data-ascii", ' ', Part),
    ("data-raw", ' ', Part),
    ("data-binary", ' ', Part),
    ("data-urlencode", ' ', Part),
    ("json", ' ', Part),
    ("url", ' ', Part),
    ("url-query", ' ', Part),
    ("user", 'u', Part),
    ("oauth2-bearer", ' ', Part),
    ("get", 'G', Flag),
    ("head", 'I', Flag),
    ("form", 'F', Part),
    ("form-string", ' ', Part),
    (
        "upload-file",
        'T',
        Told {
            has_value: true,
            why: "files are not sent",
        },
    ),
    (
        "insecure",
        'k',
        Told {
            has_value: false,
            why: "certificates are always checked",
        },
    ),
    (
        "location",
        'L',
        Told {
            has_value: false,
            why: "redirects are shown, not followed",
        },
    ),
    (
        "cookie",
        'b',
        Told {
            has_value: true,
            why: "the API takes no cookies",
        },
    ),
    (
        "user-agent",
        'A',
        Told {
            has_value: true,
            why: "the program sends its own",
        },
    ),
    (
        "referer",
        'e',
        Told {
            has_value: true,
            why: "the API needs none",
        },
    ),
    (
        "proxy",
        'x',
        Told {
            has_value: true,
            why: "the proxy of the environment is used",
        },
    ),
    ("cacert", ' ', CERTIFICATES),
    ("cert", 'E', CERTIFICATES),
    ("key", ' ', CERTIFICATES),
    (
        "resolve",
        ' ',
        Told {
            has_value: true,
            why: "the host is the profile's",
        },
    ),
    (
        "connect-to",
        ' ',
        Told {
            has_value: true,
            why: "the host is the profile's",
        },
    ),
    (
        "unix-socket",
        ' ',
        Told {
            has_value: true,
            why: "the host is the profile's",
        },
    ),
    (
        "config",
        'K',
        Told {
            has_value: true,
            why: "the file was not read",
        },
    ),
    (
        "range",
        'r',
        Told {
            has_value: true,
            why: "answers are always whole",
        },
    ),
    ("output", 'o', OUTPUT),
    ("write-out", 'w', OUTPUT),
    ("dump-header", 'D', OUTPUT),
    ("cookie-jar", 'c', OUTPUT),
    ("max-time", 'm', OUTPUT),
    ("connect-timeout", ' ', OUTPUT),
    ("retry", ' ', OUTPUT),
    ("retry-delay", ' ', OUTPUT),
    ("trace", ' ', OUTPUT),
    ("trace-ascii", ' ', OUTPUT),
    ("silent", 's', QUIET),
    ("show-error", 'S', QUIET),
    ("verbose", 'v', QUIET),
    ("include", 'i', QUIET),
    ("fail", 'f', QUIET),
    ("fail-with-body", ' ', QUIET),
    ("compressed", ' ', QUIET),
    ("globoff", 'g', QUIET),
    ("path-as-is", ' ', QUIET),
    ("no-buffer", 'N', QUIET),
    ("progress-bar", '#', QUIET),
    ("http1.0", '0', QUIET),
    ("http1.1", ' ', QUIET),
    ("http2", ' ', QUIET),
    ("http3", ' ', QUIET),
    ("ipv4", '4', QUIET),
    ("ipv6", '6', QUIET),
    ("remote-name", 'O', QUIET),
    ("disable", 'q', QUIET),
];

/// The option `--name`.
pub(super) fn by_name(name: &str) -> Option<(&'static str, Meaning)> {
    OPTIONS
        .iter()
        .find(|(known, ..)| *known == name)
        .map(|(name, _, meaning)| (*name, *meaning))
}

/// The option `-X`.
pub(super) fn by_letter(letter: char) -> Option<(&'static str, Meaning)> {
    OPTIONS
        .iter()
        .find(|(_, known, _)| *known == letter && letter != ' ')
        .map(|(name, _, meaning)| (*name, *meaning))
}

impl Meaning {
    /// Whether a value follows it.
    pub(super) fn has_value(self) -> bool {
        match self {
            Part => true,
            Flag => false,
            Silent { has_value } | Told { has_value, .. } => has_value,
        }
    }
}
