//! What `bhashatts/c.h` and `c_library.h` declare, by hand and in their order; what `c_plugins.h`
//! does is in `plugins.rs`.
//!
//! No generator: it would be a dependency, and need libclang where a host is built. In its place
//! `agrees.rs` turns both files into C, and the C compiler compares it with the headers: each
//! function's type, each struct's size, and the type and order of its fields.
//!
//! Structs that come from the library are read up to the fields of version 0.1, which every
//! library has. Rules R1 to R13 of the header hold; they are not said again here.
#![allow(missing_docs)]
#![allow(dead_code)] // all of the C API is here, also what the safe half has no use for

use std::os::raw::{c_char, c_void};

#[cfg(test)]
mod agrees;
mod plugins;
pub use plugins::*;

pub type Status = i32;
pub const OK: Status = 0;
pub const NOT_FOUND: Status = 300;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    pub data: *const c_char,
    pub size: usize,
}

// A handle is a number, not an address: nobody may look behind such a pointer.
macro_rules! handles {
    ($($name:ident),*) => {$(
        #[repr(C)]
        pub struct $name {
            _nothing: [u8; 0],
        }
    )*};
}
handles!(Config, Engine, Speech, Stream, Timings, String, Cancel, Reply, Stop, Visitor);

pub type Destroy = unsafe extern "C" fn(context: *mut c_void);

#[repr(C)]
pub struct OpenOptions {
    pub struct_size: usize,
    pub config: *const Config,
    pub synthesizer: *const Synthesizer,
    pub fallbacks: *const *const Synthesizer,
    pub fallback_count: usize,
    pub tiers: *const *const CacheTier,
    pub tier_count: usize,
    pub blob_store: *const BlobStore,
    pub event_sinks: *const *const EventSink,
    pub event_sink_count: usize,
}

#[repr(C)]
pub struct Request {
    pub struct_size: usize,
    pub text: Text,
    pub language: Text,
    pub voice_style: Text,
    pub format: i32,
    pub no_fallback: i32,
    pub timeout_ms: i64,
    pub cancel: *const Cancel,
    pub user_id: Text,
    pub story_id: Text,
    pub page_number: i32,
}

#[repr(C)]
pub struct SpeechInfo {
    pub struct_size: usize,
    pub cache_key: [c_char; 33],
    pub format: i32,
    pub origin: i32,
    pub cached: i32,
    pub fallback: i32,
    pub sample_rate: i32,
    pub duration_ms: i64,
    pub cost_micro_usd: i64,
    pub generation_time_ms: i64,
    pub generation_cost_micro_usd: i64,
    pub created_at: i64,
    pub take: i32,
    pub utterances: i32,
    pub language: Text,
    pub voice_style: Text,
    pub synthesizer: Text,
}

#[repr(C)]
pub struct StreamPlace {
    pub struct_size: usize,
    pub number: usize,
    pub count: usize,
    pub pause_after_ms: i64,
}

pub type OnUtterance = unsafe extern "C" fn(
    context: *mut c_void,
    speech: *mut Speech,
    place: *const StreamPlace,
) -> i32;

#[repr(C)]
pub struct Timing {
    pub struct_size: usize,
    pub start_ms: i64,
    pub end_ms: i64,
    pub begin: u32,
    pub end: u32,
    pub begin_utf16: u32,
    pub end_utf16: u32,
}

#[repr(C)]
pub struct Progress {
    pub struct_size: usize,
    pub total: i64,
    pub done: i64,
    pub cached: i64,
    pub made: i64,
    pub rejected: i64,
    pub failed: i64,
    pub elapsed_ms: i64,
}

pub type OnProgress = unsafe extern "C" fn(context: *mut c_void, progress: *const Progress);

#[repr(C)]
pub struct PrewarmOptions {
    pub struct_size: usize,
    pub language: Text,
    pub story_id: Text,
    pub limit: i64,
    pub voice_style: Text,
    pub format: i32,
    pub concurrency: i32,
    pub dry_run: i32,
    pub cancel: *const Cancel,
    pub progress: Option<OnProgress>,
    pub progress_context: *mut c_void,
}

#[repr(C)]
pub struct ImportOptions {
    pub struct_size: usize,
    pub language: Text,
    pub limit: i64,
    pub prefix: Text,
    pub directory: Text,
    pub same_description: i32,
    pub concurrency: i32,
    pub dry_run: i32,
    pub cancel: *const Cancel,
    pub progress: Option<OnProgress>,
    pub progress_context: *mut c_void,
}

#[repr(C)]
pub struct RejectReport {
    pub struct_size: usize,
    pub rejected: [c_char; 33],
    pub next_take: i32,
    pub speeches_dropped: i64,
}

#[repr(C)]
pub struct ForgetReport {
    pub struct_size: usize,
    pub speeches: i64,
    pub utterances: i64,
    pub usage_events: i64,
}

#[repr(C)]
pub struct ClearOptions {
    pub struct_size: usize,
    pub all: i32,
    pub dry_run: i32,
    pub language: Text,
}

#[repr(C)]
pub struct ClearReport {
    pub struct_size: usize,
    pub cache_entries: i64,
    pub blobs: i64,
    pub records: i64,
}

pub type OnLog =
    unsafe extern "C" fn(context: *mut c_void, level: i32, component: Text, message: Text);

extern "C" {
    pub fn bhashatts_status_name(status: Status) -> *const c_char;
    pub fn bhashatts_version() -> *const c_char;
    pub fn bhashatts_error_message() -> *const c_char;
    pub fn bhashatts_error_detail() -> *const c_char;
    pub fn bhashatts_error_status() -> Status;
    pub fn bhashatts_error_retryable() -> i32;
    pub fn bhashatts_error_retry_after_ms() -> i64;
    pub fn bhashatts_error_cost() -> i64;

    pub fn bhashatts_string_view(string: *const String, text: *mut Text) -> Status;
    pub fn bhashatts_string_destroy(string: *mut String) -> Status;

    pub fn bhashatts_config_create(config: *mut *mut Config) -> Status;
    pub fn bhashatts_config_from_environment(config: *mut *mut Config) -> Status;
    pub fn bhashatts_config_set(config: *mut Config, name: Text, value: Text) -> Status;
    pub fn bhashatts_config_set_json(config: *mut Config, json: Text) -> Status;
    pub fn bhashatts_config_json(config: *const Config, json: *mut *mut String) -> Status;
    pub fn bhashatts_config_destroy(config: *mut Config) -> Status;

    pub fn bhashatts_engine_open(options: *const OpenOptions, engine: *mut *mut Engine) -> Status;
    pub fn bhashatts_engine_close(engine: *mut Engine, drain_ms: i64) -> Status;
    pub fn bhashatts_engine_destroy(engine: *mut Engine) -> Status;
    pub fn bhashatts_engine_flush(engine: *mut Engine) -> Status;

    pub fn bhashatts_cancel_create(cancel: *mut *mut Cancel) -> Status;
    pub fn bhashatts_cancel_request(cancel: *mut Cancel) -> Status;
    pub fn bhashatts_cancel_destroy(cancel: *mut Cancel) -> Status;

    pub fn bhashatts_engine_synthesize(
        engine: *mut Engine,
        request: *const Request,
        speech: *mut *mut Speech,
    ) -> Status;
    pub fn bhashatts_engine_lookup(
        engine: *mut Engine,
        request: *const Request,
        speech: *mut *mut Speech,
    ) -> Status;
    pub fn bhashatts_speech_audio(
        speech: *const Speech,
        data: *mut *const u8,
        size: *mut usize,
    ) -> Status;
    pub fn bhashatts_origin_name(origin: i32) -> *const c_char;
    pub fn bhashatts_speech_get_info(speech: *const Speech, info: *mut SpeechInfo) -> Status;
    pub fn bhashatts_engine_url(
        engine: *mut Engine,
        speech: *const Speech,
        url: *mut *mut String,
    ) -> Status;
    pub fn bhashatts_engine_story_page_url(
        engine: *mut Engine,
        story_id: Text,
        page_number: i32,
        voice_style: Text,
        url: *mut *mut String,
    ) -> Status;
    pub fn bhashatts_speech_destroy(speech: *mut Speech) -> Status;

    pub fn bhashatts_engine_stream(
        engine: *mut Engine,
        request: *const Request,
        stream: *mut *mut Stream,
    ) -> Status;
    pub fn bhashatts_stream_next(
        stream: *mut Stream,
        speech: *mut *mut Speech,
        place: *mut StreamPlace,
    ) -> Status;
    pub fn bhashatts_stream_destroy(stream: *mut Stream) -> Status;
    pub fn bhashatts_engine_stream_to(
        engine: *mut Engine,
        request: *const Request,
        callback: Option<OnUtterance>,
        context: *mut c_void,
    ) -> Status;

    pub fn bhashatts_engine_timings(
        engine: *mut Engine,
        request: *const Request,
        speech: *const Speech,
        timings: *mut *mut Timings,
    ) -> Status;
    pub fn bhashatts_timings_count(timings: *const Timings, kind: i32, count: *mut usize)
        -> Status;
    pub fn bhashatts_timings_get(
        timings: *const Timings,
        kind: i32,
        index: usize,
        timing: *mut Timing,
    ) -> Status;
    pub fn bhashatts_timings_json(timings: *const Timings, json: *mut *mut String) -> Status;
    pub fn bhashatts_timings_webvtt(
        timings: *const Timings,
        text: Text,
        vtt: *mut *mut String,
    ) -> Status;
    pub fn bhashatts_timings_destroy(timings: *mut Timings) -> Status;

    pub fn bhashatts_engine_prewarm(
        engine: *mut Engine,
        stories: Text,
        options: *const PrewarmOptions,
        report_json: *mut *mut String,
    ) -> Status;
    pub fn bhashatts_engine_import(
        engine: *mut Engine,
        path: Text,
        options: *const ImportOptions,
        report_json: *mut *mut String,
    ) -> Status;
    pub fn bhashatts_engine_status(engine: *mut Engine, json: *mut *mut String) -> Status;
    pub fn bhashatts_engine_stats(engine: *mut Engine, json: *mut *mut String) -> Status;
    pub fn bhashatts_engine_verify(
        engine: *mut Engine,
        repair: i32,
        json: *mut *mut String,
    ) -> Status;
    pub fn bhashatts_engine_config(engine: *mut Engine, json: *mut *mut String) -> Status;
    pub fn bhashatts_voices(profile: Text, json: *mut *mut String) -> Status;
    pub fn bhashatts_spoken_text(text: Text, spoken: *mut *mut String) -> Status;

    pub fn bhashatts_engine_reject(
        engine: *mut Engine,
        request: *const Request,
        report: *mut RejectReport,
    ) -> Status;
    pub fn bhashatts_engine_forget_text(
        engine: *mut Engine,
        text: Text,
        report: *mut ForgetReport,
    ) -> Status;
    pub fn bhashatts_engine_forget_user(
        engine: *mut Engine,
        user_id: Text,
        report: *mut ForgetReport,
    ) -> Status;
    pub fn bhashatts_engine_clear(
        engine: *mut Engine,
        options: *const ClearOptions,
        report: *mut ClearReport,
    ) -> Status;

    pub fn bhashatts_set_log(
        sink: Option<OnLog>,
        least: i32,
        context: *mut c_void,
        destroy: Option<Destroy>,
    ) -> Status;
}
