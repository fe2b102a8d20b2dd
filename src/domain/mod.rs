//! The words of the problem: what a profile, a test user, an endpoint and an exchange are.
//!
//! Plain data with its own rules. Nothing here knows a screen, a file, a socket or a clock.

mod body;
mod call;
mod draft;
mod endpoint;
mod exchange;
mod grant;
mod header;
pub mod history;
mod ids;
mod keeping;
pub mod parameters;
mod preset;
mod problem;
mod profile;
mod redirect;
mod registered;
mod request_name;
mod saved;
mod secret;
mod size;
mod timestamp;
mod user;
mod verification;

pub use body::{Body, BodyLimits};
pub use call::Call;
pub use draft::{Draft, Prepared};
pub use endpoint::{
    Auth, Confidence, Endpoint, EndpointId, Field, Format, Host, Kind, Method, Paging, Shape,
};
pub use exchange::{Arriving, Exchange, Outcome, Progress, Response, Timing};
pub use grant::Grant;
pub use header::{IDEMPOTENCY_KEY, carries_secret, shown_headers};
pub use ids::{JobId, UserKey};
pub use keeping::{Found, Kept, SecretStore, StoreChoice};
pub use preset::Preset;
pub use problem::Problem;
pub use profile::{Environment, Hosts, Profile, is_loopback};
pub use redirect::{Nonce, Redirect};
pub use registered::{BUILT_IN_REDIRECTS, is_built_in_redirect};
pub use request_name::RequestName;
pub use saved::{Check, Expectations, FieldCheck, JsonType, Place, SavedKey, SavedRequest, Scalar};
pub use secret::{MASK, Secret};
pub use size::in_bytes;
pub use timestamp::Timestamp;
pub use user::{TestUser, UserStatus};
pub use verification::{Untrusted, VERIFICATION, signature, verify};
