//! A synthesizer in Rust: the trait, its values, and the functions that C calls.

use std::mem::size_of;
use std::os::raw::c_void;
use std::sync::Arc;
use std::time::Duration;

use super::{caught, context_of, destroy, run, Bytes, Reply};
use crate::convert::{duration, milliseconds, str_of, text};
use crate::error::check;
use crate::numbers::numbered;
use crate::{sys, Error};

numbered! {
    /// How a synthesizer stands.
    #[derive(Default)]
    pub enum State {
        /// It speaks.
        #[default]
        Ready = 0 => "ready",
        /// Soon; the model is being loaded.
        Loading = 1 => "loading",
        /// Nobody answers.
        Unreachable = 2 => "unreachable",
        /// The token was refused.
        Unauthorized = 3 => "unauthorized",
        /// The model is not served.
        NotServed = 4 => "not_served",
        /// The credits are used up.
        NoCredits = 5 => "no_credits",
        /// For another reason.
        Unavailable = 6 => "unavailable",
    }
}

/// What a synthesizer can do.
///
/// Fields may be added: write `..Default::default()` behind those that you set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest utterance; 0: any length.
    pub max_aksharas: i32,
    /// Calls at once; at least 1.
    pub concurrency: i32,
    /// Upper bound of one attempt, in millionths of a US dollar; 0: it is free.
    pub max_cost_micro_usd: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { max_aksharas: 0, concurrency: 1, max_cost_micro_usd: 0 }
    }
}

/// Whether the engine is closing. May be asked from the threads that a synthesis starts for itself.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'a>(&'a StopHandle);

#[derive(Debug)]
struct StopHandle(*const sys::Stop);

// SAFETY: the header lets any thread ask, until synthesize returns; 'a sees to that.
unsafe impl Sync for StopHandle {}

impl Stop<'_> {
    /// If so, return soon, with [`Cancelled`](crate::Code::Cancelled).
    pub fn is_requested(self) -> bool {
        // SAFETY: synthesize has not returned.
        unsafe { sys::bhashatts_stop_requested(self.0 .0) != 0 }
    }
}

/// One utterance to be spoken.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SynthesisRequest<'a> {
    /// Normalised, never empty.
    pub text: &'a str,
    /// "HINDI", ...
    pub language: &'a str,
    /// "storyteller", ...
    pub voice_style: &'a str,
    /// The caption that steers Parler-TTS.
    pub description: &'a str,
    /// Above 0: an earlier take was rejected, this one must differ.
    pub take: i32,
    /// Above 0: the one before failed, so an upstream's cache will not do.
    pub attempt: i32,
    /// How long there is from now on.
    pub timeout: Duration,
    /// Whether to give up.
    pub stop: Stop<'a>,
}

/// What a synthesis gave.
///
/// Fields may be added: write `..Synthesis::new(audio)` behind those that you set.
#[derive(Debug)]
pub struct Synthesis {
    /// A whole file, in any format that the engine decodes (WAV, FLAC, MP3, Ogg).
    pub audio: Bytes,
    /// Billed time; nothing: as measured.
    pub compute_time: Option<Duration>,
    /// What this attempt cost, in millionths of a US dollar.
    pub cost_micro_usd: i64,
    /// The upstream's name for this call; may be empty.
    pub request_id: String,
    /// May be empty.
    pub model_revision: String,
}

impl Synthesis {
    /// Audio that cost nothing.
    pub fn new(audio: impl Into<Bytes>) -> Synthesis {
        Synthesis {
            audio: audio.into(),
            compute_time: None,
            cost_micro_usd: 0,
            request_id: String::new(),
            model_revision: String::new(),
        }
    }

    /// What this attempt cost, in millionths of a US dollar.
    #[must_use]
    pub fn costing(mut self, micro_usd: i64) -> Synthesis {
        self.cost_micro_usd = micro_usd;
        self
    }
}

/// How a synthesizer stands, and what to do about it; by default it speaks.
///
/// Fields may be added: write `..Default::default()` behind those that you set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SynthesizerStatus {
    /// How it stands.
    pub state: State,
    /// What to do; may be empty.
    pub message: String,
}

/// Speaks one utterance at a time; splitting, retries, judging and keeping are the engine's.
///
/// All members may be called from any thread, several at once. One that panics fails with
/// [`PluginFailed`](crate::Code::PluginFailed).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tone.rs"));
/// use bhashatts::{Config, Engine, Error, Request, Synthesis, SynthesisRequest, Synthesizer};
///
/// struct Beeps;
///
/// impl Synthesizer for Beeps {
///     fn identity(&self) -> String {
///         "example/beeps@1".to_owned()
///     }
///     fn synthesize(&self, request: &SynthesisRequest<'_>) -> Result<Synthesis, Error> {
///         Ok(Synthesis::new(tone(request.text))) // a WAV file, as a Vec<u8>
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// # let directory = TempDir::create();
/// let config = Config::new()?.with("data_dir", directory.path())?;
/// let engine = Engine::builder(&config).synthesizer(Beeps).open()?;
/// let speech = engine.synthesize(&Request::new("नमस्ते बच्चों"))?;
/// assert_eq!(speech.info().synthesizer, "example/beeps@1");
/// # Ok(())
/// # }
/// ```
pub trait Synthesizer: Send + Sync {
    /// Voice model and revision: part of every key. Asked once, when the engine is opened.
    fn identity(&self) -> String;

    /// What it can do. Asked once, when the engine is opened.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// One attempt: blocks until the audio is there.
    fn synthesize(&self, request: &SynthesisRequest<'_>) -> Result<Synthesis, Error>;

    /// How it stands, without spending anything.
    fn status(&self) -> SynthesizerStatus {
        SynthesizerStatus::default()
    }
}

impl<T: Synthesizer + ?Sized> Synthesizer for Arc<T> {
    fn identity(&self) -> String {
        (**self).identity()
    }
    fn limits(&self) -> Limits {
        (**self).limits()
    }
    fn synthesize(&self, request: &SynthesisRequest<'_>) -> Result<Synthesis, Error> {
        (**self).synthesize(request)
    }
    fn status(&self) -> SynthesizerStatus {
        (**self).status()
    }
}

pub(crate) type SynthesizerPart = Box<dyn Synthesizer>;

/// The struct owns the context: whoever gets it must see to it that destroy is called.
pub(crate) fn to_c(synthesizer: SynthesizerPart) -> sys::Synthesizer {
    sys::Synthesizer {
        struct_size: size_of::<sys::Synthesizer>(),
        context: context_of(synthesizer),
        destroy: Some(destroy::<SynthesizerPart>),
        identity: Some(identity),
        limits: Some(limits),
        synthesize: Some(synthesize),
        status: Some(status),
    }
}

// In all of these: the context is a `SynthesizerPart`, other pointers are valid until they return.

unsafe extern "C" fn identity(context: *mut c_void, reply: *mut sys::Reply) -> sys::Status {
    let member = |plugin: &SynthesizerPart| Reply(reply).text(&plugin.identity());
    // SAFETY: see above.
    unsafe { run(context, member) }
}

unsafe extern "C" fn limits(
    context: *mut c_void,
    limits: *mut sys::SynthesizerLimits,
) -> sys::Status {
    let member = |plugin: &SynthesizerPart| {
        let given = plugin.limits();
        // SAFETY: see above.
        let limits = unsafe { &mut *limits };
        limits.max_aksharas = given.max_aksharas;
        limits.concurrency = given.concurrency;
        limits.max_cost_micro_usd = given.max_cost_micro_usd;
        Ok(())
    };
    // SAFETY: see above.
    unsafe { run(context, member) }
}

/// # Safety
/// The request, and what it points at, is valid during 'a.
unsafe fn request_of<'a>(
    from: &'a sys::SynthesisRequest,
    stop: &'a StopHandle,
) -> SynthesisRequest<'a> {
    // SAFETY: as the caller says.
    let [text, language, voice_style, description] =
        [from.text, from.language, from.voice_style, from.description]
            .map(|text| unsafe { str_of(text) });
    SynthesisRequest {
        text,
        language,
        voice_style,
        description,
        take: from.take,
        attempt: from.attempt,
        timeout: duration(from.timeout_ms),
        stop: Stop(stop),
    }
}

fn answer(reply: Reply, synthesis: Synthesis) -> Result<(), Error> {
    let costs = sys::SynthesisCosts {
        struct_size: size_of::<sys::SynthesisCosts>(),
        compute_ms: synthesis.compute_time.map_or(0, milliseconds),
        cost_micro_usd: synthesis.cost_micro_usd,
        request_id: text(&synthesis.request_id),
        model_revision: text(&synthesis.model_revision),
    };
    // SAFETY: the member is running, and the texts are alive until the call returns.
    check(unsafe { sys::bhashatts_reply_costs(reply.0, &costs) })?;
    reply.bytes(synthesis.audio)
}

unsafe extern "C" fn synthesize(
    context: *mut c_void,
    request: *const sys::SynthesisRequest,
    reply: *mut sys::Reply,
) -> sys::Status {
    let member = |plugin: &SynthesizerPart| {
        // SAFETY: see above.
        let request = unsafe { &*request };
        let stop = StopHandle(request.stop);
        // SAFETY: see above.
        let request = unsafe { request_of(request, &stop) };
        answer(Reply(reply), plugin.synthesize(&request)?)
    };
    // SAFETY: see above.
    unsafe { run(context, member) }
}

// It has no status of its own to fail by: one that panics is not available.
unsafe extern "C" fn status(context: *mut c_void, reply: *mut sys::Reply) -> i32 {
    // SAFETY: see above.
    let plugin = unsafe { &*context.cast::<SynthesizerPart>() };
    let status = caught(|| plugin.status()).unwrap_or_else(|error| SynthesizerStatus {
        state: State::Unavailable,
        message: error.message().to_owned(),
    });
    let _ = Reply(reply).text(&status.message); // the state counts, with a message or without
    status.state.number()
}
