use std::fmt;
use std::ptr::null;
use std::sync::Arc;

use crate::error::Error;
use crate::handle::Handle;
use crate::sys;

/// Ends the calls that were given it, now and later, with [`Cancelled`](crate::Code::Cancelled).
///
/// It ends the caller's wait, never paid work: that goes on, is kept, and the next call finds it.
/// Clones stop the same calls.
#[derive(Clone)]
pub struct Cancel(Arc<Handle<sys::Cancel>>);

impl Cancel {
    /// One that nobody has asked for yet. Fails only where there is no memory.
    pub fn new() -> Result<Cancel, Error> {
        // SAFETY: `out` is where the handle goes.
        let made = Handle::made(|out| unsafe { sys::bhashatts_cancel_create(out) })?;
        Ok(Cancel(Arc::new(made)))
    }

    /// Ends the calls; from any thread, as often as you like.
    pub fn cancel(&self) {
        // SAFETY: the handle is alive. It can only be refused where it is not one.
        unsafe { sys::bhashatts_cancel_request(self.0.get()) };
    }

    /// What goes into a struct: null where there is none.
    pub(crate) fn optional(cancel: Option<&Cancel>) -> *const sys::Cancel {
        cancel.map_or(null(), |cancel| cancel.0.get())
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cancel")
    }
}
