//! What you may put in the place of the engine's parts.
//!
//! A plug-in becomes a struct of function pointers and a context: the plug-in itself, boxed twice,
//! as a pointer to a trait object has two words and a context one. Each function runs the plug-in
//! behind `catch_unwind`, since nothing may unwind into C; a panic becomes an error that says what
//! it said. The plug-in may be called again after it has panicked: what it guards by a Mutex is
//! poisoned then, which is why `AssertUnwindSafe` is right here.

mod bytes;
pub(crate) mod sink;
pub(crate) mod store;
pub(crate) mod synthesizer;
pub(crate) mod tier;

use std::any::Any;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::convert::text;
use crate::error::check;
use crate::{sys, Code, Error};

pub use bytes::Bytes;
pub use sink::EventSink;
pub use store::{BlobLabels, BlobStore, PutOutcome};
pub use synthesizer::{
    Limits, State, Stop, Synthesis, SynthesisRequest, Synthesizer, SynthesizerStatus,
};
pub use tier::CacheTier;

pub(crate) use sink::SinkPart;
pub(crate) use store::StorePart;
pub(crate) use synthesizer::SynthesizerPart;
pub(crate) use tier::TierPart;

/// The context that `plugin` is behind; given back by [`destroy`] of the same type.
pub(crate) fn context_of<T>(plugin: T) -> *mut c_void {
    Box::into_raw(Box::new(plugin)).cast()
}

/// # Safety
/// `context` is of `context_of::<T>`, and nobody uses it behind this.
pub(crate) unsafe extern "C" fn destroy<T>(context: *mut c_void) {
    // SAFETY: as the caller says.
    let plugin = unsafe { Box::from_raw(context.cast::<T>()) };
    let _ = caught(|| drop(plugin));
}

/// What it panicked with, as a plug-in's error.
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let said = said(panic.as_ref());
        discard(panic);
        Error::new(Code::PluginFailed, format!("the plug-in panicked: {said}"))
    })
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    // The first line: messages are one.
    let text = text.unwrap_or_else(|| "something that is no text".to_owned());
    text.lines().next().unwrap_or("").to_owned()
}

// What is thrown may throw when it is dropped, and what that throws may too: at last it is left.
fn discard(mut panic: Box<dyn Any + Send>) {
    for _ in 0..3 {
        match catch_unwind(AssertUnwindSafe(|| drop(panic))) {
            Ok(()) => return,
            Err(again) => panic = again,
        }
    }
    std::mem::forget(panic);
}

/// Runs a member of the plug-in behind `context`; what it returns to C.
///
/// # Safety
/// `context` is of `context_of::<T>`, and is not destroyed before this returns.
unsafe fn run<T>(
    context: *mut c_void,
    member: impl FnOnce(&T) -> Result<(), Error>,
) -> sys::Status {
    // SAFETY: as the caller says. It is only ever shared: T is Sync.
    let plugin = unsafe { &*context.cast::<T>() };
    match caught(|| member(plugin)).and_then(|result| result) {
        Ok(()) => sys::OK,
        Err(error) => error.tell(),
    }
}

/// The same for what may not be there.
///
/// # Safety
/// As `run`.
unsafe fn run_found<T>(
    context: *mut c_void,
    member: impl FnOnce(&T) -> Result<Option<()>, Error>,
) -> sys::Status {
    let mut found = true;
    // SAFETY: as the caller says.
    let status = unsafe {
        run(context, |plugin: &T| {
            found = member(plugin)?.is_some();
            Ok(())
        })
    };
    if status == sys::OK && !found {
        return sys::NOT_FOUND;
    }
    status
}

/// Where a member puts what it gives back; valid until it returns.
#[derive(Clone, Copy)]
struct Reply(*mut sys::Reply);

impl Reply {
    fn text(self, answer: &str) -> Result<(), Error> {
        // SAFETY: the member that got the reply is running; the text is copied.
        check(unsafe { sys::bhashatts_reply_text(self.0, text(answer)) })
    }

    fn bytes(self, bytes: Bytes) -> Result<(), Error> {
        let context = Box::into_raw(Box::new(bytes));
        // SAFETY: the box is alive until release, which comes exactly once, here at the soonest
        // when the call returns; nobody changes the bytes, for nobody else has them mutably.
        check(unsafe {
            let bytes = (*context).as_slice();
            let (data, size) = (bytes.as_ptr().cast(), bytes.len());
            sys::bhashatts_reply_owned_bytes(
                self.0,
                data,
                size,
                Some(destroy::<Bytes>),
                context.cast(),
            )
        })
    }
}
