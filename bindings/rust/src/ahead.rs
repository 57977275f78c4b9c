//! Work ahead of time: prewarming and importing, with progress.
//!
//! The listener is called on the engine's threads, where a panic must not go on: it is kept, and
//! goes on in the thread that called, when the work is done.

use std::any::Any;
use std::mem::size_of;
use std::os::raw::c_void;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::time::Duration;

use crate::convert::{duration, text_or_default};
use crate::{sys, Cancel, Format};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Pages; nothing where that is not known, as in an import.
    pub total: Option<i64>,
    /// Pages or rows of any outcome.
    pub done: i64,
    /// They were there already.
    pub cached: i64,
    /// Made, or adopted.
    pub made: i64,
    /// Bad input; in an import, left out.
    pub rejected: i64,
    /// Not made; ask again.
    pub failed: i64,
    /// Since the beginning.
    pub elapsed: Duration,
}

/// What is made ahead of time; by default all of it, in the configured style, as WAV.
///
/// Fields may be added: write `..Default::default()` behind those that you set.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrewarmOptions<'a> {
    /// Only stories in it.
    pub language: Option<&'a str>,
    /// Only this story.
    pub story_id: Option<&'a str>,
    /// At most so many stories.
    pub limit: Option<u32>,
    /// Not said: as configured.
    pub voice_style: Option<&'a str>,
    /// How the audio is encoded.
    pub format: Format,
    /// Pages at once; 0: the synthesizer's own limit.
    pub concurrency: i32,
    /// Counts what would be made, and makes nothing.
    pub dry_run: bool,
    /// Finish what is in hand, begin nothing more.
    pub cancel: Option<&'a Cancel>,
}

/// What is adopted; by default all of it.
///
/// Fields may be added: write `..Default::default()` behind those that you set.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions<'a> {
    /// Only rows in it.
    pub language: Option<&'a str>,
    /// At most so many rows.
    pub limit: Option<u32>,
    /// Of the old objects' names; not said: "audio/tts/".
    pub prefix: Option<&'a str>,
    /// Where they are, as files; not said: in the configured store.
    pub directory: Option<&'a str>,
    /// Refuses audio that another voice description was used for.
    pub same_description: bool,
    /// Rows at once, 1 to 64; 0: 4.
    pub concurrency: i32,
    /// Reads and judges all of it, keeps nothing.
    pub dry_run: bool,
    /// Finish what is in hand, begin nothing more.
    pub cancel: Option<&'a Cancel>,
}

fn limit_of(limit: Option<u32>) -> i64 {
    limit.map_or(-1, i64::from)
}

impl PrewarmOptions<'_> {
    pub(crate) fn to_c(self, listener: &mut Listener<'_>) -> sys::PrewarmOptions {
        sys::PrewarmOptions {
            struct_size: size_of::<sys::PrewarmOptions>(),
            language: text_or_default(self.language),
            story_id: text_or_default(self.story_id),
            limit: limit_of(self.limit),
            voice_style: text_or_default(self.voice_style),
            format: self.format.number(),
            concurrency: self.concurrency,
            dry_run: self.dry_run.into(),
            cancel: Cancel::optional(self.cancel),
            progress: Some(hear),
            progress_context: listener.context(),
        }
    }
}

impl ImportOptions<'_> {
    pub(crate) fn to_c(self, listener: &mut Listener<'_>) -> sys::ImportOptions {
        sys::ImportOptions {
            struct_size: size_of::<sys::ImportOptions>(),
            language: text_or_default(self.language),
            limit: limit_of(self.limit),
            prefix: text_or_default(self.prefix),
            directory: text_or_default(self.directory),
            same_description: self.same_description.into(),
            concurrency: self.concurrency,
            dry_run: self.dry_run.into(),
            cancel: Cancel::optional(self.cancel),
            progress: Some(hear),
            progress_context: listener.context(),
        }
    }
}

/// Who hears of progress, until the call returns. The closure need only be Send: it is called by
/// one thread at a time, though not always the same one.
pub(crate) struct Listener<'f> {
    hear: &'f mut (dyn FnMut(&Progress) + Send),
    panic: Option<Box<dyn Any + Send>>,
}

impl<'f> Listener<'f> {
    pub(crate) fn new(hear: &'f mut (dyn FnMut(&Progress) + Send)) -> Self {
        Listener { hear, panic: None }
    }

    fn context(&mut self) -> *mut c_void {
        (self as *mut Self).cast()
    }

    /// When the call has returned: goes on with the closure's panic, where there was one.
    pub(crate) fn end(self) {
        if let Some(panic) = self.panic {
            resume_unwind(panic);
        }
    }

    // A closure that has panicked is not called again.
    fn hear(&mut self, progress: &Progress) {
        if self.panic.is_some() {
            return;
        }
        let hear = AssertUnwindSafe(|| (self.hear)(progress));
        self.panic = catch_unwind(hear).err();
    }
}

unsafe extern "C" fn hear(context: *mut c_void, progress: *const sys::Progress) {
    // SAFETY: the context is the listener of a call that is under way, and nobody else has it; the
    // progress is valid until this returns.
    let (listener, at) = unsafe { (&mut *context.cast::<Listener<'_>>(), &*progress) };
    listener.hear(&Progress {
        total: Some(at.total).filter(|&total| total > 0),
        done: at.done,
        cached: at.cached,
        made: at.made,
        rejected: at.rejected,
        failed: at.failed,
        elapsed: duration(at.elapsed_ms),
    });
}
