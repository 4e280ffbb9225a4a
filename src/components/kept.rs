//! State that outlives the component that it belongs to.
//!
//! A check draws the steps anew, and a panel in one of them goes and comes back. What was typed into it must not be lost by
//! that: the page keeps it for the panel, and never looks into it. Where a panel is shown twice, both show the same.

use std::{
    cell::{Cell, OnceCell, Ref, RefCell},
    rc::Rc,
};

use yew::functional::{UseForceUpdateHandle, hook, use_effect_with, use_force_update};

/// The state of a panel, kept by the page for as long as the visit lasts. A clone is another handle on the same. It is empty
/// until the panel is shown for the first time, whose program may not be there before.
pub struct Kept<T>(Rc<OnceCell<Held<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Kept<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The state of a panel while the panel is shown.
#[derive(Default)]
pub struct Held<T> {
    state: Rc<RefCell<T>>,
    shown: Shown,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { state: Rc::clone(&self.state), shown: self.shown.clone() }
    }
}

impl<T> Held<T> {
    /// What the state is now.
    pub fn get(&self) -> Ref<'_, T> {
        self.state.borrow()
    }

    /// Changes the state, and has the panel drawn again.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        self.change_undrawn(change);
        self.shown.redraw();
    }

    /// Changes the state without having anything drawn: that follows with the next [`Held::change`].
    pub fn change_undrawn(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.state.borrow_mut());
    }
}

/// The components that show a state.
#[derive(Clone, Default)]
struct Shown(Rc<Components>);

#[derive(Default)]
struct Components {
    redraws: RefCell<Vec<(u32, UseForceUpdateHandle)>>,
    next: Cell<u32>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Shown {
    fn add(&self, redraw: UseForceUpdateHandle) -> u32 {
        let number = self.0.next.get();
        self.0.next.set(number + 1);
        self.0.redraws.borrow_mut().push((number, redraw));
        number
    }

    fn remove(&self, number: u32) {
        self.0.redraws.borrow_mut().retain(|(known, _)| *known != number);
    }

    fn redraw(&self) {
        for (_, redraw) in self.0.redraws.borrow().iter() {
            redraw.force_update();
        }
    }
}

/// The state that is kept for this panel.
#[hook]
pub fn use_kept<T: Default + 'static>(kept: &Kept<T>) -> Held<T> {
    let held = kept.0.get_or_init(Held::default);
    use_shown(&held.shown);
    held.clone()
}

/// Has this component drawn again with every change, for as long as it is shown.
#[hook]
fn use_shown(shown: &Shown) {
    let redraw = use_force_update();
    use_effect_with(shown.clone(), move |shown| {
        let number = shown.add(redraw);
        let shown = shown.clone();
        move || shown.remove(number)
    });
}
