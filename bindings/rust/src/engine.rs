//! The engine's handle, and a method for each call.
//!
//! A method turns values into C structs, calls, and turns what came back; nothing else happens
//! here, so that what a call does is said in one place, the library.

use std::fmt;
use std::mem::size_of;
use std::path::Path;
use std::time::Duration;

use crate::ahead::Listener;
use crate::convert::{milliseconds_or_default, text, text_or_default};
use crate::error::check;
use crate::handle::{text_found, text_made, Handle};
use crate::{
    sys, ClearOptions, Cleared, Code, Config, EngineBuilder, Error, Forgotten, ImportOptions,
    ImportReport, Key, PrewarmOptions, PrewarmReport, Progress, Rejected, Request, Speech,
    StatsReport, StatusReport, Stream, Timings, VerifyReport,
};

/// Text in, speech out, and never paid for twice.
///
/// All members may be called from all threads at any time: share it by reference, or in an
/// [`Arc`](std::sync::Arc). Calls block; an asynchronous host runs them on its blocking threads.
/// Many processes may have the same data directory open.
///
/// Dropping an engine closes it, waiting for paid work as configured, and waits for calls under way
/// on other threads. Its own plug-ins and closures must not drop it: it stays open then.
pub struct Engine(Handle<sys::Engine>);

impl Engine {
    /// Opens the data directory, with the configured synthesizer.
    pub fn open(config: &Config) -> Result<Engine, Error> {
        Engine::builder(config).open()
    }

    /// Opens it with parts of your own.
    pub fn builder(config: &Config) -> EngineBuilder<'_> {
        EngineBuilder::new(config)
    }

    pub(crate) fn of(handle: Handle<sys::Engine>) -> Engine {
        Engine(handle)
    }

    // In all of these calls: the handle is alive while self is borrowed, structs are as large as
    // they say, and what they point at is borrowed until the call returns.

    /// Gives what is kept, or makes it and keeps it for ever.
    ///
    /// # Errors
    /// 2xx for bad input, 4xx and 5xx when it cannot be made, 601 and 602 when it must not be,
    /// [`Cancelled`](Code::Cancelled), [`Closed`](Code::Closed).
    #[inline]
    pub fn synthesize(&self, request: &Request<'_>) -> Result<Speech, Error> {
        let request = request.to_c();
        // SAFETY: see above.
        let made = Handle::made(|out| unsafe {
            sys::bhashatts_engine_synthesize(self.get(), &request, out)
        });
        Speech::of(made?)
    }

    /// As synthesize, but makes nothing and waits for nobody: nothing where it is not there.
    #[inline]
    pub fn lookup(&self, request: &Request<'_>) -> Result<Option<Speech>, Error> {
        let request = request.to_c();
        // SAFETY: see above.
        let found =
            Handle::found(|out| unsafe { sys::bhashatts_engine_lookup(self.get(), &request, out) });
        found?.map(Speech::of).transpose()
    }

    /// As synthesize, utterance by utterance, each as soon as it is there.
    pub fn stream(&self, request: &Request<'_>) -> Result<Stream, Error> {
        let request = request.to_c();
        // SAFETY: see above.
        let made =
            Handle::made(|out| unsafe { sys::bhashatts_engine_stream(self.get(), &request, out) });
        made.map(Stream::of)
    }

    /// When what is heard of a speech that synthesize or lookup gave for this request.
    pub fn timings(&self, request: &Request<'_>, speech: &Speech) -> Result<Timings, Error> {
        let sent = request.text();
        let request = request.to_c();
        // SAFETY: see above.
        let made = Handle::made(|out| unsafe {
            sys::bhashatts_engine_timings(self.get(), &request, speech.get(), out)
        });
        made.map(|handle| Timings::of(handle, sent))
    }

    /// Where the speech's object can be fetched, made now; nothing where it is only in tiers.
    pub fn url(&self, speech: &Speech) -> Result<Option<String>, Error> {
        // SAFETY: see above.
        text_found(|out| unsafe { sys::bhashatts_engine_url(self.get(), speech.get(), out) })
    }

    /// The same for a story's page, counted from 1; voice_style not said: as configured.
    pub fn story_page_url(
        &self,
        story_id: &str,
        page_number: i32,
        voice_style: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let (story, style) = (text(story_id), text_or_default(voice_style));
        // SAFETY: see above.
        text_found(|out| unsafe {
            sys::bhashatts_engine_story_page_url(self.get(), story, page_number, style, out)
        })
    }

    /// Makes the pages of a stories file's text (JSON Lines: `story_id`, `title`, `language`,
    /// `pages`) that are not kept yet. `progress` is called after each page, by one thread at a
    /// time, not always the same one; where it panics, so does this, when it is done.
    ///
    /// # Errors
    /// 2xx for bad options or stories; what becomes of the pages is in the report.
    pub fn prewarm(
        &self,
        stories: &str,
        options: &PrewarmOptions<'_>,
        mut progress: impl FnMut(&Progress) + Send,
    ) -> Result<PrewarmReport, Error> {
        let mut listener = Listener::new(&mut progress);
        let options = options.to_c(&mut listener);
        // SAFETY: see above.
        let made = text_made(|out| unsafe {
            sys::bhashatts_engine_prewarm(self.get(), text(stories), &options, out)
        });
        listener.end();
        made.map(PrewarmReport)
    }

    /// Adopts the audio that an export of AudioCache (docs/cli.md, import) tells of. `progress` is
    /// called after each row, as in [`prewarm`](Engine::prewarm).
    pub fn import(
        &self,
        path: impl AsRef<Path>,
        options: &ImportOptions<'_>,
        mut progress: impl FnMut(&Progress) + Send,
    ) -> Result<ImportReport, Error> {
        let path = path
            .as_ref()
            .to_str()
            .ok_or_else(|| Error::new(Code::TextNotUtf8, "the path of an export must be UTF-8"))?;
        let mut listener = Listener::new(&mut progress);
        let options = options.to_c(&mut listener);
        // SAFETY: see above.
        let made = text_made(|out| unsafe {
            sys::bhashatts_engine_import(self.get(), text(path), &options, out)
        });
        listener.end();
        made.map(ImportReport)
    }

    /// Whether all is well; asks the synthesizer at most every 30 s.
    pub fn status(&self) -> Result<StatusReport, Error> {
        // SAFETY: see above.
        text_made(|out| unsafe { sys::bhashatts_engine_status(self.get(), out) }).map(StatusReport)
    }

    /// What there is and was.
    pub fn stats(&self) -> Result<StatsReport, Error> {
        // SAFETY: see above.
        text_made(|out| unsafe { sys::bhashatts_engine_stats(self.get(), out) }).map(StatsReport)
    }

    /// Checks everything that is kept; `repair` heals what it can.
    pub fn verify(&self, repair: bool) -> Result<VerifyReport, Error> {
        // SAFETY: see above.
        text_made(|out| unsafe { sys::bhashatts_engine_verify(self.get(), repair.into(), out) })
            .map(VerifyReport)
    }

    /// The effective settings as JSON, secrets as `***`.
    pub fn config_json(&self) -> Result<String, Error> {
        // SAFETY: see above.
        text_made(|out| unsafe { sys::bhashatts_engine_config(self.get(), out) })
    }

    /// "This sounds wrong": the present take is never served again, and the next request makes
    /// another.
    ///
    /// # Errors
    /// [`NotFound`](Code::NotFound): there is no take to reject.
    pub fn reject(&self, request: &Request<'_>) -> Result<Rejected, Error> {
        let mut report = sys::RejectReport {
            struct_size: size_of::<sys::RejectReport>(),
            rejected: [0; 33],
            next_take: 0,
            speeches_dropped: 0,
        };
        let request = request.to_c();
        // SAFETY: see above.
        check(unsafe { sys::bhashatts_engine_reject(self.get(), &request, &mut report) })?;
        Ok(Rejected {
            key: Key::of(&report.rejected),
            next_take: report.next_take,
            speeches_dropped: report.speeches_dropped,
        })
    }

    /// Erases a text in every language, style and format.
    pub fn forget_text(&self, page: &str) -> Result<Forgotten, Error> {
        // SAFETY: see above.
        forgotten(|report| unsafe {
            sys::bhashatts_engine_forget_text(self.get(), text(page), report)
        })
    }

    /// Erases all usage of a user.
    pub fn forget_user(&self, user_id: &str) -> Result<Forgotten, Error> {
        // SAFETY: see above.
        forgotten(|report| unsafe {
            sys::bhashatts_engine_forget_user(self.get(), text(user_id), report)
        })
    }

    /// Removes audio: from the tiers, or everywhere.
    pub fn clear(&self, options: &ClearOptions<'_>) -> Result<Cleared, Error> {
        let options = sys::ClearOptions {
            struct_size: size_of::<sys::ClearOptions>(),
            all: options.all.into(),
            dry_run: options.dry_run.into(),
            language: text_or_default(options.language),
        };
        let size = size_of::<sys::ClearReport>();
        let mut report =
            sys::ClearReport { struct_size: size, cache_entries: 0, blobs: 0, records: 0 };
        // SAFETY: see above.
        check(unsafe { sys::bhashatts_engine_clear(self.get(), &options, &mut report) })?;
        Ok(Cleared {
            cache_entries: report.cache_entries,
            blobs: report.blobs,
            records: report.records,
        })
    }

    /// Waits until all that is owed (cache writes, usage) is written.
    pub fn flush(&self) -> Result<(), Error> {
        // SAFETY: see above.
        check(unsafe { sys::bhashatts_engine_flush(self.get()) })
    }

    /// Takes no more requests, waits so long for paid work (not said: as configured), and writes
    /// what is owed. May be called again.
    pub fn close(&self, drain: Option<Duration>) -> Result<(), Error> {
        // SAFETY: see above.
        check(unsafe { sys::bhashatts_engine_close(self.get(), milliseconds_or_default(drain)) })
    }

    #[inline]
    fn get(&self) -> *mut sys::Engine {
        self.0.get()
    }
}

fn forgotten(
    forget: impl FnOnce(*mut sys::ForgetReport) -> sys::Status,
) -> Result<Forgotten, Error> {
    let size = size_of::<sys::ForgetReport>();
    let mut report =
        sys::ForgetReport { struct_size: size, speeches: 0, utterances: 0, usage_events: 0 };
    check(forget(&mut report))?;
    Ok(Forgotten {
        speeches: report.speeches,
        utterances: report.utterances,
        usage_events: report.usage_events,
    })
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}
