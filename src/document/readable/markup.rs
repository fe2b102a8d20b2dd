//! HTML and XML with an element to a line, indented by how deep it stands. Nothing but blanks and line breaks changes, and
//! none within text that keeps its own.

/// Blanks for each level; deeper ones stand no further right than the deepest.
const INDENT: &str = "  ";
const DEEPEST: usize = 30;

/// A start tag is looked for among so many that are open: text made to take long does not.
const FURTHEST: usize = 200;

/// An element with its text stays on one line up to this many bytes.
const SHORT: usize = 96;

/// Elements of HTML that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements of HTML whose text stays as it is.
const VERBATIM: [&str; 4] = ["script", "style", "pre", "textarea"];

/// One piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// `<name …>`, and the name.
    Start(&'a str, &'a str),
    /// `</name>`, and the name.
    End(&'a str, &'a str),
    /// `<name …/>`, a comment, a declaration, an element whose text stays as it is.
    Whole(&'a str),
    Text(&'a str),
    /// An element ends that has no end tag.
    Unended,
}

impl Piece<'_> {
    fn len(self) -> usize {
        match self {
            Self::Start(text, _) | Self::End(text, _) | Self::Whole(text) | Self::Text(text) => {
                text.len()
            }
            Self::Unended => 0,
        }
    }
}

/// `text` with its elements indented.
pub(super) fn indented(text: &str) -> String {
    let is_html = !text.trim_start().starts_with("<?xml");
    let pieces = pieces(text, is_html);
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        match piece {
            Piece::Start(tag, _) => {
                line(&mut out, depth, tag);
                let (words, count) = one_line(pieces.get(at..).unwrap_or_default(), tag.len());
                match count {
                    0 => depth += 1,
                    _ => out.push_str(&words),
                }
                at += count;
            }
            Piece::Unended => depth = depth.saturating_sub(1),
            Piece::End(tag, _) => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth, tag);
            }
            Piece::Whole(tag) => line(&mut out, depth, tag),
            Piece::Text(text) => {
                for words in text
                    .lines()
                    .map(str::trim)
                    .filter(|words| !words.is_empty())
                {
                    line(&mut out, depth, words);
                }
            }
        }
    }
    out.push('\n');
    out
}

/// What follows a start tag up to its end tag and how many pieces that are, if it is short text alone or nothing.
fn one_line(pieces: &[Piece<'_>], used: usize) -> (String, usize) {
    match pieces {
        [Piece::End(end, _), ..] => ((*end).to_owned(), 1),
        [Piece::Text(text), Piece::End(end, _), ..] => {
            let text = text.trim();
            let is_short = used + text.len() + end.len() <= SHORT && !text.contains('\n');
            match is_short {
                true => (format!("{text}{end}"), 2),
                false => (String::new(), 0),
            }
        }
        _ => (String::new(), 0),
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&INDENT.repeat(depth.min(DEEPEST)));
    out.push_str(text);
}

/// All of `text` in pieces. An end tag without its start stands for itself, so that the depth is right around it.
fn pieces(mut text: &str, is_html: bool) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    while !text.is_empty() {
        let piece = piece(text, is_html);
        text = text.get(piece.len()..).unwrap_or_default();
        match piece {
            Piece::Start(_, name) => open.push(name),
            Piece::End(tag, name) => {
                let near = open.len().saturating_sub(FURTHEST);
                let mut places = (near..open.len()).rev();
                let place = places.find(|place| {
                    open.get(*place)
                        .is_some_and(|known| known.eq_ignore_ascii_case(name))
                });
                let Some(place) = place else {
                    pieces.push(Piece::Whole(tag));
                    continue;
                };
                // Elements that HTML lets end by themselves end here.
                let unended = open.len() - place - 1;
                pieces.extend(std::iter::repeat_n(Piece::Unended, unended));
                open.truncate(place);
            }
            _ => {}
        }
        pieces.push(piece);
    }
    pieces
}

/// The piece that `text` begins with.
fn piece(text: &str, is_html: bool) -> Piece<'_> {
    let up_to = |end: &str| {
        let at = text.find(end).map_or(text.len(), |at| at + end.len());
        text.get(..at).unwrap_or(text)
    };
    if !is_tag(text) {
        let next = text.match_indices('<').map(|(at, _)| at);
        let mut next = next.filter(|at| *at > 0 && is_tag(text.get(*at..).unwrap_or_default()));
        return Piece::Text(
            text.get(..next.next().unwrap_or(text.len()))
                .unwrap_or(text),
        );
    }
    if text.starts_with("<!--") {
        return Piece::Whole(up_to("-->"));
    }
    if text.starts_with("<![CDATA[") {
        return Piece::Whole(up_to("]]>"));
    }
    if text.starts_with("<?") {
        return Piece::Whole(up_to("?>"));
    }
    let tag = tag(text);
    let name = name_of(tag);
    let is_one_of =
        |names: &[&str]| is_html && names.iter().any(|known| name.eq_ignore_ascii_case(known));
    if tag.starts_with("</") {
        Piece::End(tag, name)
    } else if tag.starts_with("<!") || tag.ends_with("/>") || is_one_of(&VOID) {
        Piece::Whole(tag)
    } else if is_one_of(&VERBATIM) {
        let inside = text.get(tag.len()..).unwrap_or_default();
        Piece::Whole(text.get(..tag.len() + end_of(inside, name)).unwrap_or(text))
    } else {
        Piece::Start(tag, name)
    }
}

/// Whether `text` begins with markup, and not with a `<` that stands for itself.
fn is_tag(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('<')
        && letters
            .next()
            .is_some_and(|next| next.is_alphabetic() || "/!?_".contains(next))
}

/// `<…>`; a `>` in a quoted value does not end it.
fn tag(text: &str) -> &str {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return text.get(..=at).unwrap_or(text),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    text
}

/// The name in a tag.
fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    name.get(..end.unwrap_or(name.len())).unwrap_or(name)
}

/// Where the end tag of the element `name` ends, whose inside `text` begins with.
fn end_of(text: &str, name: &str) -> usize {
    for (at, _) in text.match_indices("</") {
        let rest = text.get(at..).unwrap_or_default();
        if name_of(tag(rest)).eq_ignore_ascii_case(name) {
            return at + tag(rest).len();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn elements_stand_on_lines_of_their_own() {
        let html = "<!DOCTYPE html><html><head><title>Bad gateway</title><meta charset=utf-8>\
            <style>a { b: c }\n</style></head><body class=\"a>b\"><!-- x --><p>one<br>two <b>three</b>\
            <ul><li>1<li>2</ul></body></html>";
        let lines = [
            "<!DOCTYPE html>",
            "<html>",
            "  <head>",
            "    <title>Bad gateway</title>",
            "    <meta charset=utf-8>",
            "    <style>a { b: c }\n</style>",
            "  </head>",
            "  <body class=\"a>b\">",
            "    <!-- x -->",
            "    <p>",
            "      one",
            "      <br>",
            "      two",
            "      <b>three</b>",
            "      <ul>",
            "        <li>",
            "          1",
            "          <li>",
            "            2",
            "      </ul>",
            "  </body>",
            "</html>\n",
        ];
        assert_eq!(indented(html), lines.join("\n"));
    }

    #[test]
    fn xml_knows_no_elements_without_end() {
        let xml = "<?xml version=\"1.0\"?><a><br>1</br><c/><![CDATA[<x>]]></a></z>";
        let lines = [
            "<?xml version=\"1.0\"?>",
            "<a>",
            "  <br>1</br>",
            "  <c/>",
            "  <![CDATA[<x>]]>",
            "</a>",
            "</z>\n",
        ];
        assert_eq!(indented(xml), lines.join("\n"));
    }

    fn without_blanks(text: &str) -> String {
        text.split_whitespace().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_but_blanks_changes(
            text in "(<[abp]>|</[abp]>|<br>|<!--|-->|<pre>|</pre>|[<>\"'/é x\n]){0,40}",
        ) {
            prop_assert_eq!(without_blanks(&indented(&text)), without_blanks(&text));
        }
    }
}
