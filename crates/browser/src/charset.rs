//! Octets as text.

use web_sys::TextDecoder;

/// Octets in a charset as text, if the browser knows the charset.
pub fn decode(charset: &str, octets: &[u8]) -> Option<String> {
    TextDecoder::new_with_label(charset).ok()?.decode_with_u8_array(octets).ok()
}
