//! Everything that a key can do. The doc line of each is what help and the footer say of it.

use strum::{EnumIter, EnumMessage, EnumString, IntoStaticStr};

/// A thing that can be bound to a key in `keymap.toml`, where it is spelled `verb-object`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumMessage, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// Quit
    Quit,
    /// Suspend to the shell
    Suspend,
    /// Help
    ShowHelp,
    /// Keys of your own
    ShowGuide,
    /// Call an operation
    ShowOperations,
    /// Choose a test user
    ChooseUser,
    /// Choose a profile
    ChooseProfile,
    /// Add a profile
    AddProfile,
    /// Edit the profile
    EditProfile,
    /// Duplicate the profile
    DuplicateProfile,
    /// Try the keys
    TestKeys,
    /// Save
    SaveForm,
    /// Their page at Astra
    OpenStatusPage,
    /// Name, note and tags
    EditUser,
    /// Compose this call again
    ComposeAgain,
    /// Next pane
    FocusNext,
    /// Previous pane
    FocusPrevious,
    /// Credentials
    FocusCredentials,
    /// Authorization
    FocusAuthorization,
    /// Test users
    FocusUsers,
    /// Accounts
    FocusAccounts,
    /// Inspector
    FocusInspector,
    /// Requests
    FocusRequests,
    /// Zoom, and back
    ZoomPane,
    /// Reload
    Reload,
    /// Cancel the running call
    CancelCall,
    /// Next step
    NextStep,
    /// Step before
    PreviousStep,
    /// Next tab
    NextTab,
    /// Previous tab
    PreviousTab,
    /// Older exchange
    OlderExchange,
    /// Newer exchange
    NewerExchange,
    /// Copy or export
    Export,
    /// Copy the body
    CopyBody,
    /// Copy the value
    CopyValue,
    /// Copy its path
    CopyPath,
    /// Copy as curl
    CopyCurl,
    /// Copy as HTTP
    CopyHttp,
    /// Copy the request-id
    CopyRequestId,
    /// Copy for support
    CopyBundle,
    /// Write for support
    WriteBundle,
    /// Write as HAR
    WriteHar,
    /// Up
    MoveUp,
    /// Down
    MoveDown,
    /// Left
    MoveLeft,
    /// Right
    MoveRight,
    /// Page up
    PageUp,
    /// Page down
    PageDown,
    /// First
    MoveFirst,
    /// Last
    MoveLast,
    /// Open
    Open,
    /// Fold or unfold
    ToggleFold,
    /// Fold everything
    FoldAll,
    /// Unfold everything
    UnfoldAll,
    /// Fold what is beside it
    FoldSiblings,
    /// Show one level less
    FoldMore,
    /// Show one level more
    FoldLess,
    /// To what is around it
    MoveOut,
    /// Next beside it
    NextSibling,
    /// Previous beside it
    PreviousSibling,
    /// Wrap long strings
    WrapStrings,
    /// Search
    StartSearch,
    /// Next match
    NextMatch,
    /// Previous match
    PreviousMatch,
    /// Text or regex
    ToggleRegex,
    /// All, names or values
    ChangeScope,
    /// Go to a path
    GoToPath,
    /// Filter by jq
    FilterBody,
    /// Pipe to a command
    PipeBody,
    /// Write to a file
    WriteBody,
    /// Complete the name
    CompleteName,
    /// Typed before
    PreviousTyped,
    /// Typed after that
    NextTyped,
    /// Another view
    NextView,
    /// Table, and back
    ShowTable,
    /// Sort by the column
    SortColumn,
    /// What this field means
    ExplainField,
    /// Save the request
    SaveRequest,
    /// Send again and compare
    Replay,
    /// Send as all users
    RunAsAll,
    /// Mark it
    MarkRequest,
    /// See the last run again
    ShowRun,
    /// Mark all that are listed
    MarkAll,
    /// Expect it to differ
    IgnoreField,
    /// Expect it to be so
    ExpectField,
    /// Next list
    NextList,
    /// Previous list
    PreviousList,
    /// Filter the rows
    FilterRows,
    /// Sort by the next column
    SortRows,
    /// Sort the other way round
    ReverseRows,
    /// Load all pages
    LoadAll,
    /// List its transfers
    ListTransfers,
    /// Compose a routine
    ComposeRoutine,
    /// Pause or resume it
    PauseRoutine,
    /// Cancel the transfer
    CancelTransfer,
    /// Delete it
    DeleteSelected,
    /// Add one
    AddAnother,
    /// Sign in (authorize)
    SignIn,
    /// Sign in somebody new
    SignInNew,
    /// Sign out
    SignOut,
    /// Renew the access token
    RefreshToken,
    /// Enter the client secret
    EnterSecret,
    /// Show it for 10 s
    RevealSecret,
    /// Close
    Close,
    /// Continue
    Confirm,
    /// Send the request
    SendRequest,
    /// The form
    ShowForm,
    /// The text of the body
    ShowBody,
    /// The outgoing request
    ShowRequest,
    /// Edit in your editor
    EditBody,
    /// Same idempotency key
    KeepKey,
    /// Next choice
    NextChoice,
    /// Previous choice
    PreviousChoice,
    /// Values known so far
    OfferValues,
    /// Yes
    SayYes,
    /// Open in the browser
    OpenBrowser,
    /// Copy the URL
    CopyUrl,
    /// Vouch for them
    VouchFor,
    /// What the page is told
    EditParameters,
    /// Next redirect URI
    NextRedirect,
    /// Type or paste here
    EditInput,
    /// New test user
    NewUser,
    /// First choice
    Choose1,
    /// Second choice
    Choose2,
    /// Third choice
    Choose3,
    /// Fourth choice
    Choose4,
}

impl Action {
    /// What it does, in the words shown to a person.
    pub fn meaning(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// As it is spelled in `keymap.toml`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_action_has_a_name_that_reads_back_and_a_meaning() {
        for action in Action::iter() {
            assert_eq!(action.name().parse(), Ok(action));
            assert!(!action.meaning().is_empty(), "{action:?}");
        }
    }
}
