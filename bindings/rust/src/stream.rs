use std::fmt;
use std::iter::FusedIterator;
use std::mem::size_of;
use std::time::Duration;

use crate::convert::duration;
use crate::error::Error;
use crate::handle::Handle;
use crate::{sys, Speech};

/// One utterance of a page.
#[derive(Debug)]
#[non_exhaustive]
pub struct Utterance {
    /// A whole file of its own.
    pub speech: Speech,
    /// Which one it is, from 0.
    pub number: usize,
    /// How many the page has.
    pub count: usize,
    /// How long to wait before the next one is played.
    pub pause_after: Duration,
}

/// A page, utterance by utterance, each as soon as it is there.
///
/// [`next`](Iterator::next) waits for it. An error is the last item. The whole page is kept,
/// whoever listens to its end: dropping a stream stops nothing. A stream may move to another
/// thread, but is used by one at a time, so that it is no `Sync`. One that outlives its engine ends
/// with [`Closed`](crate::Code::Closed).
#[must_use = "the page is made all the same, but nobody hears it"]
pub struct Stream(Option<Handle<sys::Stream>>); // none behind the end

impl Stream {
    pub(crate) fn of(handle: Handle<sys::Stream>) -> Self {
        Stream(Some(handle))
    }

    fn step(handle: &Handle<sys::Stream>) -> Result<Option<Utterance>, Error> {
        let size = size_of::<sys::StreamPlace>();
        let mut place =
            sys::StreamPlace { struct_size: size, number: 0, count: 0, pause_after_ms: 0 };
        // SAFETY: the handle is alive, and used by this thread only, as next() borrows it mutably.
        let found = Handle::found(|out| unsafe {
            sys::bhashatts_stream_next(handle.get(), out, &mut place)
        })?;
        let utterance = |speech| Utterance {
            speech,
            number: place.number,
            count: place.count,
            pause_after: duration(place.pause_after_ms),
        };
        found.map(|handle| Speech::of(handle).map(utterance)).transpose()
    }
}

impl Iterator for Stream {
    type Item = Result<Utterance, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = Stream::step(self.0.as_ref()?);
        if !matches!(next, Ok(Some(_))) {
            self.0 = None;
        }
        next.transpose()
    }
}

impl FusedIterator for Stream {}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("ended", &self.0.is_none()).finish()
    }
}
