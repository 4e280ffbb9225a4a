//! Names, questions, answers and the wire format of DNS.
//!
//! Nothing here asks anything: a [`Query`] says what is wanted, an [`Outcome`] what was learnt, and [`wire`]
//! turns one into octets and octets into the other.

pub mod ip;
mod name;
mod network;
mod outcome;
mod query;
mod rdata;
mod rrset;
mod scope;
pub mod whoami;
pub mod wire;

pub use name::{Name, NameError};
pub use network::Network;
pub use outcome::{Answer, Ede, Failure, LookupFailure, Meta, Negative, OWN_RESOLVER, Outcome};
pub use query::{Query, Rtype};
pub use rdata::{Rdata, Record, Txt};
pub(crate) use rrset::gathered;
pub use scope::{is_inside, is_public};
pub use whoami::OwnAddress;
