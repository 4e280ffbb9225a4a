//! The tree of an SPF record: a drawing, and the same as a nested list.
//!
//! Where there is room the drawing is seen and the list is read out; on a phone the list is what is seen.

use crate::components::{
    h::{El, el, part},
    ui::Ui,
};
use mail_triage_browser::words::args;
use mail_triage_engine::{
    check::{Arg, Level},
    picture::{
        Layout, SpfTree,
        layout::{self, Face, HEAD, LINE, RowLayout, fit},
        spf_tree::{BranchKind, BranchMark, Path, TreeRow},
    },
    record::spf::Qualifier,
    spf::MAX_LOOKUPS,
};

/// Sizes of the drawing's texts, as in `www/style.css`.
const TITLE: u32 = 15;
const SMALL: u32 = 12;

/// The tree with what there is to say of it.
pub fn tree(ui: &Ui<'_>, tree: &SpfTree) -> El {
    let path = tree.paths.iter().find(|path| Some(path.ip) == ui.state.picked).or(tree.paths.first());
    let mut say = el("p").text(ui.count(&format!("spf-tree.say.{}", case(tree)), tree.lookups));
    if tree.voids > 0 {
        say = say.text(" ").text(ui.count("spf-tree.say.voids", tree.voids));
    }
    if tree.at_least {
        say = say.text(" ").text(ui.say("spf-tree.say.at-least"));
    }
    let result = path.map(|path| {
        let text = ui.with(&format!("spf-tree.result.{}", path.result), "ip", path.ip);
        part("p", "tree-result").text(text)
    });
    let more =
        (tree.left_out > 0).then(|| part("p", "note").text(ui.count("spf-tree.say.left-out", tree.left_out)));
    part("div", "tree")
        .with(say)
        .maybe(result)
        .with(drawing(ui, tree, path))
        .with(part("ul", "tree-list").with(branch(ui, tree, 0, path)))
        .maybe(more)
}

/// The end of the locale keys for the whole record.
fn case(tree: &SpfTree) -> &'static str {
    match tree.lookups {
        _ if tree.mistake => "mistake",
        n if n > MAX_LOOKUPS => "over",
        MAX_LOOKUPS => "full",
        0 => "none",
        _ => "fine",
    }
}

/// The number of lookups in words.
pub fn count(ui: &Ui<'_>, tree: &SpfTree) -> String {
    match tree {
        _ if tree.mistake => ui.say("spf-tree.count.mistake"),
        _ if tree.at_least => ui.count("spf-tree.count.at-least", tree.lookups),
        _ => ui.count("spf-tree.count", tree.lookups),
    }
}

/// How many branches are faulty, and how many could not be looked up.
pub fn faults(ui: &Ui<'_>, tree: &SpfTree) -> Vec<El> {
    let levels = [(Level::Stops, "spf-tree.count.faulty"), (Level::Unknown, "spf-tree.count.unknown")];
    let counted = levels.into_iter().map(|(level, key)| (level, key, tree.marked(level)));
    let some = counted.filter(|(.., n)| *n > 0);
    some.map(|(level, key, n)| {
        part("span", "state").key(key).put("data-level", level.as_str()).text(ui.count(key, n))
    })
    .collect()
}

/// The lookups as a gauge of ten; those beyond stand behind a line.
pub fn gauge(tree: &SpfTree) -> El {
    let slots = tree.lookups.clamp(MAX_LOOKUPS, layout::MAX_SLOTS);
    let x = |at: usize| 1 + at * 12 + if at >= MAX_LOOKUPS { 7 } else { 0 };
    let cells = (0..slots).map(|at| {
        let class = match at {
            at if at >= MAX_LOOKUPS => "cell beyond",
            at if at < tree.lookups && !tree.mistake => "cell",
            _ => "cell free",
        };
        shape("rect", class, [("x", x(at)), ("y", 4), ("width", 9), ("height", 14)])
    });
    let limit = 1 + 12 * MAX_LOOKUPS + 1;
    let limit = (slots > MAX_LOOKUPS).then(|| shape("path", "limit", []).set("d", format!("M{limit} 0V22")));
    part("svg", "gauge")
        .set("viewBox", format!("0 0 {} 22", x(slots)))
        .set("width", x(slots).to_string())
        .put("height", "22")
        .put("aria-hidden", "true")
        .all(cells.collect())
        .maybe(limit)
}

fn shape<const N: usize>(tag: &'static str, class: &'static str, numbers: [(&'static str, usize); N]) -> El {
    let mut shape = part(tag, class);
    for (name, number) in numbers {
        shape = shape.set(name, number.to_string());
    }
    shape
}

fn drawing(ui: &Ui<'_>, tree: &SpfTree, path: Option<&Path>) -> El {
    let lit: &[usize] = path.map_or(&[], |path| &path.rows);
    let layout = Layout::of(tree, lit);
    let height = layout.height;
    let mut svg = part("svg", "tree-svg")
        .set("viewBox", format!("0 0 {} {height}", layout.width))
        .put("aria-hidden", "true")
        .put("focusable", "false");
    if !tree.mistake {
        svg = svg.all(columns(ui, &layout));
    }
    // What is lit lies on top.
    for (on, class) in [(false, "link"), (true, "link lit")] {
        for link in layout.links.iter().filter(|link| lit.contains(&link.row) == on) {
            let (x, y, to_x, to_y) = (link.x, link.y + 8, link.to_x, link.to_y);
            let line = if to_x > x {
                format!("M{x} {y}V{}Q{x} {to_y} {} {to_y}H{}", to_y - 8, x + 8, to_x - 8)
            } else {
                format!("M{x} {y}V{}", to_y - 8)
            };
            svg = svg.with(shape("path", class, []).set("d", line));
        }
    }
    let rows = tree.rows.iter().zip(&layout.spots).enumerate();
    svg.all(rows.map(|(at, (row, spot))| spot_of(ui, tree, (at, row), spot, &layout, path)).collect())
}

/// The columns of the lookups: their numbers and the line behind the tenth.
fn columns(ui: &Ui<'_>, layout: &Layout) -> Vec<El> {
    let mut columns = Vec::new();
    for at in 0..layout.slots {
        let narrow = layout.slot < 16 && at != 0 && at + 1 != MAX_LOOKUPS && at + 1 != layout.slots;
        if narrow {
            continue;
        }
        let x = layout::ITEMS + layout.slot * at as u32 + layout.slot / 2;
        let class = if at >= MAX_LOOKUPS { "column beyond" } else { "column" };
        columns.push(label(class, x, HEAD - 8, (at + 1).to_string()));
    }
    let limit = layout.limit();
    let bottom = layout.height;
    columns.push(shape("path", "limit", []).set("d", format!("M{limit} 4V{bottom}")));
    columns.push(label("column limit-word", limit - 4, 11, ui.say("spf-tree.limit")));
    columns
}

fn label(class: &'static str, x: u32, y: u32, text: String) -> El {
    part("text", class).set("x", x.to_string()).set("y", y.to_string()).text(text)
}

fn spot_of(
    ui: &Ui<'_>,
    tree: &SpfTree,
    (at, row): (usize, &TreeRow),
    spot: &RowLayout,
    layout: &Layout,
    path: Option<&Path>,
) -> El {
    let lit = path.is_some_and(|path| path.rows.contains(&at));
    let room = Layout::room(spot);
    let mut group = part("g", if lit { "row lit" } else { "row" })
        .key(&at.to_string())
        .set("data-row", at.to_string())
        .with(el("title").text(format!("{} {}", title(ui, tree, row), row.term).trim().to_owned()));
    if lit {
        let numbers = [
            ("x", spot.text as usize - 6),
            ("y", spot.top as usize + 2),
            ("width", (layout::ITEMS - spot.text) as usize),
            ("height", spot.height as usize - 4),
        ];
        group = group.with(shape("rect", "light", numbers).put("rx", "3"));
    }
    group = group.with(bullet(row, spot));
    let mut y = spot.y + 5;
    let mut line = |class: &'static str, text: String, face: Face, size: u32| {
        let line = label(class, spot.text, y, fit(&text, face, size, room));
        y += LINE;
        line
    };
    let plain = row.who.is_none() && matches!(row.what, BranchKind::Domain(_) | BranchKind::Include(_));
    let (class, face) = if plain { ("t name", Face::Fixed) } else { ("t", Face::Bold) };
    group = group.with(line(class, title(ui, tree, row), face, if plain { TITLE - 1 } else { TITLE }));
    if !row.term.is_empty() {
        let face = if shows_term(row) { Face::Fixed } else { Face::Plain };
        let class = if shows_term(row) { "term" } else { "term plain" };
        group = group.with(line(class, second(ui, row), face, SMALL));
    }
    for mark in &row.marks {
        let text = mark_text(ui, *mark);
        let line = line("mark", text, Face::Bold, SMALL + 1);
        group = group.with(line.put("data-level", mark.level().as_str()));
    }
    if let Some(end) = path.filter(|path| at != 0 && path.rows.last() == Some(&at)) {
        group = group.with(line("mark end", end_text(ui, end), Face::Bold, SMALL + 1));
    }
    if let Some(cell) = spot.cell {
        let top = spot.y as usize - 10;
        let class = if cell.beyond { "reach beyond" } else { "reach" };
        if spot.reach > cell.width {
            let numbers =
                [("x", cell.x as usize + 1), ("y", top), ("width", spot.reach as usize - 2), ("height", 20)];
            group = group.with(shape("rect", class, numbers).put("rx", "3"));
        }
        let class = if cell.beyond { "cell beyond" } else { "cell" };
        let numbers =
            [("x", cell.x as usize + 1), ("y", top), ("width", cell.width as usize - 2), ("height", 20)];
        group = group.with(shape("rect", class, numbers).put("rx", "3"));
        if layout.slot >= 16 {
            let class = if cell.beyond { "number beyond" } else { "number" };
            let x = cell.x + cell.width / 2;
            group = group.with(label(class, x, spot.y + 4, cell.number.to_string()));
        }
    }
    group
}

/// The mark in front of a row: its shape says what is the matter.
fn bullet(row: &TreeRow, spot: &RowLayout) -> El {
    let worst = row.worst().map(BranchMark::level);
    let at = format!("translate({} {})", spot.x, spot.y);
    let outline = match worst {
        Some(Level::Stops) => "M-3-7h6l4 4v6l-4 4h-6l-4-4v-6zM-2.5-2.5l5 5M2.5-2.5l-5 5",
        Some(Level::Improve) => "M0-7 7.5 6h-15zM0-2v4M0 3.500v1",
        Some(Level::Unknown) => {
            "M-6.500 0a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M-2-1.500a2 2 0 1 1 2 2v1M0 3v1"
        }
        Some(Level::Info) => "M-6-6h12v12h-12zM0-1v4M0-3.500v1",
        Some(Level::Pass) | None => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
    };
    let mut bullet = part("path", "bullet").put("d", outline).set("transform", at);
    if let Some(level) = worst {
        bullet = bullet.put("data-level", level.as_str());
    }
    bullet
}

/// A row of the list with everything below it.
fn branch(ui: &Ui<'_>, tree: &SpfTree, at: usize, path: Option<&Path>) -> El {
    let row = &tree.rows[at];
    let lit = path.is_some_and(|path| path.rows.contains(&at));
    let mut item = part("li", if lit { "lit" } else { "" })
        .key(&at.to_string())
        .set("data-row", at.to_string())
        .with(el("b").text(title(ui, tree, row)));
    if !row.term.is_empty() {
        item = item.text(" ").with(el("code").text(row.term.as_str()));
    }
    if row.networks > 0 && !matches!(row.what, BranchKind::Addresses) {
        item = item.text(" ").with(part("span", "note").text(ui.count("spf-tree.networks", row.networks)));
    }
    if row.cost > 0 && row.parent.is_some() {
        let cost = ui.count("spf-tree.cost", row.cost);
        let (from, to) = (row.before + 1, row.before + row.cost);
        let which = if from == to {
            ui.with("spf-tree.number", "from", from)
        } else {
            ui.state.words.with("spf-tree.numbers", [("from", from.into()), ("to", to.into())])
        };
        let place = [("cost", cost.into()), ("which", which.into())];
        item = item.text(" ").with(part("span", "note").text(ui.state.words.with("spf-tree.place", place)));
    }
    for mark in &row.marks {
        let level = mark.level().as_str();
        let state = part("span", "state").put("data-level", level).text(mark_text(ui, *mark));
        item = item.text(" ").with(state);
    }
    if let Some(end) = path.filter(|path| at != 0 && path.rows.last() == Some(&at)) {
        item = item.text(" ").with(part("span", "end").text(end_text(ui, end)));
    }
    let below: Vec<El> = tree.children(at).map(|child| branch(ui, tree, child, path)).collect();
    item.maybe((!below.is_empty()).then(|| el("ul").all(below)))
}

/// What a row stands for, in words.
fn title(ui: &Ui<'_>, tree: &SpfTree, row: &TreeRow) -> String {
    let name = |key: &str, name: &str| ui.with(key, "name", name);
    let own = |of: &str| match tree.rows.first().map(|root| &root.what) {
        Some(BranchKind::Domain(domain)) => domain.eq_ignore_ascii_case(of),
        _ => false,
    };
    if let Some(who) = &row.who {
        return who.clone();
    }
    match &row.what {
        BranchKind::Domain(domain) | BranchKind::Include(domain) => domain.clone(),
        BranchKind::Redirect(to) => name("spf-tree.what.redirect", to),
        BranchKind::Mx(of) if own(of) => ui.say("spf-tree.what.mx.own"),
        BranchKind::Mx(of) => name("spf-tree.what.mx", of),
        BranchKind::Host(of) if own(of) => ui.say("spf-tree.what.host.own"),
        BranchKind::Host(of) => name("spf-tree.what.host", of),
        BranchKind::Ptr => ui.say("spf-tree.what.ptr"),
        BranchKind::Exists => ui.say("spf-tree.what.exists"),
        BranchKind::Addresses => ui.count("spf-tree.networks", row.networks.max(1)),
        BranchKind::All(qualifier) => ui.say(match qualifier {
            Qualifier::Pass => "spf-tree.what.all.pass",
            Qualifier::Fail => "spf-tree.what.all.fail",
            Qualifier::SoftFail => "spf-tree.what.all.softfail",
            Qualifier::Neutral => "spf-tree.what.all.neutral",
        }),
        BranchKind::Broken => ui.say("spf-tree.what.broken"),
    }
}

/// Whether the second line of a row is its term; that of an include whose name is the title would only repeat it.
fn shows_term(row: &TreeRow) -> bool {
    row.who.is_some() || !matches!(row.what, BranchKind::Include(_))
}

fn second(ui: &Ui<'_>, row: &TreeRow) -> String {
    let mut line = if shows_term(row) { row.term.clone() } else { ui.say("spf-tree.include") };
    match row.what {
        BranchKind::Addresses if row.networks > 1 => line.push_str(" …"),
        BranchKind::Include(_) | BranchKind::Redirect(_) | BranchKind::Mx(_) | BranchKind::Host(_)
            if row.networks > 0 =>
        {
            line.push_str(" · ");
            line.push_str(&ui.count("spf-tree.ranges", row.networks));
        }
        _ => {}
    }
    line
}

fn mark_text(ui: &Ui<'_>, mark: BranchMark) -> String {
    let key = mark.key();
    match mark {
        BranchMark::Several(n) => ui.count(&key, n),
        BranchMark::Unknown(failure) => ui.state.words.fill(
            &key,
            &args([
                ("reason", Arg::key(failure.key())),
                ("status", u64::from(failure.number().unwrap_or_default()).into()),
            ]),
        ),
        _ => ui.say(&key),
    }
}

fn end_text(ui: &Ui<'_>, path: &Path) -> String {
    ui.with(&format!("spf-tree.ends.{}", path.result), "ip", path.ip)
}
