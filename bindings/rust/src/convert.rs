//! Values on their way to C and back.

use std::os::raw::c_char;
use std::time::Duration;

use crate::sys;

/// A view of a text: valid as long as the text is.
#[inline]
pub(crate) fn text(from: &str) -> sys::Text {
    sys::Text { data: from.as_ptr().cast::<c_char>(), size: from.len() }
}

/// An optional text; the empty one asks for the default.
#[inline]
pub(crate) fn text_or_default(from: Option<&str>) -> sys::Text {
    text(from.unwrap_or(""))
}

/// # Safety
/// `data` points at `size` bytes that nobody changes during 'a; where size is 0, anywhere.
#[inline]
pub(crate) unsafe fn bytes<'a>(data: *const u8, size: usize) -> &'a [u8] {
    if size == 0 {
        return &[];
    }
    // SAFETY: as the caller says.
    unsafe { std::slice::from_raw_parts(data, size) }
}

/// What the library hands out is UTF-8; that is looked at all the same, and what is not is empty.
///
/// # Safety
/// The text is valid, and nobody changes it, during 'a.
#[inline]
pub(crate) unsafe fn str_of<'a>(from: sys::Text) -> &'a str {
    // SAFETY: as the caller says.
    let bytes = unsafe { bytes(from.data.cast::<u8>(), from.size) };
    std::str::from_utf8(bytes).unwrap_or("")
}

/// Rounded up, so that a short time does not become none.
#[inline]
pub(crate) fn milliseconds(time: Duration) -> i64 {
    let rounded = (time.as_nanos() + 999_999) / 1_000_000;
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// -1: as configured.
#[inline]
pub(crate) fn milliseconds_or_default(time: Option<Duration>) -> i64 {
    time.map_or(-1, milliseconds)
}

#[inline]
pub(crate) fn duration(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up_and_never_overflow() {
        assert_eq!(milliseconds(Duration::ZERO), 0);
        assert_eq!(milliseconds(Duration::from_nanos(1)), 1);
        assert_eq!(milliseconds(Duration::from_millis(250)), 250);
        assert_eq!(milliseconds(Duration::MAX), i64::MAX);
        assert_eq!(milliseconds_or_default(None), -1);
        assert_eq!(duration(-5), Duration::ZERO);
    }

    #[test]
    fn an_empty_view_may_point_nowhere() {
        let nowhere = sys::Text { data: std::ptr::null(), size: 0 };
        // SAFETY: its size is 0.
        assert_eq!(unsafe { str_of(nowhere) }, "");
    }
}
