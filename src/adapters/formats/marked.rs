//! Text of a foreign form on its way to be a template: its own variables are marked, and the rest is kept from being read
//! as references.

/// Around the text of a reference. These characters are for private use: no request has them, and if one has, it loses them.
const OPEN: char = '\u{F0001}';
const CLOSE: char = '\u{F0002}';

/// Marks the reference `text`, such as `env.TOKEN`.
pub(super) fn reference(text: &str) -> String {
    format!("{OPEN}{text}{CLOSE}")
}

/// The reference to the variable `name` of the environment.
pub(super) fn variable(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    reference(&format!(
        "env.{}",
        name.chars().map(plain).collect::<String>()
    ))
}

/// Foreign text without characters that would be taken for marks.
pub(super) fn clean(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

/// Whether there is a reference in `text`.
pub(super) fn is_marked(text: &str) -> bool {
    text.contains(OPEN)
}

/// The template for `text`: references in braces, and braces that were there before escaped.
pub(super) fn template(text: &str) -> String {
    text.replace("{{", "\\{{")
        .replace(OPEN, "{{")
        .replace(CLOSE, "}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Template;
    use proptest::prelude::*;

    #[test]
    fn references_are_put_in_braces_and_other_braces_are_escaped() {
        let text = format!("{{{{x}}}} {} {}", variable("A-B"), reference("now"));
        assert_eq!(template(&text), "\\{{x}} {{env.A_B}} {{now}}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_means_itself_as_a_template(text in r#"[{}\\a"]{0,16}"#) {
            let filled = Template::parse(&template(&text)).unwrap().fill(|_| Err(()));
            prop_assert_eq!(filled, Ok(text));
        }
    }
}
