//! Handles: what the C API gives out, and takes back exactly once.

use std::ptr::{null_mut, NonNull};
#[cfg(debug_assertions)]
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::convert::str_of;
use crate::error::{check, Code, Error};
use crate::sys::{self, Status};

/// What is behind a handle.
pub(crate) trait Object {
    /// # Safety
    /// `this` is a handle of this type; it is not used any more.
    unsafe fn destroy(this: *mut Self) -> Status;
}

/// An object that several threads may use at once: rule R10.
pub(crate) trait Shared: Object {}

/// What was made and is not destroyed, for tests: a handle that is left is memory that is left. Not
/// where programs are fast.
#[cfg(debug_assertions)]
pub(crate) static LIVE: AtomicUsize = AtomicUsize::new(0);

macro_rules! objects {
    ($($name:ident: $destroy:ident),*) => {$(
        impl Object for sys::$name {
            unsafe fn destroy(this: *mut Self) -> Status {
                // SAFETY: as the caller says.
                unsafe { sys::$destroy(this) }
            }
        }
    )*};
}
objects!(
    Config: bhashatts_config_destroy,
    Engine: bhashatts_engine_destroy,
    Speech: bhashatts_speech_destroy,
    Stream: bhashatts_stream_destroy,
    Timings: bhashatts_timings_destroy,
    String: bhashatts_string_destroy,
    Cancel: bhashatts_cancel_destroy
);
impl Shared for sys::Config {}
impl Shared for sys::Engine {}
impl Shared for sys::Speech {}
impl Shared for sys::Timings {}
impl Shared for sys::String {}
impl Shared for sys::Cancel {}

/// Owns a handle. The pointer is a number to the library: never looked behind.
pub(crate) struct Handle<T: Object>(NonNull<T>);

// SAFETY: rule R10 lets every thread call with every handle, one after the other at least, and
// destroy it; the library keeps nothing of an object in a thread.
unsafe impl<T: Object> Send for Handle<T> {}
// SAFETY: `Shared` is for those that rule R10 lets several threads use at once.
unsafe impl<T: Shared> Sync for Handle<T> {}

impl<T: Object> Handle<T> {
    /// Calls `make` with where it puts the handle.
    #[inline]
    pub(crate) fn made(make: impl FnOnce(*mut *mut T) -> Status) -> Result<Self, Error> {
        let mut made = null_mut();
        check(make(&mut made))?;
        Handle::of(made)
    }

    /// The same; nothing where `make` says that it is not there.
    #[inline]
    pub(crate) fn found(make: impl FnOnce(*mut *mut T) -> Status) -> Result<Option<Self>, Error> {
        let mut made = null_mut();
        match make(&mut made) {
            sys::OK => Handle::of(made).map(Some),
            sys::NOT_FOUND => Ok(None),
            status => Err(Error::last(status)),
        }
    }

    #[inline]
    fn of(made: *mut T) -> Result<Self, Error> {
        let made = NonNull::new(made).ok_or_else(nothing_made)?;
        #[cfg(debug_assertions)]
        LIVE.fetch_add(1, Ordering::SeqCst);
        Ok(Handle(made))
    }

    #[inline]
    pub(crate) fn get(&self) -> *mut T {
        self.0.as_ptr()
    }
}

#[cold]
fn nothing_made() -> Error {
    Error::new(Code::Internal, "the library said that it made something, and gave nothing")
}

impl<T: Object> Drop for Handle<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the handle is of this type, and nobody can use it behind this.
        let status = unsafe { T::destroy(self.get()) };
        #[cfg(debug_assertions)]
        LIVE.fetch_sub((status == sys::OK).into(), Ordering::SeqCst);
        let _ = status; // an engine that its own plug-in drops stays
    }
}

impl Handle<sys::String> {
    pub(crate) fn to_text(&self) -> Result<String, Error> {
        let mut view = crate::convert::text("");
        // SAFETY: the handle is alive, `view` is written before the call returns.
        check(unsafe { sys::bhashatts_string_view(self.get(), &mut view) })?;
        // SAFETY: the view is valid until the handle is destroyed.
        Ok(unsafe { str_of(view) }.to_owned())
    }
}

/// The text that `make` gives.
pub(crate) fn text_made(
    make: impl FnOnce(*mut *mut sys::String) -> Status,
) -> Result<String, Error> {
    Handle::made(make)?.to_text()
}

/// The same; nothing where `make` says that it is not there.
pub(crate) fn text_found(
    make: impl FnOnce(*mut *mut sys::String) -> Status,
) -> Result<Option<String>, Error> {
    Handle::found(make)?.map(|text| text.to_text()).transpose()
}
