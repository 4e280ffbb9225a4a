//! Which ports the servers take.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use crate::sh::Result;

/// One port a server, all on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// dnsdist, DoH over plain HTTP/1.1.
    pub doh: u16,
    /// dnsdist, DoH over HTTP/2 and TLS.
    pub doh_tls: u16,
    /// dnsdist, DoH over HTTP/2 and TLS, each answer 50 ms late.
    pub doh_slow: u16,
    /// dnsdist, plain DNS that answers 50 ms late: what `doh_slow` asks.
    pub late: u16,
    /// unbound.
    pub unbound: u16,
    /// nsd.
    pub nsd: u16,
    /// rbldnsd.
    pub rbldnsd: u16,
}

impl Ports {
    /// The usual ports, or the next set where something else has one of them.
    pub fn free() -> Result<Self> {
        (0..20)
            .map(|step| Self::DEFAULT.shifted(step * 20))
            .find(Self::all_free)
            .ok_or_else(|| "no free ports for the local DNS".into())
    }

    const DEFAULT: Self = Self {
        doh: 8053,
        doh_tls: 8443,
        doh_slow: 8450,
        late: 5405,
        unbound: 5404,
        nsd: 5401,
        rbldnsd: 5402,
    };

    fn shifted(self, by: u16) -> Self {
        Self {
            doh: self.doh + by,
            doh_tls: self.doh_tls + by,
            doh_slow: self.doh_slow + by,
            late: self.late + by,
            unbound: self.unbound + by,
            nsd: self.nsd + by,
            rbldnsd: self.rbldnsd + by,
        }
    }

    fn all_free(&self) -> bool {
        [self.doh, self.doh_tls, self.doh_slow, self.late, self.unbound, self.nsd, self.rbldnsd]
            .into_iter()
            .all(|port| {
                TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
                    && UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
            })
    }
}
