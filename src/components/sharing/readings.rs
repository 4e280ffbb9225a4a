//! The result in words, for three who may have to read it: copied, or saved as a file.

use mail_triage_browser::{clock, json, save::save_text, words};
use mail_triage_engine::{
    document::Document,
    knowledge::Knowledge,
    reading::{Reading, Written},
    report::Report,
    report_json::ReportFile,
};
use yew::prelude::{Html, Properties, component, use_state_eq};

use crate::{
    components::{
        h::{El, el, part},
        on::typed,
        page_context::PageContext,
        shared::Shared,
    },
    shell::seen::part_of_name,
};

/// What the words are written from.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// Lists, providers and DNS hosts.
    pub knowledge: Shared<Knowledge>,
    /// What was found.
    pub report: Shared<Report>,
    /// Where the user says that the records are kept.
    pub kept_at: Option<String>,
    /// When it was checked, and where it can be seen again.
    pub seen: String,
    /// When it was checked, in seconds since 1970; none for an example.
    pub checked: Option<i64>,
}

impl Props {
    fn read_by(&self, reading: Reading) -> Document {
        let written = Written {
            report: &self.report,
            knowledge: &self.knowledge,
            catalog: self.page.words.catalog(),
            plural: words::plural,
            kept_at: self.kept_at.as_deref(),
            seen: &self.seen,
        };
        written.read_by(reading)
    }

    /// The name of a file: what was checked, when, and for whom.
    fn name(&self, of: &str, ending: &str) -> String {
        let what = part_of_name(&self.report.target.to_string());
        let day = self.checked.map(clock::local_time).unwrap_or_default();
        let day = day.split(' ').next().filter(|day| !day.is_empty()).unwrap_or("example");
        format!("mail-triage-{what}-{day}{of}.{ending}")
    }
}

/// The choice, the words, and what can be done with them.
#[component]
pub fn ReadingsPanel(props: &Props) -> Html {
    let page = &props.page;
    let chosen = use_state_eq(|| Reading::Owner);
    let document = props.read_by(*chosen);
    let text = document.to_text();
    let options = Reading::ALL.iter().map(|reading| {
        let choice = el("input")
            .put("type", "radio")
            .put("name", "reading")
            .set("value", reading.as_str().to_owned())
            .checked(reading == &*chosen);
        let set = chosen.clone();
        let choice = typed(choice, move |word| {
            if let Some(reading) = Reading::from_word(&word) {
                set.set(reading);
            }
        });
        part("label", "choice").key(reading.as_str()).with(choice).with(page.el("span", &reading.key()))
    });
    part("div", "readings")
        .with(page.el("h2", "save.readings"))
        .with(part("fieldset", "choices").with(page.el("legend", "save.for")).all(options.collect()))
        .with(buttons(props, *chosen, &document))
        .with(page.copyable(
            "reading-text".to_owned(),
            part("pre", "reading").put("tabindex", "0").text(text.clone()),
            &text,
        ))
        .into()
}

fn buttons(props: &Props, reading: Reading, document: &Document) -> El {
    let page = &props.page;
    let save = |key: &str, of: &str, ending: &'static str, media_type: &'static str, text: String| {
        let name = props.name(of, ending);
        page.button("quiet", key, move || {
            save_text(&name, media_type, &text);
        })
    };
    let of = format!("-{}", reading.as_str());
    let report = props.report.clone();
    let (name, checked) = (props.name("", "json"), props.checked.and_then(|unix| u64::try_from(unix).ok()));
    // Written only when it is wanted: it is long.
    let json = page.button("quiet", "save.json", move || {
        if let Some(text) = json::text_of(&ReportFile::new(&report, checked)) {
            save_text(&name, "application/json", &text);
        }
    });
    part("div", "actions")
        .with(save("save.markdown", &of, "md", "text/markdown", document.to_markdown()))
        .with(save("save.text", &of, "txt", "text/plain", document.to_text()))
        .with(json)
}
