//! What `bhashatts/c_plugins.h` declares.

use std::os::raw::c_void;

use super::{Destroy, Reply, Status, Stop, Text, Visitor};

#[repr(C)]
pub struct SynthesisCosts {
    pub struct_size: usize,
    pub compute_ms: i64,
    pub cost_micro_usd: i64,
    pub request_id: Text,
    pub model_revision: Text,
}

#[repr(C)]
pub struct SynthesisRequest {
    pub struct_size: usize,
    pub text: Text,
    pub language: Text,
    pub voice_style: Text,
    pub description: Text,
    pub take: i32,
    pub attempt: i32,
    pub timeout_ms: i64,
    pub stop: *const Stop,
}

#[repr(C)]
pub struct SynthesizerLimits {
    pub struct_size: usize,
    pub max_aksharas: i32,
    pub concurrency: i32,
    pub max_cost_micro_usd: i64,
}

#[repr(C)]
pub struct Synthesizer {
    pub struct_size: usize,
    pub context: *mut c_void,
    pub destroy: Option<Destroy>,
    pub identity: Option<unsafe extern "C" fn(context: *mut c_void, reply: *mut Reply) -> Status>,
    pub limits: Option<
        unsafe extern "C" fn(context: *mut c_void, limits: *mut SynthesizerLimits) -> Status,
    >,
    pub synthesize: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            request: *const SynthesisRequest,
            reply: *mut Reply,
        ) -> Status,
    >,
    pub status: Option<unsafe extern "C" fn(context: *mut c_void, reply: *mut Reply) -> i32>,
}

#[repr(C)]
pub struct CacheTier {
    pub struct_size: usize,
    pub context: *mut c_void,
    pub destroy: Option<Destroy>,
    pub name: Text,
    pub get:
        Option<unsafe extern "C" fn(context: *mut c_void, key: Text, reply: *mut Reply) -> Status>,
    pub put: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            key: Text,
            language: Text,
            value: *const c_void,
            size: usize,
            ttl_seconds: i64,
        ) -> Status,
    >,
    pub erase: Option<unsafe extern "C" fn(context: *mut c_void, key: Text) -> Status>,
    pub clear: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            language: Text,
            count_only: i32,
            entries: *mut i64,
        ) -> Status,
    >,
}

#[repr(C)]
pub struct BlobLabels {
    pub struct_size: usize,
    pub media_type: Text,
    pub identity: Text,
    pub duration_ms: i64,
}

pub type OnBlob = unsafe extern "C" fn(visitor: *mut Visitor, name: Text, size_bytes: u64) -> i32;

#[repr(C)]
pub struct BlobStore {
    pub struct_size: usize,
    pub context: *mut c_void,
    pub destroy: Option<Destroy>,
    pub get:
        Option<unsafe extern "C" fn(context: *mut c_void, name: Text, reply: *mut Reply) -> Status>,
    pub put_if_absent: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            name: Text,
            data: *const c_void,
            size: usize,
            labels: *const BlobLabels,
            already_there: *mut i32,
        ) -> Status,
    >,
    pub info: Option<
        unsafe extern "C" fn(context: *mut c_void, name: Text, size_bytes: *mut u64) -> Status,
    >,
    pub remove: Option<unsafe extern "C" fn(context: *mut c_void, name: Text) -> Status>,
    pub list: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            prefix: Text,
            visit: Option<OnBlob>,
            visitor: *mut Visitor,
        ) -> Status,
    >,
    pub url:
        Option<unsafe extern "C" fn(context: *mut c_void, name: Text, reply: *mut Reply) -> Status>,
    pub local_path:
        Option<unsafe extern "C" fn(context: *mut c_void, name: Text, reply: *mut Reply) -> Status>,
}

#[repr(C)]
pub struct EventSink {
    pub struct_size: usize,
    pub context: *mut c_void,
    pub destroy: Option<Destroy>,
    pub name: Text,
    pub deliver: Option<unsafe extern "C" fn(context: *mut c_void, events_json: Text) -> Status>,
}

extern "C" {
    pub fn bhashatts_fail(
        status: Status,
        message: Text,
        retryable: i32,
        retry_after_ms: i64,
        cost_micro_usd: i64,
    ) -> Status;
    pub fn bhashatts_reply_bytes(reply: *mut Reply, data: *const c_void, size: usize) -> Status;
    pub fn bhashatts_reply_owned_bytes(
        reply: *mut Reply,
        data: *const c_void,
        size: usize,
        release: Option<Destroy>,
        context: *mut c_void,
    ) -> Status;
    pub fn bhashatts_reply_text(reply: *mut Reply, text: Text) -> Status;
    pub fn bhashatts_reply_costs(reply: *mut Reply, costs: *const SynthesisCosts) -> Status;
    pub fn bhashatts_stop_requested(stop: *const Stop) -> i32;
}
