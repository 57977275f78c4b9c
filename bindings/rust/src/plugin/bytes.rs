use std::fmt;

/// Bytes that a plug-in gives to the engine, without a copy.
///
/// They are made from what owns bytes: a `Vec<u8>`, a `Box<[u8]>`, an `Arc<[u8]>`, a
/// `&'static [u8]`, or anything else that is `AsRef<[u8]>`, by [`Bytes::owned_by`].
pub struct Bytes(Box<dyn AsRef<[u8]> + Send + Sync>);

impl Bytes {
    /// The bytes that `owner` refers to; it is dropped once the engine needs them no more, perhaps
    /// under the engine's locks: its drop must not use an engine.
    pub fn owned_by(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Bytes {
        Bytes(Box::new(owner))
    }

    /// A look at them.
    pub fn as_slice(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes::owned_by(bytes)
    }
}

impl From<Box<[u8]>> for Bytes {
    fn from(bytes: Box<[u8]>) -> Bytes {
        Bytes::owned_by(bytes)
    }
}

impl From<std::sync::Arc<[u8]>> for Bytes {
    fn from(bytes: std::sync::Arc<[u8]>) -> Bytes {
        Bytes::owned_by(bytes)
    }
}

impl From<&'static [u8]> for Bytes {
    fn from(bytes: &'static [u8]) -> Bytes {
        Bytes::owned_by(bytes)
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.as_slice().len())
    }
}
