//! A request that is about to be saved: its name, what stands in it for ids, what is expected of its answer.

mod form;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use form::Saving;

use crate::app::{self, Confirm, Modal, Model, Outbox, Subject};
use crate::catalog::check_draft;
use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{
    Check, Draft, FieldCheck, JobId, Place, Problem, RequestName, SavedKey, SavedRequest, Scalar,
    UserKey,
};

/// An id shorter than this may be anything.
const SHORTEST_ID: usize = 6;

/// Rows of a list that references are made to; those further down move too easily.
const REFERRED: usize = 50;

/// What may happen to a request that is about to be saved.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Save what was asked for in this exchange, if it has one.
    Exchange {
        /// Which exchange; its answer is what may be expected.
        job: JobId,
        /// The place that is looked at in the answer, as jq spells it.
        path: Option<String>,
    },
    /// Save what was asked for in the exchange that is shown.
    Shown,
    /// Save this, which was not sent yet.
    Draft(Draft),
    /// It is called this now.
    Named(String),
    /// It is described like this now.
    Described(String),
    /// Another folder.
    NextPlace,
    /// With references in the place of ids, or without.
    ToggleReferences,
    /// With this expectation, or without.
    Toggle(Expectation),
    /// Save it.
    Save,
    /// Save it over the one that has this name.
    Replace,
    /// Expect this of the answer of a saved request from now on.
    Expect(SavedKey, Taken),
    /// It was saved, with these notes; or there is one of this name already, or it cannot be.
    Ended(Result<Option<Vec<String>>, Problem>),
}

/// Something that can be expected of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Its status.
    Status,
    /// Its documented shape.
    Shape,
    /// The value that was looked at.
    Field,
}

/// What is taken over from an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// Its status.
    Status(u16),
    /// That it has the documented shape.
    Shape,
    /// What a field is, or that it is there.
    Field(FieldCheck),
}

/// What has to be done to save a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Write its file.
    Save {
        /// Into which folder.
        place: Place,
        /// What.
        request: Box<SavedRequest>,
        /// Whether a file of that name is written over.
        may_replace: bool,
    },
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    match msg {
        Msg::Exchange { job, path } => match of_exchange(model, job, path.as_deref()) {
            Ok(saving) => open(model, saving, out),
            Err(problem) => out.message(app::Msg::warning(problem.to_string())),
        },
        Msg::Shown => {
            if let Some(job) = model.requests.current().map(|entry| entry.exchange.job) {
                update(model, Msg::Exchange { job, path: None }, out);
            }
        }
        Msg::Expect(key, taken) => expect(model, &key, taken, out),
        Msg::Draft(draft) => {
            let saving = of_draft(model, &draft);
            open(model, saving, out);
        }
        Msg::Save => save(model, false, out),
        Msg::Replace => save(model, true, out),
        Msg::Ended(result) => ended(model, result, out),
        msg => {
            if let Some(saving) = &mut model.saving {
                edit(saving, msg);
            }
        }
    }
}

fn edit(saving: &mut Saving, msg: Msg) {
    match msg {
        Msg::Named(name) => {
            saving.name = name;
            saving.problem = None;
        }
        Msg::Described(words) => saving.request.description = words,
        Msg::NextPlace if saving.has_project => {
            saving.place = match saving.place {
                Place::Project => Place::Personal,
                Place::Personal => Place::Project,
            };
        }
        Msg::ToggleReferences => saving.with_references = !saving.with_references,
        Msg::Toggle(Expectation::Status) => saving.with_status = !saving.with_status,
        Msg::Toggle(Expectation::Shape) => saving.with_shape = !saving.with_shape,
        Msg::Toggle(Expectation::Field) => saving.with_field = !saving.with_field,
        _ => {} // there is no other folder; the rest is dealt with above
    }
}

fn open(model: &mut Model, saving: Saving, out: &mut Outbox) {
    model.saving = Some(saving);
    out.message(app::Msg::visit_saved()); // whether there is a project
    out.message(app::Msg::open(Modal::Saving));
}

fn of_draft(model: &Model, draft: &Draft) -> Saving {
    let words = draft.call.to_string().replace(['.', ' '], "/");
    let parts: Vec<&str> = words.split('/').filter(|part| !part.is_empty()).collect();
    let name = RequestName::from_words(parts);
    let mut request = SavedRequest::of_draft(name.clone(), draft);
    request.profile = None;
    let references = references(model, draft.user, &request);
    Saving {
        name: name.to_string(),
        place: match model.saved.has_project {
            true => Place::Project,
            false => Place::Personal,
        },
        has_project: model.saved.has_project,
        with_references: !references.is_empty(),
        references,
        missing: missing(model, draft),
        request,
        ..Saving::default()
    }
}

/// The fields that are needed and empty.
fn missing(model: &Model, draft: &Draft) -> Vec<String> {
    let Ok(endpoint) = model.catalog.called(&draft.call) else {
        return Vec::new(); // nothing is known of it
    };
    let problems = check_draft(&endpoint, &model.catalog, draft).into_iter();
    let needed = problems.filter(|wrong| wrong.problem.is_missing());
    needed.map(|wrong| wrong.problem.path).collect()
}

fn of_exchange(model: &Model, job: JobId, path: Option<&str>) -> Result<Saving, Problem> {
    let entry = model
        .requests
        .find(job)
        .ok_or_else(|| Problem::new("there is no exchange to save"))?;
    let draft = entry.draft.as_ref().ok_or_else(|| {
        Problem::new("this exchange cannot be sent again, and is not saved")
            .because("its code is spent, or it is not known any more what was called")
    })?;
    let mut saving = of_draft(model, draft);
    let Some(response) = entry.exchange.response() else {
        return Ok(saving); // nothing to expect
    };
    saving.status = Some(response.status);
    saving.with_status = response.is_success();
    saving.has_shape = response.is_success() && entry.marks.is_some();
    let is_as_documented = |marks: &crate::catalog::Marks| marks.counts().total() == 0;
    saving.with_shape = entry.marks.as_deref().is_some_and(is_as_documented);
    saving.field = path
        .zip(entry.document.as_deref())
        .and_then(|(path, document)| check_at(document, path, false));
    Ok(saving)
}

/// What the field at `path`, as jq spells it, can be expected to be: what it is, or just to be there.
pub(crate) fn check_at(document: &Document, path: &str, just_there: bool) -> Option<FieldCheck> {
    let node = document.find(path).ok()?;
    let reference = path.trim_start_matches('.');
    crate::catalog::Reference::parse(reference).ok()?; // names with blanks cannot be spelled
    let text = || document.text(node).into_owned();
    let check = match document.kind(node) {
        _ if just_there => Check::Exists,
        NodeKind::String => Check::Equals(Scalar::Text(text())),
        NodeKind::Bool => Check::Equals(Scalar::Boolean(text() == "true")),
        NodeKind::Number => number(document, node),
        NodeKind::Null | NodeKind::Object | NodeKind::Array => Check::Exists,
    };
    Some(FieldCheck {
        path: reference.to_owned(),
        check,
    })
}

fn number(document: &Document, node: NodeId) -> Check {
    let text = document.text(node);
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(whole), _) => Check::Equals(Scalar::Integer(whole)),
        (_, Ok(number)) if number.is_finite() => Check::Equals(Scalar::Float(number)),
        _ => Check::Exists,
    }
}

/// Ids in `request` that are those of things that the API has listed for `user`, and how to refer to each.
fn references(
    model: &Model,
    user: Option<UserKey>,
    request: &SavedRequest,
) -> Vec<(String, String)> {
    let Some(user) = user.or(model.users.selected) else {
        return Vec::new();
    };
    let mut texts = request.clone();
    let texts: Vec<String> = texts.texts_mut().map(|text| text.clone()).collect();
    let is_used = |id: &str| id.len() >= SHORTEST_ID && texts.iter().any(|text| text.contains(id));
    let mut found: Vec<(String, String)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |id: &str, reference: String| {
        if is_used(id) && seen.insert(id.to_owned()) {
            found.push((id.to_owned(), reference));
        }
    };
    for endpoint in model.catalog.endpoints() {
        let Some(resource) = endpoint.id.as_str().strip_suffix(".list") else {
            continue;
        };
        let Some(list) = model.resources.list(user, endpoint.id.as_str()) else {
            continue;
        };
        for row in 0..list.rows.len().min(REFERRED) {
            if let Some(id) = list.text(row, "id") {
                add(&id, format!("{{{{{resource}[{row}].id}}}}"));
            }
        }
    }
    if let Some(person) = model.resources.person(user)
        && let Some(id) = person.root().and_then(|root| person.get(root, "id"))
    {
        add(&person.text(id), "{{user.id}}".into());
    }
    found
}

/// Adds what was taken over to what the file of `key` expects already.
fn expect(model: &mut Model, key: &SavedKey, taken: Taken, out: &mut Outbox) {
    out.message(app::Msg::dismiss(Subject::Expectation));
    let Some(Ok(request)) = model.saved.get(key).map(|item| &item.request) else {
        return out.message(app::Msg::warning(format!(
            "{} cannot be read any more",
            key.name
        )));
    };
    let mut request = request.clone();
    match taken {
        Taken::Status(status) => request.expect.status = Some(status),
        Taken::Shape => request.expect.shape = true,
        Taken::Field(check) => {
            request.expect.fields.retain(|old| old.path != check.path);
            request.expect.fields.push(check);
        }
    }
    out.effect(app::Effect::Saving(Effect::Save {
        place: key.place,
        request: Box::new(request),
        may_replace: true,
    }));
}

/// Asks for the file to be written.
fn save(model: &mut Model, may_replace: bool, out: &mut Outbox) {
    let Some(saving) = &mut model.saving else {
        return; // put away meanwhile
    };
    match saving.result() {
        Ok(request) => out.effect(app::Effect::Saving(Effect::Save {
            place: saving.place,
            request: Box::new(request),
            may_replace,
        })),
        Err(problem) => saving.problem = Some(problem),
    }
}

fn ended(model: &mut Model, result: Result<Option<Vec<String>>, Problem>, out: &mut Outbox) {
    let Some(saving) = &mut model.saving else {
        // Something was added to a file that was there.
        let words = result.map(|_| "the file of the request expects it from now on".to_owned());
        return out.message(app::Msg::saved_done(words));
    };
    match result {
        Ok(Some(notes)) => {
            let mut words = format!("saved as {} ({})", saving.name, saving.place.name());
            for note in notes {
                words.push_str("; ");
                words.push_str(&note);
            }
            model.saving = None;
            out.message(app::Msg::close_saving());
            out.message(app::Msg::saved_done(Ok(words)));
        }
        Ok(None) => out.message(app::Msg::open(Modal::Confirm(question(&saving.name)))),
        Err(problem) => saving.problem = Some(problem),
    }
}

fn question(name: &str) -> Confirm {
    let lines = [
        "There is a saved request of this name. Comments that a person wrote in its file stay;",
        "what it sends and expects becomes what is saved now.",
    ];
    Confirm::new(
        format!("Replace {name}?"),
        vec![lines.join(" ")],
        "replace it",
        app::Msg::Saving(Msg::Replace),
    )
}
