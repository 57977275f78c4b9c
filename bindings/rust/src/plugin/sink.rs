//! An event sink in Rust: the trait, and the function that C calls.

use std::mem::size_of;
use std::os::raw::c_void;
use std::sync::Arc;

use super::{context_of, destroy, run};
use crate::convert::{str_of, text};
use crate::{sys, Error};

/// Hears of usage and of speeches that were made.
pub trait EventSink: Send + Sync {
    /// Of its cursor in the catalog, 1 to 64 bytes: who comes back under its name goes on where it
    /// was. Asked once, when the engine is opened.
    fn name(&self) -> String;

    /// Takes events, a JSON list with ascending `id`s, at least once each, by one thread of one
    /// process of the host at a time. Returns when they are safe; where it fails or panics they
    /// come again.
    fn deliver(&self, events_json: &str) -> Result<(), Error>;
}

impl<T: EventSink + ?Sized> EventSink for Arc<T> {
    fn name(&self) -> String {
        (**self).name()
    }
    fn deliver(&self, events_json: &str) -> Result<(), Error> {
        (**self).deliver(events_json)
    }
}

pub(crate) type SinkPart = Box<dyn EventSink>;

/// The struct owns the context, and borrows the name.
pub(crate) fn to_c(sink: SinkPart, name: &str) -> sys::EventSink {
    sys::EventSink {
        struct_size: size_of::<sys::EventSink>(),
        context: context_of(sink),
        destroy: Some(destroy::<SinkPart>),
        name: text(name),
        deliver: Some(deliver),
    }
}

unsafe extern "C" fn deliver(context: *mut c_void, events_json: sys::Text) -> sys::Status {
    // SAFETY: the context is a `SinkPart`, the text is valid until this returns.
    unsafe { run(context, |sink: &SinkPart| sink.deliver(str_of(events_json))) }
}
