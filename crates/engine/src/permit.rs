//! How many requests may be under way at a time, over everything that a page does at once.
//!
//! [`crate::session`] hands out no more questions than one run may have under way. Here the same numbers hold over all
//! runs of a page, and a resolver of the user's own gets no more at a time than a browser has connections for: what
//! waits, waits here and not in the browser, where the time would count against the request. Nothing here knows a
//! browser or a clock.

use std::{
    cell::RefCell,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use crate::session::{MAX_IN_FLIGHT, MAX_LISTS_IN_FLIGHT};

/// Requests at a time to a resolver of which nobody knows whether it speaks more than HTTP/1.1: so many connections
/// browsers open to one server (RFC 9112 section 9.4 names no number; Chromium, Firefox and Safari all have six). With 16
/// at a time and answers after two seconds, a request waits up to 3.3 s for a connection and is answered after 5.3 s;
/// with six at a time none waits, and no answer comes later than before.
pub const MAX_UNKNOWN: usize = 6;

/// What a request is counted as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermitRequest {
    /// Whom it goes to.
    pub whom: String,
    /// So many of them may be under way to the same.
    pub most: usize,
    /// Whether it asks a blocklist.
    pub list: bool,
}

/// The limits of a page. A clone is another handle on the same.
#[derive(Clone, Debug, Default)]
pub struct Permits(Rc<RefCell<Slots>>);

/// The right to make one request. Dropping it lets the next one go, and takes back what still waits.
#[derive(Debug)]
pub struct Permit {
    permits: Permits,
    id: u64,
}

#[derive(Debug, Default)]
struct Slots {
    next: u64,
    /// In the order in which they came.
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    id: u64,
    claim: PermitRequest,
    admitted: bool,
    waker: Option<Waker>,
}

impl Permits {
    /// Waits until one more such request may be made. First come, first served, but whoever has to wait for a resolver or
    /// for the lists holds up nobody else.
    pub async fn enter(&self, claim: PermitRequest) -> Permit {
        let id = self.0.borrow_mut().add(claim);
        // Made before it is waited for: a future that is dropped takes its claim along.
        let permit = Permit { permits: self.clone(), id };
        poll_fn(|cx| self.0.borrow_mut().poll(id, cx.waker())).await;
        permit
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let woken = self.permits.0.borrow_mut().remove(self.id);
        woken.into_iter().for_each(Waker::wake);
    }
}

impl Slots {
    fn add(&mut self, claim: PermitRequest) -> u64 {
        let id = self.next;
        self.next += 1;
        let admitted = self.has_room(&claim);
        self.slots.push(Slot { id, claim, admitted, waker: None });
        id
    }

    fn has_room(&self, claim: &PermitRequest) -> bool {
        let (mut all, mut lists, mut to_the_same) = (0, 0, 0);
        for Slot { claim: other, .. } in self.slots.iter().filter(|slot| slot.admitted) {
            all += 1;
            lists += usize::from(other.list);
            to_the_same += usize::from(other.whom == claim.whom);
        }
        all < MAX_IN_FLIGHT && (!claim.list || lists < MAX_LISTS_IN_FLIGHT) && to_the_same < claim.most
    }

    fn poll(&mut self, id: u64, waker: &Waker) -> Poll<()> {
        match self.slots.iter_mut().find(|slot| slot.id == id) {
            Some(slot) if !slot.admitted => {
                slot.waker = Some(waker.clone());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }

    /// Gives those that may go now.
    fn remove(&mut self, id: u64) -> Vec<Waker> {
        self.slots.retain(|slot| slot.id != id);
        let mut woken = Vec::new();
        for at in 0..self.slots.len() {
            if !self.slots[at].admitted && self.has_room(&self.slots[at].claim) {
                self.slots[at].admitted = true;
                woken.extend(self.slots[at].waker.take());
            }
        }
        woken
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::{Pin, pin},
        task::Context,
    };

    use super::*;

    fn claim(whom: &str, most: usize, list: bool) -> PermitRequest {
        PermitRequest { whom: whom.to_owned(), most, list }
    }

    fn public() -> PermitRequest {
        claim("public", MAX_IN_FLIGHT, false)
    }

    fn list() -> PermitRequest {
        claim("public", MAX_IN_FLIGHT, true)
    }

    fn now<F: Future<Output = Permit>>(waits: Pin<&mut F>) -> Option<Permit> {
        match waits.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(permit) => Some(permit),
            Poll::Pending => None,
        }
    }

    /// A permit, if there is one at once.
    fn take(permits: &Permits, claim: PermitRequest) -> Option<Permit> {
        now(pin!(permits.enter(claim)))
    }

    #[test]
    fn sixteen_at_a_time_of_them_eight_to_lists() {
        let permits = Permits::default();
        let mut lists: Vec<Permit> = (0..8).map_while(|_| take(&permits, list())).collect();
        assert_eq!(lists.len(), 8);
        assert!(take(&permits, list()).is_none());
        let others: Vec<Permit> = (0..8).map_while(|_| take(&permits, public())).collect();
        assert_eq!(others.len(), 8, "full lists hold up nobody else");
        assert!(take(&permits, public()).is_none());
        let elsewhere = claim("elsewhere", MAX_IN_FLIGHT, false);
        assert!(take(&permits, elsewhere).is_none(), "sixteen to all resolvers together");
        lists.pop();
        assert!(take(&permits, public()).is_some());
        assert!(take(&permits, list()).is_some(), "what nobody waited for leaves no trace");
    }

    #[test]
    fn an_unknown_resolver_gets_as_many_as_there_are_connections() {
        let permits = Permits::default();
        let own: Vec<Permit> =
            (0..16).map_while(|_| take(&permits, claim("own", MAX_UNKNOWN, false))).collect();
        assert_eq!(own.len(), MAX_UNKNOWN);
        assert!(take(&permits, public()).is_some());
    }

    #[test]
    fn first_come_first_served() {
        let permits = Permits::default();
        let mut going: Vec<Permit> = (0..16).map_while(|_| take(&permits, public())).collect();
        let mut first = pin!(permits.enter(public()));
        let mut second = pin!(permits.enter(public()));
        assert!(now(first.as_mut()).is_none() && now(second.as_mut()).is_none());
        going.pop();
        assert!(take(&permits, public()).is_none(), "others were here before");
        assert!(now(second.as_mut()).is_none());
        let first = now(first.as_mut());
        assert!(first.is_some());
        drop(first);
        assert!(now(second.as_mut()).is_some());
    }

    #[test]
    fn whoever_goes_away_while_it_waits_holds_up_nobody() {
        let permits = Permits::default();
        let going: Vec<Permit> = (0..16).map_while(|_| take(&permits, public())).collect();
        {
            let mut gone = pin!(permits.enter(public()));
            assert!(now(gone.as_mut()).is_none());
        }
        let mut waits = pin!(permits.enter(public()));
        assert!(now(waits.as_mut()).is_none());
        drop(going);
        assert!(now(waits.as_mut()).is_some());
        assert!(permits.0.borrow().slots.is_empty());
    }
}
