//! Where the fields are, program by program.

use crate::components::{
    h::{El, el, part},
    page_context::PageContext,
};

/// Mail programs whose fields are described.
const PROGRAMS: [&str; 6] = ["outlook", "apple-mail", "thunderbird", "iphone", "android", "wordpress"];

/// A fold for each program.
pub fn programs(page: &PageContext) -> El {
    let programs = PROGRAMS.iter().map(|&id| {
        let key = format!("smtp.program.{id}");
        let text = page.say(&format!("{key}.text"));
        let steps = text.lines().map(|line| el("li").key(line).text(line));
        part("details", "evidence")
            .key(id)
            .put("data-program", id)
            .with(page.el("summary", &key))
            .with(el("ol").all(steps.collect()))
    });
    el("div").with(page.el("h3", "smtp.programs")).with(el("div").all(programs.collect()))
}
