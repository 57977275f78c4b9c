//! What is to be spoken.
//!
//! A request borrows its texts and is Copy: a hit takes less than half a microsecond, and copying
//! the text of a page would be a good part of it.

use std::mem::size_of;
use std::time::Duration;

use crate::convert::{milliseconds_or_default, text, text_or_default};
use crate::numbers::numbered;
use crate::{sys, Cancel};

numbered! {
    /// How audio is encoded.
    #[derive(Default)]
    pub enum Format {
        /// 16 bit PCM; the default.
        #[default]
        Wav = 1 => "wav",
        /// Lossless.
        Flac = 2 => "flac",
        /// In Ogg; for the web.
        Opus = 3 => "opus",
        /// For whatever plays nothing else.
        Mp3 = 4 => "mp3",
    }
}

/// What is to be spoken, and how. It borrows its texts, and nothing of it is kept behind a call.
///
/// ```
/// # use bhashatts::{Format, Request};
/// # use std::time::Duration;
/// let request = Request::new("வணக்கம் குழந்தைகளே")
///     .language("TAMIL")
///     .format(Format::Opus)
///     .timeout(Duration::from_secs(20));
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Request<'a> {
    text: &'a str,
    language: Option<&'a str>,
    voice_style: Option<&'a str>,
    format: Format,
    no_fallback: bool,
    timeout: Option<Duration>,
    cancel: Option<&'a Cancel>,
    user_id: Option<&'a str>,
    story_id: Option<&'a str>,
    page_number: i32,
}

impl<'a> Request<'a> {
    /// A text in Hindi, in the configured style, as WAV, of nobody and of no page.
    pub fn new(text: &'a str) -> Request<'a> {
        Request {
            text,
            language: None,
            voice_style: None,
            format: Format::Wav,
            no_fallback: false,
            timeout: None,
            cancel: None,
            user_id: None,
            story_id: None,
            page_number: 0,
        }
    }

    /// "HINDI", "TAMIL", ...: [`voices`](crate::voices) lists them.
    pub fn language(mut self, language: &'a str) -> Self {
        self.language = Some(language);
        self
    }

    /// "storyteller", ...: [`voices`](crate::voices) lists them.
    pub fn voice_style(mut self, style: &'a str) -> Self {
        self.voice_style = Some(style);
        self
    }

    /// How the audio is encoded.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// The first voice or none.
    pub fn no_fallback(mut self) -> Self {
        self.no_fallback = true;
        self
    }

    /// How long this caller waits; not said: as configured. The work goes on.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// What ends this caller's wait.
    pub fn cancel(mut self, cancel: &'a Cancel) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// For whom, for the usage log.
    pub fn user_id(mut self, user: &'a str) -> Self {
        self.user_id = Some(user);
        self
    }

    /// Links the speech to a page, counted from 1.
    pub fn page(mut self, story_id: &'a str, page_number: i32) -> Self {
        self.story_id = Some(story_id);
        self.page_number = page_number;
        self
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The struct points at what this request borrows: it is valid for 'a.
    #[inline]
    pub(crate) fn to_c(self) -> sys::Request {
        sys::Request {
            struct_size: size_of::<sys::Request>(),
            text: text(self.text),
            language: text_or_default(self.language),
            voice_style: text_or_default(self.voice_style),
            format: self.format.number(),
            no_fallback: self.no_fallback.into(),
            timeout_ms: milliseconds_or_default(self.timeout),
            cancel: Cancel::optional(self.cancel),
            user_id: text_or_default(self.user_id),
            story_id: text_or_default(self.story_id),
            page_number: self.page_number,
        }
    }
}
