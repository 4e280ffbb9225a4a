//! Records and commands: shown whole, copied whole.

use yew::prelude::{Html, html};

use crate::check::Label;

/// A record with its faulty part marked. The text comes from DNS and stays text.
pub fn marked(label: &Label) -> Html {
    let span = label.span.clone();
    let parts = (label.text.get(..span.start), label.text.get(span.clone()), label.text.get(span.end..));
    let (Some(before), Some(fault), Some(after)) = parts else {
        return html! { <div class="record"><code>{ label.text.clone() }</code></div> };
    };
    html! {
        <div class="record"><code>
            { before.to_owned() }
            if !fault.is_empty() {
                <mark>{ fault.to_owned() }</mark>
            }
            { after.to_owned() }
        </code></div>
    }
}
