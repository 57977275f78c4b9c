//! What the engine answers when it is asked how it stands, or told to tidy up.
//!
//! Reports with parts are JSON text, as the command's `--json` gives it: a host has a JSON reader
//! of its own, and a crate without dependencies need not bring one. Members may be added, none is
//! renamed or removed.

use std::fmt;

use crate::Key;

macro_rules! reports {
    ($($(#[$about:meta])* $name:ident,)*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub(crate) String);

        impl $name {
            /// The JSON.
            pub fn as_json(&self) -> &str {
                &self.0
            }

            /// The JSON.
            pub fn into_json(self) -> String {
                self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

reports! {
    /// What became of the pages, a JSON object: `stories_total`, `pages_total`, `pages_cached`,
    /// `pages_generated` (in a dry run: would be made), `pages_rejected` (bad input),
    /// `pages_failed`, `pages_not_attempted`, `total_cost_usd`, `elapsed_ms`, and `problems`: a
    /// list of `story_id`, `page_number`, `outcome` (`rejected`, `failed`), `code`, `message`.
    PrewarmReport,
    /// What became of the rows, a JSON object: how many were adopted, were there already, were
    /// left out or failed, and `problems`; docs/cli.md (import) of the library names the members.
    ImportReport,
    /// Whether all is well, a JSON object: `status` (`healthy`, `degraded`, `unhealthy`), `model`
    /// and `fallbacks` (`status`, `model`, `identity`, `message`), `cache`, `spool`, `budget`,
    /// `warnings`: a list of what to do.
    StatusReport,
    /// What there is and was, a JSON object: `total_entries`, `total_size_bytes`,
    /// `total_cost_usd`, `total_accesses`, `avg_generation_time_ms`, `estimated_savings_usd`,
    /// `utterances_synthesized`, `requests` (how many by origin), `paid_attempts`.
    StatsReport,
    /// Whether what is kept is whole, a JSON object: `objects_checked`, and `problems`: a list of
    /// `object`, `what`, `repaired`.
    VerifyReport,
    /// Languages and styles, a JSON object: `voice_profile`, `languages` (a list of `name`,
    /// `label`, `tag`, `script`, `official`, `speakers`, `recommended`, `descriptions` by style)
    /// and `voice_styles` (`name`, `label`).
    Voices,
}

/// What [`Engine::reject`](crate::Engine::reject) did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// Of the utterance that is not served again.
    pub key: Key,
    /// The take that the next request makes.
    pub next_take: i32,
    /// Speeches that had the utterance in them.
    pub speeches_dropped: i64,
}

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forgotten {
    /// Pages.
    pub speeches: i64,
    /// Their parts.
    pub utterances: i64,
    /// Lines of the usage log.
    pub usage_events: i64,
}

/// What [`Engine::clear`](crate::Engine::clear) removes; by default what is in tiers, and all of
/// that.
///
/// Fields may be added: write `..Default::default()` behind those that you set.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClearOptions<'a> {
    /// Blobs and records too.
    pub all: bool,
    /// Counts only.
    pub dry_run: bool,
    /// Only of this language.
    pub language: Option<&'a str>,
}

/// What was removed; in a dry run, what would be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cleared {
    /// Entries of tiers.
    pub cache_entries: i64,
    /// Objects of the permanent store.
    pub blobs: i64,
    /// Records of the catalog.
    pub records: i64,
}
