//! Where the answers to the questions of a [session](crate::session) come from.
//!
//! Whoever answers is a [`Source`]: resolvers over HTTPS, whose answers come later, or what is at hand and can be
//! [asked](Ask), namely a [zone](crate::zone), [facts](crate::facts) that were kept, an [overlay](crate::overlay) over either.

use crate::facts::{Ask, Fact, Question, fact};

/// Takes what came of questions that were not answered at once. What comes together is best brought together.
pub type Deliver = Box<dyn Fn(Vec<(Question, Fact)>)>;

/// A source of answers.
pub trait Source {
    /// Says by what to bring the answers that come later; once, before anything is asked.
    fn connect(&self, bring: Deliver) {
        drop(bring);
    }

    /// What is known of `question` at once. Without anything, the question is on its way, and its answer is brought
    /// later, never from within this call. `is_list` says that it goes to a blocklist.
    fn answer(&self, question: &Question, is_list: bool) -> Option<Fact>;

    /// Asks this resolver no more, because what it says is not true. `false`, and it may go on answering, if there is no
    /// other.
    fn distrust(&self, resolver: &str) -> bool {
        let _ = resolver;
        false
    }

    /// Forgets what went wrong and what a cache knows, for another try.
    fn renew(&self) {}

    /// Ends what is on its way. Nothing is asked or brought any more.
    fn cancel(&self) {}
}

/// What is at hand. What it does not hold could not be checked.
impl<A: Ask> Source for A {
    fn answer(&self, question: &Question, _: bool) -> Option<Fact> {
        Some(fact(self, question).unwrap_or_else(|_| question.not_asked().clone()))
    }
}
