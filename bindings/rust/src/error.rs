//! Everything that can go wrong.
//!
//! The library keeps the last failure of each thread; it is copied at once, in the call that
//! failed, as the thread's next one may overwrite it. Plug-ins' errors go the other way.

use std::ffi::CStr;
use std::fmt;
use std::os::raw::c_char;
use std::time::Duration;

use crate::convert::{duration, milliseconds, text};
use crate::numbers::numbered;
use crate::sys;

numbered! {
    /// What went wrong, by its frozen number; the hundreds are its family.
    ///
    /// A match needs an arm for those that later versions add.
    pub enum Code {
        /// A defect of the library; please report it.
        Internal = 100 => "internal",
        /// There was not enough memory.
        OutOfMemory = 101 => "out_of_memory",
        /// A known option that this version does not carry out.
        NotSupported = 102 => "not_supported",
        /// The engine was closed.
        Closed = 103 => "closed",
        /// The caller asked to stop; paid work went on.
        Cancelled = 104 => "cancelled",
        /// A plug-in panicked, or returned what it must not.
        PluginFailed = 105 => "plugin_failed",
        /// What the caller sent makes no sense; the message says why.
        BadRequest = 200 => "bad_request",
        /// Nothing to speak after normalisation.
        TextEmpty = 201 => "text_empty",
        /// Over 5,000 code points or 20,000 bytes.
        TextTooLong = 202 => "text_too_long",
        /// Invalid UTF-8.
        TextNotUtf8 = 203 => "text_not_utf8",
        /// A control character that is no line break or tab.
        TextControl = 204 => "text_control",
        /// No such language.
        LanguageUnknown = 205 => "language_unknown",
        /// No such voice style.
        VoiceStyleUnknown = 206 => "voice_style_unknown",
        /// No such audio format.
        FormatUnknown = 207 => "format_unknown",
        /// An unknown or malformed setting; the message names it.
        ConfigInvalid = 208 => "config_invalid",
        /// The stories are malformed; the message names the line.
        StoriesInvalid = 209 => "stories_invalid",
        /// It is not there.
        NotFound = 300 => "not_found",
        /// A token, program or voice is missing; the message says which.
        NotConfigured = 400 => "not_configured",
        /// The token was refused.
        Unauthorized = 401 => "unauthorized",
        /// The synthesizer was asked too often.
        RateLimited = 402 => "rate_limited",
        /// The model is being loaded.
        ModelLoading = 403 => "model_loading",
        /// The model is not served where it was asked for.
        ModelNotServed = 404 => "model_not_served",
        /// The dedicated endpoint is paused.
        EndpointPaused = 405 => "endpoint_paused",
        /// The upstream refused this text; asking again will not help.
        UpstreamRejected = 406 => "upstream_rejected",
        /// The upstream failed.
        UpstreamFailed = 407 => "upstream_failed",
        /// The upstream cannot be reached.
        Unreachable = 408 => "unreachable",
        /// One synthesis took longer than its deadline.
        UpstreamTimeout = 409 => "upstream_timeout",
        /// What came back is no complete speech; it was not kept.
        BadAudio = 410 => "bad_audio",
        /// This caller's time is up; the work goes on: ask again.
        DeadlineExceeded = 411 => "deadline_exceeded",
        /// The upstream's credits are used up.
        CreditsExhausted = 500 => "credits_exhausted",
        /// The month's budget is spent.
        BudgetExhausted = 501 => "budget_exhausted",
        /// The disk or the store answered with an error.
        StorageFailed = 600 => "storage_failed",
        /// No room: no new work is paid for, hits go on.
        StorageFull = 601 => "storage_full",
        /// Hits go on, nothing new is made.
        StorageReadOnly = 602 => "storage_read_only",
        /// The data directory was written by a newer version.
        StorageNewer = 603 => "storage_newer",
        /// The data directory belongs to another user.
        StorageWrongOwner = 604 => "storage_wrong_owner",
        /// A network file system cannot hold the data directory.
        StorageNetwork = 605 => "storage_network",
        /// What is kept is damaged.
        StorageDamaged = 606 => "storage_damaged",
    }
}

/// What went wrong, and what to do about it.
///
/// The message is one line fit to be shown: it holds no token, no URL and no text of a page.
/// Plug-ins make errors too, to say why they fail: a [`Synthesizer`](crate::Synthesizer) with 4xx and
/// 5xx, the others with 6xx; a code that does not belong there becomes
/// [`PluginFailed`](Code::PluginFailed), with its message. Only what is said to be worth a retry is
/// tried again.
///
/// ```
/// # use bhashatts::{Code, Error};
/// # use std::time::Duration;
/// let error = Error::new(Code::RateLimited, "the studio is busy; ask again in a minute")
///     .with_retry_after(Duration::from_secs(60))
///     .with_cost_micro_usd(120);
/// assert_eq!(error.code(), Code::RateLimited);
/// assert!(error.is_retryable());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: Code,
    message: String,
    detail: String,
    retryable: bool,
    retry_after: Duration,
    cost_micro_usd: i64,
}

impl Error {
    /// An error that a plug-in fails with; message: one line that says what to do, of which 1,023
    /// bytes are kept.
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error {
            code,
            message: message.into(),
            detail: String::new(),
            retryable: false,
            retry_after: Duration::ZERO,
            cost_micro_usd: 0,
        }
    }

    /// The same call may succeed later.
    #[must_use]
    pub fn with_retry(mut self) -> Error {
        self.retryable = true;
        self
    }

    /// The same call may succeed, and it makes sense to ask again after this time.
    #[must_use]
    pub fn with_retry_after(mut self, time: Duration) -> Error {
        self.retry_after = time;
        self.with_retry()
    }

    /// What the failed call cost all the same, in millionths of a US dollar.
    #[must_use]
    pub fn with_cost_micro_usd(mut self, cost: i64) -> Error {
        self.cost_micro_usd = cost;
        self
    }

    /// What went wrong. A number that only a newer library knows is [`Code::Internal`]; the
    /// message is the library's all the same.
    pub fn code(&self) -> Code {
        self.code
    }

    /// One line that says what to do.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// One line for logs, secrets taken out; often empty.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// When it makes sense to ask again; zero where that is not known.
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }

    /// What it cost all the same, in millionths of a US dollar.
    pub fn cost_micro_usd(&self) -> i64 {
        self.cost_micro_usd
    }

    /// This thread's last failure, that returned `status` just now.
    #[cold]
    pub(crate) fn last(status: sys::Status) -> Error {
        // SAFETY: the functions take nothing; their texts are valid until this thread's next call
        // that fails, and there is none before they are copied.
        unsafe {
            Error {
                code: Code::of(status).unwrap_or(Code::Internal),
                message: copied(sys::bhashatts_error_message()),
                detail: copied(sys::bhashatts_error_detail()),
                retryable: sys::bhashatts_error_retryable() != 0,
                retry_after: duration(sys::bhashatts_error_retry_after_ms()),
                cost_micro_usd: sys::bhashatts_error_cost(),
            }
        }
    }

    /// Tells the engine why the member that is running fails; what the member returns.
    pub(crate) fn tell(&self) -> sys::Status {
        // SAFETY: the message is alive until the call returns, and it is copied.
        unsafe {
            sys::bhashatts_fail(
                self.code.number(),
                text(&self.message),
                self.retryable.into(),
                milliseconds(self.retry_after),
                self.cost_micro_usd,
            )
        }
    }
}

/// # Safety
/// `text` is NUL-terminated and valid until this returns.
unsafe fn copied(text: *const c_char) -> String {
    // SAFETY: as the caller says.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned() // cut in the middle of a character, it may be
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_str() {
            "" => f.write_str(self.code.name()),
            message => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

/// What a status says.
#[inline]
pub(crate) fn check(status: sys::Status) -> Result<(), Error> {
    if status == sys::OK {
        return Ok(());
    }
    Err(Error::last(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_library_has_a_code_of_its_name() {
        for number in (0..1_000).filter(|&number| number != 0) {
            // SAFETY: any number has a name, which is valid for ever.
            let name = unsafe { copied(sys::bhashatts_status_name(number)) };
            let code = Code::of(number);
            assert_eq!(code.map_or("internal", Code::name), name, "{number}");
        }
    }

    #[test]
    fn an_error_without_a_message_shows_its_code() {
        assert_eq!(Error::new(Code::Closed, "").to_string(), "closed");
        assert_eq!(Error::new(Code::Closed, "open it anew").to_string(), "open it anew");
    }
}
