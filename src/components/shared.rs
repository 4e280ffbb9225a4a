//! What is too large to be compared.

use std::{ops::Deref, rc::Rc};

/// Something that is shared and never changes. Two are equal where they are the same, which is seen at once: as a property
/// of a component it says that there is nothing new to draw.
pub struct Shared<T>(Rc<T>);

impl<T> From<Rc<T>> for Shared<T> {
    fn from(shared: Rc<T>) -> Self {
        Self(shared)
    }
}

impl<T> Shared<T> {
    /// The handle on it.
    pub fn rc(&self) -> &Rc<T> {
        &self.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
