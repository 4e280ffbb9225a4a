//! What is kept in this browser.

use web_sys::Storage;

use crate::dom::window;

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// A value kept in this browser. Storage may be forbidden: then nothing is kept.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value in this browser, or forgets it. Where that is forbidden, or there is no room, all stays as it was.
pub fn store(key: &str, value: Option<&str>) {
    let _full_or_forbidden = keep(key, value);
}

/// The same; `false` if it is forbidden, or there is no room.
pub fn keep(key: &str, value: Option<&str>) -> bool {
    let Some(storage) = storage() else { return false };
    let kept = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
    kept.is_ok()
}

fn storage_of_tab() -> Option<Storage> {
    window()?.session_storage().ok().flatten()
}

/// A value kept in this tab, which survives a reload and ends with the tab.
pub fn stored_in_tab(key: &str) -> Option<String> {
    storage_of_tab()?.get_item(key).ok().flatten()
}

/// Keeps a value in this tab, or forgets it.
pub fn store_in_tab(key: &str, value: Option<&str>) {
    let Some(storage) = storage_of_tab() else { return };
    let _full_or_forbidden = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}
