//! A counter of steps, with which tests hold the reading of texts to a time that grows with their length.
//!
//! Clocks differ from machine to machine and from run to run; the number of octets that is looked at does not. Whatever
//! goes over a text of any length says how far with [`took`]: a loop once, a search inside of a loop each time. A test
//! reads a hostile text and the same four times as long, and compares (`tests/native/linear.rs`).
//!
//! In a release build nothing is counted and nothing of this is left.

#[cfg(debug_assertions)]
use std::cell::Cell;

#[cfg(debug_assertions)]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Says that so many octets, or things, were looked at.
#[inline(always)]
pub fn took(steps: usize) {
    #[cfg(debug_assertions)]
    STEPS.with(|all| all.set(all.get() + steps as u64));
    #[cfg(not(debug_assertions))]
    let _ = steps;
}

/// How many steps `what` takes on this thread; always 0 in a release build.
pub fn of(what: impl FnOnce()) -> u64 {
    #[cfg(debug_assertions)]
    {
        let before = STEPS.with(Cell::get);
        what();
        STEPS.with(Cell::get) - before
    }
    #[cfg(not(debug_assertions))]
    {
        what();
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_where_they_are_taken() {
        let all = of(|| {
            took(2);
            assert_eq!(of(|| took(3)), 3);
        });
        assert_eq!(all, 5);
    }
}
