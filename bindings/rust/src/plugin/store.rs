//! A blob store in Rust: the trait, its values, and the functions that C calls.

use std::mem::size_of;
use std::os::raw::c_void;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{context_of, destroy, run, run_found, Bytes, Reply};
use crate::convert::{bytes, duration, str_of, text};
use crate::{sys, Code, Error};

/// What goes with an object, for whoever reads the store without the engine.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct BlobLabels<'a> {
    /// "audio/flac", ...
    pub media_type: &'a str,
    /// Hash of all that decides how it sounds; may be empty.
    pub identity: &'a str,
    /// Nothing where it is not audio.
    pub duration: Option<Duration>,
}

/// Who was first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// This object is stored.
    Stored,
    /// One was there, and was left as it is.
    AlreadyThere,
}

/// The permanent store: it never forgets by itself.
///
/// Names look like `audio/tts/<key>.flac`. All members may be called from any thread, several at
/// once. One that fails says why; one that panics fails with
/// [`PluginFailed`](crate::Code::PluginFailed).
pub trait BlobStore: Send + Sync {
    /// The object; nothing where there is none.
    fn get(&self, name: &str) -> Result<Option<Bytes>, Error>;

    /// First writer wins. What is stored when this returns survives a loss of power.
    fn put_if_absent(
        &self,
        name: &str,
        data: &[u8],
        labels: &BlobLabels<'_>,
    ) -> Result<PutOutcome, Error>;

    /// Its size in bytes; nothing where there is none.
    fn info(&self, name: &str) -> Result<Option<u64>, Error>;

    /// Removes an object; what is not there is no error.
    fn remove(&self, name: &str) -> Result<(), Error>;

    /// Calls `visit` with name and size of each object whose name begins with `prefix`, in any
    /// order, until it returns false.
    fn list(&self, prefix: &str, visit: &mut dyn FnMut(&str, u64) -> bool) -> Result<(), Error>;

    /// Where a client fetches the object.
    fn url(&self, name: &str) -> Result<String, Error>;

    /// The object as a file of this machine; nothing where it is none.
    fn local_path(&self, name: &str) -> Result<Option<PathBuf>, Error> {
        let _ = name;
        Ok(None)
    }
}

impl<T: BlobStore + ?Sized> BlobStore for Arc<T> {
    fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        (**self).get(name)
    }
    fn put_if_absent(
        &self,
        name: &str,
        data: &[u8],
        labels: &BlobLabels<'_>,
    ) -> Result<PutOutcome, Error> {
        (**self).put_if_absent(name, data, labels)
    }
    fn info(&self, name: &str) -> Result<Option<u64>, Error> {
        (**self).info(name)
    }
    fn remove(&self, name: &str) -> Result<(), Error> {
        (**self).remove(name)
    }
    fn list(&self, prefix: &str, visit: &mut dyn FnMut(&str, u64) -> bool) -> Result<(), Error> {
        (**self).list(prefix, visit)
    }
    fn url(&self, name: &str) -> Result<String, Error> {
        (**self).url(name)
    }
    fn local_path(&self, name: &str) -> Result<Option<PathBuf>, Error> {
        (**self).local_path(name)
    }
}

pub(crate) type StorePart = Box<dyn BlobStore>;

/// The struct owns the context.
pub(crate) fn to_c(store: StorePart) -> sys::BlobStore {
    sys::BlobStore {
        struct_size: size_of::<sys::BlobStore>(),
        context: context_of(store),
        destroy: Some(destroy::<StorePart>),
        get: Some(get),
        put_if_absent: Some(put_if_absent),
        info: Some(info),
        remove: Some(remove),
        list: Some(list),
        url: Some(url),
        local_path: Some(local_path),
    }
}

// In all of these: the context is a `StorePart`, texts and pointers are valid until they return.

unsafe extern "C" fn get(
    context: *mut c_void,
    name: sys::Text,
    reply: *mut sys::Reply,
) -> sys::Status {
    let member = |store: &StorePart| {
        // SAFETY: see above.
        let found = store.get(unsafe { str_of(name) })?;
        found.map(|object| Reply(reply).bytes(object)).transpose()
    };
    // SAFETY: see above.
    unsafe { run_found(context, member) }
}

/// # Safety
/// The labels, and what they point at, are valid during 'a.
unsafe fn labels_of<'a>(from: &'a sys::BlobLabels) -> BlobLabels<'a> {
    BlobLabels {
        // SAFETY: as the caller says.
        media_type: unsafe { str_of(from.media_type) },
        // SAFETY: as the caller says.
        identity: unsafe { str_of(from.identity) },
        duration: Some(duration(from.duration_ms)).filter(|time| *time > Duration::ZERO),
    }
}

unsafe extern "C" fn put_if_absent(
    context: *mut c_void,
    name: sys::Text,
    data: *const c_void,
    size: usize,
    labels: *const sys::BlobLabels,
    already_there: *mut i32,
) -> sys::Status {
    let member = |store: &StorePart| {
        // SAFETY: see above.
        let (name, data, labels) =
            unsafe { (str_of(name), bytes(data.cast(), size), labels_of(&*labels)) };
        let outcome = store.put_if_absent(name, data, &labels)?;
        // SAFETY: see above.
        unsafe { *already_there = (outcome == PutOutcome::AlreadyThere).into() };
        Ok(())
    };
    // SAFETY: see above.
    unsafe { run(context, member) }
}

unsafe extern "C" fn info(
    context: *mut c_void,
    name: sys::Text,
    size_bytes: *mut u64,
) -> sys::Status {
    let member = |store: &StorePart| {
        // SAFETY: see above.
        let found = store.info(unsafe { str_of(name) })?;
        // SAFETY: see above.
        Ok(found.map(|size| unsafe { *size_bytes = size }))
    };
    // SAFETY: see above.
    unsafe { run_found(context, member) }
}

unsafe extern "C" fn remove(context: *mut c_void, name: sys::Text) -> sys::Status {
    // SAFETY: see above.
    unsafe { run(context, |store: &StorePart| store.remove(str_of(name))) }
}

unsafe extern "C" fn list(
    context: *mut c_void,
    prefix: sys::Text,
    visit: Option<sys::OnBlob>,
    visitor: *mut sys::Visitor,
) -> sys::Status {
    let member = |store: &StorePart| {
        let mut show = |name: &str, size: u64| {
            // SAFETY: the visitor is valid until this listing returns; the name is looked at.
            visit.map_or(false, |visit| unsafe { visit(visitor, text(name), size) } != 0)
        };
        // SAFETY: see above.
        store.list(unsafe { str_of(prefix) }, &mut show)
    };
    // SAFETY: see above.
    unsafe { run(context, member) }
}

unsafe extern "C" fn url(
    context: *mut c_void,
    name: sys::Text,
    reply: *mut sys::Reply,
) -> sys::Status {
    // SAFETY: see above.
    let member = |store: &StorePart| Reply(reply).text(&store.url(unsafe { str_of(name) })?);
    // SAFETY: see above.
    unsafe { run(context, member) }
}

unsafe extern "C" fn local_path(
    context: *mut c_void,
    name: sys::Text,
    reply: *mut sys::Reply,
) -> sys::Status {
    let member = |store: &StorePart| {
        // SAFETY: see above.
        let found = store.local_path(unsafe { str_of(name) })?;
        found.map(|path| Reply(reply).text(utf8(&path)?)).transpose()
    };
    // SAFETY: see above.
    unsafe { run_found(context, member) }
}

fn utf8(path: &std::path::Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| Error::new(Code::TextNotUtf8, "the store's path is not UTF-8"))
}
