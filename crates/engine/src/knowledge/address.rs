//! Which addresses may be named to a blocklist.

use std::net::IpAddr;

use crate::dns::is_public;

/// May a list be asked about this address? One that is not public sends no mail on the Internet: asking would only tell a
/// stranger about a local network.
#[must_use]
pub fn is_askable(ip: IpAddr) -> bool {
    is_public(ip)
}
