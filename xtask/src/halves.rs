//! Which modules of the page's program can follow after the first paint, and how the page gets them.

use std::fs;
use std::path::Path;

use crate::sh::{Result, Shell, run};
use crate::split::{self, FIRST};

/// What is needed before anybody has asked anything, and what is not. The longest path that fits a function decides;
/// the engine as a whole is needed only for a check.
const NEEDED_FIRST: &[(&str, bool)] = &[
    ("engine", false),
    ("browser", true),
    ("module", true),
    ("page", true),
    ("engine::checklist", true),
    ("engine::command", true),
    ("engine::command::dig", false),
    ("engine::dns::name", true),
    ("engine::input::limits", true),
    ("engine::knowledge::Confidence", true),
    ("engine::knowledge::value", true),
    ("engine::knowledge::resolvers", true),
    ("engine::percent", true),
    ("engine::permit::Permits", true),
    ("engine::permit::Slots", true),
    ("engine::picture::Pictures", true),
    ("engine::route", true),
    ("engine::table", true),
    ("engine::target", true),
    ("engine::text", true),
    ("engine::visible", true),
    ("module::explain", false),
    ("module::check", false),
    ("page::shell::acts", false),
    ("page::shell::asked", false),
    ("page::shell::building", false),
    ("page::shell::entrust", false),
    ("page::shell::live", false),
    ("page::components::parts", false),
    ("page::components::parts::ask", true),
    ("page::components::parts::guided", true),
    ("page::components::parts::notices", true),
    ("page::components::parts::page", true),
    ("page::components::parts::steps", true),
    ("page::machine::read", false),
    ("page::components", false),
    ("page::components::asked", true),
    ("page::components::foot", true),
    ("page::components::form", true),
    ("page::components::head", true),
    ("page::components::kept", true),
    ("page::components::memory", true),
    ("page::components::notices", true),
    ("page::components::on", true),
    ("page::components::page_context", true),
    ("page::components::guide", true),
    ("page::components::h", true),
    ("page::components::ui", true),
    ("page::components::paste::message_of", true),
    ("page::components::scene", true),
    ("page::components::shared", true),
    ("page::components::text", true),
    ("page::panels", false),
    ("page::panels::paste", true),
    ("browser::body", false),
    ("browser::doh", false),
    ("browser::log", false),
    ("browser::log::Requests", true),
    ("browser::policy", false),
    ("browser::transport", false),
    ("browser::transport::Transport", true),
];
/// Crates that only the engine uses, and what hands its results to other pages.
const LATER_CRATES: &[&str] = &["base64", "domain", "octseq", "serde_wasm_bindgen"];

/// How the script calls for the second file (`web::later`), and what it is answered once there is one.
const CALL: &str = "globalThis.mailTriageLater()";
const LOADER: &str = "
let later;
function mailTriageLater() {
    return later ??= fetch(new URL('{file}', import.meta.url))
        .then((response) => __wbg_load(response, { {first}: wasm }))
        .then(() => {}, (error) => { later = undefined; throw error; });
}
";

/// Takes the program in `dist` apart. `bound` is the same program with the names of its functions, as wasm-bindgen left
/// it.
pub fn take_apart(sh: &Shell, dist: &Path, bound: &Path) -> Result {
    let name = program(dist)?;
    let halves = split::split(&fs::read(bound)?, is_later)?;
    // To look up what may be called too early.
    fs::write(bound.with_extension("doors.txt"), halves.doors.join("\n"))?;
    if let Some(door) = halves.doors.iter().find(|door| is_unguarded(door)) {
        return Err(
            format!("what is needed first calls what follows (NEEDED_FIRST in halves.rs): {door}").into()
        );
    }
    for (half, bytes) in [("bg", halves.first), ("later", halves.later)] {
        let file = dist.join(format!("{name}_{half}.wasm"));
        fs::write(&file, bytes)?;
        optimize(sh, &file)?;
    }

    let script = dist.join(format!("{name}.js"));
    let text = fs::read_to_string(&script)?;
    let later = format!("{name}_later.wasm");
    let loader = LOADER.replace("{file}", &later).replace("{first}", FIRST);
    if text.matches(CALL).count() != 1 {
        return Err(format!("the script does not call {CALL} once").into());
    }
    fs::write(&script, text.replace(CALL, "mailTriageLater()") + &loader)?;

    let page = dist.join("index.html");
    let text = fs::read_to_string(&page)?;
    // Trunk's minifier drops the quotes.
    let boot = ["id=\"boot\"", "id=boot"].into_iter().find(|boot| text.contains(boot));
    let boot = boot.ok_or("the page has no boot script")?;
    fs::write(&page, text.replacen(boot, &format!("{boot} data-later=\"./{later}\""), 1))?;
    Ok(())
}

/// Makes the program in `dist` smaller where it stays in one piece.
pub fn leave_whole(sh: &Shell, dist: &Path) -> Result {
    optimize(sh, &dist.join(format!("{}_bg.wasm", program(dist)?)))
}

/// Trunk could do this only to the whole program, before it is taken apart, and would do it for nothing.
fn optimize(sh: &Shell, file: &Path) -> Result {
    let page = fs::read_to_string(sh.root().join("index.html"))?;
    let features = features(&page)?;
    run(sh.line(&format!("wasm-opt -Oz {features} --output")).arg(file).arg(file))
}

/// The name of the program in `dist`, with its hash.
fn program(dist: &Path) -> Result<String> {
    for entry in fs::read_dir(dist)? {
        if let Some(name) = entry?.file_name().to_str().and_then(|name| name.strip_suffix("_bg.wasm")) {
            return Ok(name.to_owned());
        }
    }
    Err("Trunk left no program".into())
}

/// The options of wasm-opt that stand in the page.
fn features(page: &str) -> Result<&str> {
    let (_, options) =
        page.split_once("data-wasm-opt-params=\"").ok_or("index.html sets no options of wasm-opt")?;
    Ok(options.split('"').next().unwrap_or_default())
}

/// Whether nobody sees to it that the second file is there before this call from the first one into it. The page does; what
/// lies below the page knows of no files.
fn is_unguarded(door: &str) -> bool {
    let caller = door.trim_start_matches(['<', '&']);
    ["mail_triage_engine[", "mail_triage_browser["].iter().any(|below| caller.starts_with(below))
}

/// Whether the function of this name can follow: by the module that it or its type belongs to, or because it was made for
/// a closure or a component of such a module. Nobody has that closure or component before the module has run.
fn is_later(name: &str) -> bool {
    is_of_later(name)
        || name.match_indices("::{closure").any(|(at, _)| is_of_later(owner(&name[..at])))
        || name.contains("yew[") && components(name).any(is_of_later)
}

/// The components that a function of Yew's was made for.
fn components(name: &str) -> impl Iterator<Item = &str> {
    let paths = name.match_indices("mail_triage[").map(|(at, _)| &name[at..]);
    paths.filter(|path| path.split_once("]::").is_some_and(|(_, path)| path.starts_with("components::")))
}

/// The path that `name` ends with: what stands behind the last blank, comma or bracket that is open there.
fn owner(name: &str) -> &str {
    let mut depth = 0;
    for (at, c) in name.char_indices().rev() {
        match c {
            '>' => depth += 1,
            '<' if depth == 0 => return &name[at + 1..],
            '<' => depth -= 1,
            ' ' | ',' | '(' | '&' if depth == 0 => return &name[at + 1..],
            _ => {}
        }
    }
    name
}

fn is_of_later(name: &str) -> bool {
    let name = name.trim_start_matches(['<', '&']);
    // `crate[hash]::module::...`
    let Some((of, path)) = name.split_once('[').and_then(|(of, rest)| Some((of, rest.split_once("]::")?.1)))
    else {
        return false;
    };
    let Some(part) = of.strip_prefix("mail_triage") else { return LATER_CRATES.contains(&of) };
    // The page's own crate has no part in its name.
    let part = part.strip_prefix('_').unwrap_or("page");
    let path = format!("{part}::{path}");
    let fits = NEEDED_FIRST.iter().filter(|(module, _)| {
        path.strip_prefix(module)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    });
    fits.max_by_key(|(module, _)| module.len()).is_some_and(|(_, first)| !first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_may_call_what_follows() {
        for (door, unguarded) in [
            ("mail_triage_engine[0a]::route::decode -> mail_triage_engine[0a]::percent::decode", true),
            ("<mail_triage_browser[0a]::words::Words>::say -> mail_triage_engine[0a]::spf::survey", true),
            (
                "mail_triage[0a]::components::parts::page::page -> mail_triage[0a]::components::parts::log::log",
                false,
            ),
            ("<mail_triage[0a]::shell::App>::begin -> mail_triage[0a]::shell::live::live", false),
        ] {
            assert_eq!(is_unguarded(door), unguarded, "{door}");
        }
    }

    #[test]
    fn a_function_goes_with_its_module() {
        for (name, later) in [
            ("main", false),
            ("<mail_triage_engine[0a]::check::cx::Cx>::ask", true),
            ("mail_triage_engine[0a]::route::is_id::<mail_triage_engine[0a]::check::Cx>", false),
            ("<mail_triage_engine[0a]::report::Report as core[1b]::clone::Clone>::clone", true),
            ("core[1b]::ptr::drop_in_place::<mail_triage_engine[0a]::report::Report>", false),
            ("mail_triage[0a]::components::parts::steps::steps", false),
            ("mail_triage[0a]::components::parts::finding::finding", true),
            ("mail_triage[0a]::components::parts::page::page", false),
            ("mail_triage_browser[0a]::runner::new", false),
            ("<domain[2c]::base::Message>::question", true),
            ("<yew[3d]::scheduler::Queue>::push", false),
            (
                "<core[1b]::iter::Map<core[1b]::Iter<(u8, u8)>, mail_triage_engine[0a]::spf::run::{closure#0}> as core[1b]::Iterator>::next",
                true,
            ),
            (
                "core[1b]::ptr::drop_in_place::<<mail_triage_engine[0a]::report::Report>::new::{closure#1}::{closure#0}>",
                true,
            ),
            (
                "<mail_triage[0a]::components::ui::Ui>::on::<mail_triage[0a]::components::parts::ask::form::{closure#0}>::{closure#0}",
                false,
            ),
            (
                "<mail_triage[0a]::components::ui::Ui>::on::<mail_triage[0a]::components::parts::paste::panel::{closure#0}>::{closure#0}",
                true,
            ),
            (
                "<yew[3d]::html::component::scope::Scope<mail_triage[0a]::components::calculator::Calculator>>::mount_in_place",
                true,
            ),
            (
                "core[1b]::ptr::drop_in_place::<yew[3d]::functional::FunctionComponent<mail_triage[0a]::components::calculator::Calculator>>",
                true,
            ),
            ("<yew[3d]::html::component::scope::Scope<mail_triage[0a]::shell::App>>::mount_in_place", false),
            (
                "<mail_triage[0a]::components::kept::Kept<mail_triage[0a]::panels::calculator::Calculator>>::default",
                false,
            ),
            (
                "core[1b]::ptr::drop_in_place::<(mail_triage_engine[0a]::report::Report, mail_triage[0a]::main::{closure#0})>",
                false,
            ),
        ] {
            assert_eq!(is_later(name), later, "{name}");
        }
    }
}
