//! A cache tier in Rust: the trait, and the functions that C calls.

use std::mem::size_of;
use std::os::raw::c_void;
use std::sync::Arc;
use std::time::Duration;

use super::{context_of, destroy, run, run_found, Bytes, Reply};
use crate::convert::{bytes, str_of, text};
use crate::{sys, Error};

/// Keeps values under keys (32 hex digits) for a while, and may forget them.
///
/// A value is opaque: the speech and what is known of it, with a checksum that the engine compares.
/// A member that fails or panics is skipped for that call and counted; it never fails a request.
/// All members may be called from any thread, several at once.
pub trait CacheTier: Send + Sync {
    /// Its name in stats, 1 to 64 bytes. Asked once, when the engine is opened.
    fn name(&self) -> String;

    /// The value; nothing where it is not here.
    fn get(&self, key: &str) -> Result<Option<Bytes>, Error>;

    /// Keeps a value; ttl counts from now. language: for `clear`.
    fn put(&self, key: &str, language: &str, value: &[u8], ttl: Duration) -> Result<(), Error>;

    /// Forgets a value; what is not there is no error.
    fn erase(&self, key: &str) -> Result<(), Error>;

    /// Removes the entries of a language, or of all, or only counts them; how many.
    fn clear(&self, language: Option<&str>, count_only: bool) -> Result<u64, Error>;
}

impl<T: CacheTier + ?Sized> CacheTier for Arc<T> {
    fn name(&self) -> String {
        (**self).name()
    }
    fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        (**self).get(key)
    }
    fn put(&self, key: &str, language: &str, value: &[u8], ttl: Duration) -> Result<(), Error> {
        (**self).put(key, language, value, ttl)
    }
    fn erase(&self, key: &str) -> Result<(), Error> {
        (**self).erase(key)
    }
    fn clear(&self, language: Option<&str>, count_only: bool) -> Result<u64, Error> {
        (**self).clear(language, count_only)
    }
}

pub(crate) type TierPart = Box<dyn CacheTier>;

/// The struct owns the context, and borrows the name.
pub(crate) fn to_c(tier: TierPart, name: &str) -> sys::CacheTier {
    sys::CacheTier {
        struct_size: size_of::<sys::CacheTier>(),
        context: context_of(tier),
        destroy: Some(destroy::<TierPart>),
        name: text(name),
        get: Some(get),
        put: Some(put),
        erase: Some(erase),
        clear: Some(clear),
    }
}

// In all of these: the context is a `TierPart`, texts and pointers are valid until they return.

unsafe extern "C" fn get(
    context: *mut c_void,
    key: sys::Text,
    reply: *mut sys::Reply,
) -> sys::Status {
    let member = |tier: &TierPart| {
        // SAFETY: see above.
        let found = tier.get(unsafe { str_of(key) })?;
        found.map(|value| Reply(reply).bytes(value)).transpose()
    };
    // SAFETY: see above.
    unsafe { run_found(context, member) }
}

unsafe extern "C" fn put(
    context: *mut c_void,
    key: sys::Text,
    language: sys::Text,
    value: *const c_void,
    size: usize,
    ttl_seconds: i64,
) -> sys::Status {
    let ttl = Duration::from_secs(u64::try_from(ttl_seconds).unwrap_or(0));
    let member = |tier: &TierPart| {
        // SAFETY: see above.
        let (key, language, value) =
            unsafe { (str_of(key), str_of(language), bytes(value.cast(), size)) };
        tier.put(key, language, value, ttl)
    };
    // SAFETY: see above.
    unsafe { run(context, member) }
}

unsafe extern "C" fn erase(context: *mut c_void, key: sys::Text) -> sys::Status {
    // SAFETY: see above.
    unsafe { run(context, |tier: &TierPart| tier.erase(str_of(key))) }
}

unsafe extern "C" fn clear(
    context: *mut c_void,
    language: sys::Text,
    count_only: i32,
    entries: *mut i64,
) -> sys::Status {
    let member = |tier: &TierPart| {
        // SAFETY: see above.
        let language = Some(unsafe { str_of(language) }).filter(|name| !name.is_empty());
        let count = tier.clear(language, count_only != 0)?;
        // SAFETY: see above.
        unsafe { *entries = i64::try_from(count).unwrap_or(i64::MAX) };
        Ok(())
    };
    // SAFETY: see above.
    unsafe { run(context, member) }
}
