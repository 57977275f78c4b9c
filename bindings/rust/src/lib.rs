//! Speech of Indian-language text, synthesised once and kept for ever.
//!
//! This is the safe half of libbhashatts_c, which must be installed; README.md says how it is
//! found. Text goes in and speech comes out: from memory, from disk, from what hosts share, or, the
//! first time, from a synthesizer, which is asked once however many ask at once.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tone.rs"));
//! use bhashatts::{Config, Engine, Origin, Request};
//!
//! # fn main() -> Result<(), bhashatts::Error> {
//! # let directory = TempDir::create();
//! # let data_dir = directory.path();
//! let config = Config::new()?.with("data_dir", data_dir)?;
//! let engine = Engine::open(&config)?;
//! # let engine = Engine::builder(&config).synthesizer(Tone).open()?;
//! let request = Request::new("एक छोटी चिड़िया पेड़ पर बैठी थी।");
//! let speech = engine.synthesize(&request)?;
//! assert_eq!(speech.info().origin, Some(Origin::Synthesized));
//! assert!(speech.audio().starts_with(b"RIFF"));
//!
//! assert!(engine.synthesize(&request)?.info().cached); // and costs nothing
//! # Ok(())
//! # }
//! ```
//!
//! A page can be heard from its first utterance on:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tone.rs"));
//! # use bhashatts::{Config, Engine, Request};
//! # fn main() -> Result<(), bhashatts::Error> {
//! # let directory = TempDir::create();
//! # let config = Config::new()?.with("data_dir", directory.path())?;
//! # let engine = Engine::builder(&config).synthesizer(Tone).open()?;
//! # fn play(_: &[u8]) {}
//! for utterance in engine.stream(&Request::new("बारिश हो रही है। मोर नाच रहा है।"))? {
//!     let utterance = utterance?;
//!     play(utterance.speech.audio());
//!     std::thread::sleep(utterance.pause_after);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The engine's parts can be replaced: see [`Synthesizer`], [`CacheTier`], [`BlobStore`] and
//! [`EventSink`], and [`EngineBuilder`] for how. Nothing of C is to be seen: handles are destroyed
//! when they are dropped, errors are [`Error`]s with a [`Code`], and a panic in a plug-in is caught
//! before it would reach C. (With `panic = "abort"` it ends the process, as it does anywhere.)
#![deny(missing_docs, missing_debug_implementations)]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod ahead;
mod builder;
mod cancel;
mod config;
mod convert;
mod engine;
mod error;
mod handle;
mod log;
mod numbers;
mod plugin;
mod reports;
mod request;
mod speech;
mod stream;
mod sys;
mod timings;

use std::ffi::CStr;

pub use ahead::{ImportOptions, PrewarmOptions, Progress};
pub use builder::EngineBuilder;
pub use cancel::Cancel;
pub use config::Config;
pub use engine::Engine;
pub use error::{Code, Error};
pub use log::{log_to_stderr, set_log, Level};
pub use plugin::{
    BlobLabels, BlobStore, Bytes, CacheTier, EventSink, Limits, PutOutcome, State, Stop, Synthesis,
    SynthesisRequest, Synthesizer, SynthesizerStatus,
};
pub use reports::{
    ClearOptions, Cleared, Forgotten, ImportReport, PrewarmReport, Rejected, StatsReport,
    StatusReport, VerifyReport, Voices,
};
pub use request::{Format, Request};
pub use speech::{Key, Origin, Speech, SpeechInfo};
pub use stream::{Stream, Utterance};
pub use timings::{Timing, Timings};

/// The version of the library, "0.1.0".
pub fn version() -> &'static str {
    // SAFETY: NUL-terminated, and valid for the life of the process.
    let version = unsafe { CStr::from_ptr(sys::bhashatts_version()) };
    version.to_str().unwrap_or("")
}

/// Languages, styles and descriptions of a profile ("guide", "roster"; not said: roster).
pub fn voices(profile: Option<&str>) -> Result<Voices, Error> {
    let profile = convert::text_or_default(profile);
    // SAFETY: the text is alive until the call returns, `out` is where the answer goes.
    handle::text_made(|out| unsafe { sys::bhashatts_voices(profile, out) }).map(Voices)
}

/// How many handles of the library's there are in this process. For tests of what leaks, and only
/// where debug assertions are on.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn live_handles() -> usize {
    handle::LIVE.load(std::sync::atomic::Ordering::SeqCst)
}

/// What is spoken when `text` is sent: normalised.
///
/// ```
/// assert_eq!(bhashatts::spoken_text("  नमस्ते   बच्चों ")?, "नमस्ते बच्चों");
/// # Ok::<(), bhashatts::Error>(())
/// ```
pub fn spoken_text(text: &str) -> Result<String, Error> {
    // SAFETY: as above.
    handle::text_made(|out| unsafe { sys::bhashatts_spoken_text(convert::text(text), out) })
}
