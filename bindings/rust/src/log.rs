use std::os::raw::c_void;
use std::ptr::null_mut;

use crate::convert::str_of;
use crate::error::{check, Error};
use crate::numbers::numbered;
use crate::plugin::{caught, context_of, destroy};
use crate::sys;

numbered! {
    /// How much a log line matters.
    pub enum Level {
        /// For those who look for a fault.
        Debug = 10 => "debug",
        /// What happens, now and then.
        Info = 20 => "info",
        /// What is degraded.
        Warning = 30 => "warning",
        /// What went wrong.
        Error = 40 => "error",
    }
}

type Sink = Box<dyn Fn(Level, &str, &str) + Send + Sync>;

/// Sends log lines of `least` and above to a closure, as (level, component, message), in the place
/// of standard error. There is one for the whole process.
///
/// It is called from any thread, several at once, and must not call this library. A panic in it is
/// caught, and the line is lost. Texts of pages come only at [`Level::Debug`], secrets never.
///
/// ```
/// # fn main() -> Result<(), bhashatts::Error> {
/// bhashatts::set_log(bhashatts::Level::Info, |level, component, message| {
///     println!("{level} {component}: {message}");
/// })?;
/// # bhashatts::log_to_stderr()
/// # }
/// ```
pub fn set_log<F>(least: Level, sink: F) -> Result<(), Error>
where
    F: Fn(Level, &str, &str) + Send + Sync + 'static,
{
    let sink: Sink = Box::new(sink);
    let context = context_of(sink);
    // SAFETY: the context is a `Sink`, as both functions expect; the library gives it back once.
    check(unsafe {
        sys::bhashatts_set_log(Some(write), least.number(), context, Some(destroy::<Sink>))
    })
}

/// Sends warnings and errors to standard error again, as at the start.
pub fn log_to_stderr() -> Result<(), Error> {
    // SAFETY: there is no context.
    check(unsafe { sys::bhashatts_set_log(None, Level::Warning.number(), null_mut(), None) })
}

unsafe extern "C" fn write(
    context: *mut c_void,
    level: i32,
    component: sys::Text,
    message: sys::Text,
) {
    // A level between ours is one that only a newer library knows.
    let level = Level::of(level).unwrap_or(Level::Warning);
    // SAFETY: the context is a `Sink` until destroy; the texts are valid until this returns.
    let (sink, component, message) =
        unsafe { (&*context.cast::<Sink>(), str_of(component), str_of(message)) };
    let _ = caught(|| sink(level, component, message));
}
