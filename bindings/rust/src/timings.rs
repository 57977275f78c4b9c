use std::fmt;
use std::mem::size_of;
use std::ops::Range;
use std::time::Duration;

use crate::convert::{duration, text};
use crate::error::{check, Error};
use crate::handle::{text_made, Handle};
use crate::sys;

const UTTERANCES: i32 = 1;
const WORDS: i32 = 2;

/// When a part of a text is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timing {
    /// From when, in the audio.
    pub start: Duration,
    /// Until when.
    pub end: Duration,
    /// Where it stands in the text as it was sent, in bytes: `&text[timing.bytes]` is it.
    pub bytes: Range<usize>,
    /// The same in code points (Rust's `char`s).
    pub chars: Range<u32>,
    /// The same in UTF-16 code units, for JavaScript.
    pub utf16: Range<u32>,
}

/// When what is heard of a speech. Threads may share it.
pub struct Timings {
    handle: Handle<sys::Timings>,
    bytes: Vec<usize>, // at which each code point begins, and the end
}

impl Timings {
    pub(crate) fn of(handle: Handle<sys::Timings>, text: &str) -> Timings {
        let begins = text.char_indices().map(|(at, _)| at);
        Timings { handle, bytes: begins.chain([text.len()]).collect() }
    }

    /// Of utterances: exact.
    pub fn utterances(&self) -> Result<Vec<Timing>, Error> {
        self.all(UTTERANCES)
    }

    /// Of words: estimated.
    pub fn words(&self) -> Result<Vec<Timing>, Error> {
        self.all(WORDS)
    }

    /// All of them as JSON, as `bhashatts say --timings FILE` writes it.
    pub fn to_json(&self) -> Result<String, Error> {
        // SAFETY: the handle is alive, `out` is where the text's goes.
        text_made(|out| unsafe { sys::bhashatts_timings_json(self.handle.get(), out) })
    }

    /// As WebVTT; page: the text as it was sent.
    pub fn to_webvtt(&self, page: &str) -> Result<String, Error> {
        // SAFETY: as above; `page` is alive until the call returns.
        text_made(|out| unsafe {
            sys::bhashatts_timings_webvtt(self.handle.get(), text(page), out)
        })
    }

    fn all(&self, kind: i32) -> Result<Vec<Timing>, Error> {
        let mut count = 0;
        // SAFETY: the handle is alive, `count` is written before the call returns.
        check(unsafe { sys::bhashatts_timings_count(self.handle.get(), kind, &mut count) })?;
        (0..count).map(|index| self.one(kind, index)).collect()
    }

    fn one(&self, kind: i32, index: usize) -> Result<Timing, Error> {
        let mut timing = sys::Timing {
            struct_size: size_of::<sys::Timing>(),
            start_ms: 0,
            end_ms: 0,
            begin: 0,
            end: 0,
            begin_utf16: 0,
            end_utf16: 0,
        };
        // SAFETY: the handle is alive, and `timing` as large as it says.
        check(unsafe { sys::bhashatts_timings_get(self.handle.get(), kind, index, &mut timing) })?;
        Ok(Timing {
            bytes: self.byte(timing.begin)..self.byte(timing.end),
            start: duration(timing.start_ms),
            end: duration(timing.end_ms),
            chars: timing.begin..timing.end,
            utf16: timing.begin_utf16..timing.end_utf16,
        })
    }

    fn byte(&self, point: u32) -> usize {
        let last = self.bytes.len() - 1; // there is always the end
        self.bytes[last.min(point as usize)]
    }
}

impl fmt::Debug for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timings").field(&self.to_json().unwrap_or_default()).finish()
    }
}
