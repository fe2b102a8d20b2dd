//! Takes exchanges and bodies out of the session: masks them, brings them into other programs' forms, writes files.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::formats::{bundle, curl, har, raw_http};
use crate::adapters::history::mask::{Marks, mask};
use crate::adapters::history::{Entry, EntryId};
use crate::app::Msg;
use crate::app::export::{self, Content, Form, Kept, Order, Outgoing, Written};
use crate::catalog::Catalog;
use crate::domain::{JobId, Problem, Secret};
use crate::runtime::effects::Tools;
use crate::runtime::effects::histories::Histories;

/// This program's version, for those who read what it wrote.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An exchange in another program's form, and whether its bodies were cut.
struct Formatted {
    bytes: Vec<u8>,
    is_cut: bool,
}

/// Brings an exchange into its form, for the clipboard.
pub(super) async fn format(tools: Tools, catalog: Arc<Catalog>, outgoing: Outgoing) {
    let form = outgoing.form;
    let known = tools.secrets(outgoing.exchange.user);
    let work = spawn_blocking(move || formatted(&catalog, &outgoing, &known));
    let msg = match work.await {
        Ok(Some(Formatted { bytes, is_cut })) => Msg::Export(export::Msg::Formatted {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            form,
            is_cut,
        }),
        // It cannot be stopped but by the end of the session.
        Ok(None) | Err(_) => Msg::warning("the call is still under way: wait for its answer"),
    };
    tools.report(msg).await;
}

/// Brings exchanges of the history into their form, for the clipboard.
pub(super) async fn format_kept(
    tools: Tools,
    catalog: Arc<Catalog>,
    histories: Option<Histories>,
    kept: Kept,
) {
    let form = kept.form;
    let work = spawn_blocking(move || of_kept(&catalog, histories.as_ref(), &kept));
    let result = work
        .await
        .unwrap_or_else(|error| Err(Problem::new("nothing was copied").because(error.to_string())));
    let msg = match result {
        Ok(Formatted { bytes, is_cut }) => Msg::Export(export::Msg::Formatted {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            form,
            is_cut,
        }),
        Err(problem) => Msg::warning(problem.to_string()),
    };
    tools.report(msg).await;
}

/// Writes what `order` asks for to its file. Exchanges tell of people and their money: the person alone may read them.
pub(super) async fn write(
    tools: Tools,
    catalog: Arc<Catalog>,
    histories: Option<Histories>,
    job: JobId,
    order: Order,
) {
    let Order {
        content,
        path,
        may_replace,
    } = order;
    let known = match &content {
        Content::Exchange(outgoing) => tools.secrets(outgoing.exchange.user),
        Content::Body(_) | Content::Kept(_) => Vec::new(),
    };
    let work = spawn_blocking(move || {
        let path = place(&path)?;
        if let Some(there) = fs::metadata(&path).ok().filter(|_| !may_replace)
            && there.is_file()
        {
            let bytes = usize::try_from(there.len()).unwrap_or(usize::MAX);
            let path = shown(&path);
            return Ok(Written::Exists { path, bytes });
        }
        let (bytes, is_cut) = match &content {
            Content::Body(body) => {
                atomic::write(&path, body.as_bytes(), Access::Shared)?;
                (body.len(), false)
            }
            Content::Exchange(outgoing) => {
                let under_way = || Problem::new("the call is still under way");
                let formatted = formatted(&catalog, outgoing, &known).ok_or_else(under_way)?;
                atomic::write(&path, &formatted.bytes, Access::Private)?;
                (formatted.bytes.len(), formatted.is_cut)
            }
            Content::Kept(kept) => {
                let formatted = of_kept(&catalog, histories.as_ref(), kept)?;
                atomic::write(&path, &formatted.bytes, Access::Private)?;
                (formatted.bytes.len(), formatted.is_cut)
            }
        };
        let path = shown(&path);
        Ok(Written::Whole {
            path,
            bytes,
            is_cut,
        })
    });
    let result = work.await.unwrap_or_else(|error| {
        Err(Problem::new("the file was not written").because(error.to_string()))
    });
    tools
        .report(Msg::Export(export::Msg::Ended { job, result }))
        .await;
}

fn formatted(catalog: &Catalog, outgoing: &Outgoing, known: &[Secret]) -> Option<Formatted> {
    let marks = Marks::of(catalog);
    let masked = mask(&outgoing.exchange, &marks, known);
    let entry = Entry::of(masked, &outgoing.profile, outgoing.user.as_deref())?;
    Some(in_form(outgoing.form, &[entry], &marks))
}

/// Exchanges of the history in their form.
fn of_kept(
    catalog: &Catalog,
    histories: Option<&Histories>,
    kept: &Kept,
) -> Result<Formatted, Problem> {
    let get = |id: &EntryId| {
        let entry = histories.map_or(Ok(None), |histories| histories.read(*id))?;
        entry.ok_or_else(|| {
            Problem::new("one of them was cleared from the history meanwhile")
                .hint("press Esc in Requests, which takes the marks away, and mark again")
        })
    };
    let entries: Vec<Entry> = kept.ids.iter().map(get).collect::<Result<_, _>>()?;
    Ok(in_form(kept.form, &entries, &Marks::of(catalog)))
}

fn in_form(form: Form, entries: &[Entry], marks: &Marks) -> Formatted {
    let is_cut = matches!(form, Form::Http | Form::Har) && entries.iter().any(Entry::is_cut);
    let bytes = match form {
        Form::Curl => {
            let commands = entries.iter().map(|entry| curl::curl(entry, marks));
            commands.collect::<Vec<_>>().join("\n\n").into_bytes()
        }
        Form::Http => {
            let texts = entries.iter().map(|entry| {
                let mut text = raw_http::request(entry);
                if let Some(response) = entry.response() {
                    text.extend_from_slice(b"\r\n\r\n");
                    text.extend(raw_http::response(response));
                }
                text
            });
            texts.collect::<Vec<_>>().join(&b"\r\n\r\n"[..])
        }
        Form::Har => har::har(entries, VERSION).into_bytes(),
        Form::Bundle => {
            let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
            let versions = [("astrascope", VERSION.to_owned()), ("system", system)];
            bundle::bundle(entries, &versions).into_bytes()
        }
    };
    Formatted { bytes, is_cut }
}

/// The file that was named: below the home directory, or below where the program was started.
fn place(named: &str) -> Result<PathBuf, Problem> {
    if named.is_empty() {
        return Err(Problem::new("no file was named").hint("type one, such as ~/answer.json"));
    }
    let rest = named
        .strip_prefix('~')
        .map(|rest| rest.strip_prefix('/').unwrap_or(rest));
    let path = match rest {
        Some(rest) if named == "~" || named.starts_with("~/") => home()?.join(rest),
        _ => PathBuf::from(named),
    };
    let refused =
        |why: &str| Err(Problem::new(format!("{named} was not written")).because(why.to_owned()));
    if path.is_dir() || named.ends_with('/') {
        return refused("it is a directory: name a file in it");
    }
    // A folder that is made because of a slip of the finger is never found again.
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            refused(&format!("there is no folder {}", folder.display()))
        }
        _ => Ok(path),
    }
}

fn home() -> Result<PathBuf, Problem> {
    let directories = directories::BaseDirs::new();
    let home = directories.map(|directories| directories.home_dir().to_owned());
    home.ok_or_else(|| Problem::new("this account has no home directory, which ~ stands for"))
}

/// `path` from the root on, with `~` for the home directory.
fn shown(path: &Path) -> String {
    let whole = match fs::canonicalize(path) {
        Ok(whole) => whole,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(_) => path.to_owned(), // it is only told
    };
    let home = home().ok();
    match home.as_ref().and_then(|home| whole.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => whole.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_from_here_or_from_home_in_a_folder_that_is_there() {
        let home = home().unwrap();
        assert_eq!(place("~/a.json").unwrap(), home.join("a.json"));
        assert_eq!(place("a.json").unwrap(), PathBuf::from("a.json"));
        assert_eq!(place("~a.json").unwrap(), PathBuf::from("~a.json"));
        for (named, why) in [
            ("", "no file was named"),
            ("~", "it is a directory"),
            ("~/", "it is a directory"),
            (
                "/nowhere/at/all/a.json",
                "there is no folder /nowhere/at/all",
            ),
        ] {
            let problem = place(named).unwrap_err().to_string();
            assert!(problem.contains(why), "{problem}");
        }
        assert_eq!(
            shown(&home.join("no such file.json")),
            "~/no such file.json"
        );
    }
}
