//! Audio, and what is known of it.
//!
//! Where the audio lies is asked once, when the speech is made: then looking at it costs nothing
//! and cannot fail. What is known of it is asked when somebody wants it, which for a hit is seldom.

use std::fmt;
use std::mem::{size_of, zeroed};
use std::ptr::null;
use std::time::{Duration, SystemTime};

use crate::convert::{bytes, duration, str_of};
use crate::error::{check, Error};
use crate::handle::Handle;
use crate::numbers::numbered;
use crate::{sys, Format};

numbered! {
    /// Where a speech came from.
    pub enum Origin {
        /// This process's memory.
        Memory = 1 => "memory",
        /// The disk of this machine.
        Lmdb = 2 => "lmdb",
        /// Redis, which hosts share.
        Redis = 3 => "redis",
        /// The permanent store.
        Blob = 4 => "blob",
        /// Waited for a synthesis that another began.
        Joined = 5 => "joined",
        /// This call made it.
        Synthesized = 6 => "synthesized",
        /// A tier of the host's own.
        Tier = 7 => "tier",
    }
}

/// A speech's key: 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    pub(crate) fn of(text: &[std::os::raw::c_char; 33]) -> Key {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(text) {
            *to = *from as u8; // a C char has a sign or none
        }
        Key(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// What is known of a speech.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SpeechInfo<'a> {
    /// What it is kept under.
    pub cache_key: Key,
    /// How it is encoded; nothing where only a newer library knows that format.
    pub format: Option<Format>,
    /// Where this call had it from; nothing where only a newer library knows that place.
    pub origin: Option<Origin>,
    /// It was there already.
    pub cached: bool,
    /// Another voice than the first one speaks.
    pub fallback: bool,
    /// In Hz.
    pub sample_rate: i32,
    /// How long it is.
    pub duration: Duration,
    /// What this call paid, in millionths of a US dollar.
    pub cost_micro_usd: i64,
    /// How long making it took.
    pub generation_time: Duration,
    /// What making it cost, in millionths of a US dollar.
    pub generation_cost_micro_usd: i64,
    /// When it was made.
    pub created_at: SystemTime,
    /// Above 0: earlier takes were rejected.
    pub take: i32,
    /// Of how many utterances it was joined.
    pub utterances: i32,
    /// "HINDI", ...
    pub language: &'a str,
    /// "storyteller", ...
    pub voice_style: &'a str,
    /// Who speaks: the identity of the synthesizer.
    pub synthesizer: &'a str,
}

/// Audio, and what is known of it.
///
/// The audio is not copied: it is a view of what the engine keeps, which stays as it is while the
/// speech is there, also when its engine is not any more. Threads may share it, in an
/// [`Arc`](std::sync::Arc) for instance.
pub struct Speech {
    handle: Handle<sys::Speech>,
    audio: *const u8,
    size: usize,
}

// SAFETY: the audio belongs to the handle, which may move to another thread, and nobody changes it.
unsafe impl Send for Speech {}
// SAFETY: the audio is only ever read; the handle may be used by several threads at once.
unsafe impl Sync for Speech {}

impl Speech {
    #[inline]
    pub(crate) fn of(handle: Handle<sys::Speech>) -> Result<Speech, Error> {
        let mut speech = Speech { handle, audio: null(), size: 0 };
        let Speech { handle, audio, size } = &mut speech;
        // SAFETY: the handle is alive, both are written before the call returns.
        check(unsafe { sys::bhashatts_speech_audio(handle.get(), audio, size) })?;
        Ok(speech)
    }

    /// The encoded audio: a whole file.
    #[inline]
    pub fn audio(&self) -> &[u8] {
        // SAFETY: valid and never changed until the handle is destroyed, which is when self goes.
        unsafe { bytes(self.audio, self.size) }
    }

    /// What is known of it.
    pub fn info(&self) -> SpeechInfo<'_> {
        // SAFETY: numbers, and texts for which null and 0 is the empty one.
        let mut info: sys::SpeechInfo = unsafe { zeroed() };
        info.struct_size = size_of::<sys::SpeechInfo>();
        // SAFETY: the handle is alive and `info` as large as it says. Only a handle that is none
        // could be refused.
        let status = unsafe { sys::bhashatts_speech_get_info(self.handle.get(), &mut info) };
        debug_assert_eq!(status, sys::OK);
        // SAFETY: the texts are valid until the handle is destroyed, and that cannot be while self
        // is borrowed.
        unsafe { SpeechInfo::of(&info) }
    }

    #[inline]
    pub(crate) fn get(&self) -> *const sys::Speech {
        self.handle.get()
    }
}

impl<'a> SpeechInfo<'a> {
    /// # Safety
    /// The texts are valid during 'a.
    unsafe fn of(info: &sys::SpeechInfo) -> SpeechInfo<'a> {
        // SAFETY: as the caller says.
        let [language, voice_style, synthesizer] =
            [info.language, info.voice_style, info.synthesizer].map(|text| unsafe { str_of(text) });
        SpeechInfo {
            cache_key: Key::of(&info.cache_key),
            format: Format::of(info.format),
            origin: Origin::of(info.origin),
            cached: info.cached != 0,
            fallback: info.fallback != 0,
            sample_rate: info.sample_rate,
            duration: duration(info.duration_ms),
            cost_micro_usd: info.cost_micro_usd,
            generation_time: duration(info.generation_time_ms),
            generation_cost_micro_usd: info.generation_cost_micro_usd,
            created_at: since_1970(info.created_at),
            take: info.take,
            utterances: info.utterances,
            language,
            voice_style,
            synthesizer,
        }
    }
}

fn since_1970(seconds: i64) -> SystemTime {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
}

impl AsRef<[u8]> for Speech {
    fn as_ref(&self) -> &[u8] {
        self.audio()
    }
}

impl fmt::Debug for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut speech = f.debug_struct("Speech");
        speech.field("bytes", &self.size).field("info", &self.info()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_newer_library_knows_is_nothing_we_know() {
        // SAFETY: numbers, and texts for which null and 0 is the empty one.
        let mut info: sys::SpeechInfo = unsafe { zeroed() };
        (info.format, info.origin) = (99, 99);
        // SAFETY: the texts are empty.
        let known = unsafe { SpeechInfo::of(&info) };
        assert_eq!((known.format, known.origin), (None, None));
    }
}
