//! The files of the page that no compiler looks at: index.html, the guided
//! checklist, and the words both take from the locale files.

use std::{collections::BTreeSet, fs};

use mail_triage_engine::command::{self, Value as Filler};
use serde_json::Value;

use crate::common::{languages, texts};

const PAGE: &str = include_str!("../../index.html");
const GUIDE: &str = include_str!("../../www/data/guide.json");

fn guide() -> Value {
    serde_json::from_str(GUIDE).unwrap()
}

/// What the guided checklist names: `before.attachment`, `guide.1.vpn` and so on.
fn guided_items() -> BTreeSet<String> {
    let guide = guide();
    let before = guide["before"].as_array().unwrap().iter();
    let mut items: BTreeSet<String> = before.map(|id| format!("before.{}", id.as_str().unwrap())).collect();
    for step in guide["steps"].as_array().unwrap() {
        for item in step["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            assert!(items.insert(format!("guide.{}.{id}", step["step"])), "{id}");
        }
    }
    items
}

#[test]
fn first_paint_says_what_the_locales_say() {
    let mut keys: BTreeSet<String> = guided_items().iter().map(|i| format!("{i}.title")).collect();
    for key in [
        "name",
        "title",
        "lead",
        "label",
        "check",
        "needs-js",
        "privacy",
        "licences",
        "ended",
        "again",
        "home",
        "explained",
        "update",
        "update-elsewhere",
        "update-now",
    ] {
        keys.insert(format!("static.{key}"));
    }
    // What holds the place of the links that the program brings.
    for key in ["paste.open", "ask.details", "examples", "example.healthy", "example.broken"] {
        keys.insert(format!("ui.{key}"));
    }
    for step in 1..=5 {
        for part in ["title", "question", "intro"] {
            keys.insert(format!("step.{step}.{part}"));
        }
    }
    for lang in languages() {
        let texts = texts(&lang);
        for key in &keys {
            let text = texts[key].replace('&', "&amp;").replace('<', "&lt;");
            let painted = format!("lang=\"{lang}\">{text}</");
            assert!(PAGE.contains(&painted), "index.html lacks {key} in {lang}: {text}");
        }
    }
    assert!(PAGE.contains(&texts("en")["static.description"]));
}

/// The five steps with all their explanations, for a browser in which the program does not start.
fn checklist(lang: &str) -> String {
    let texts = texts(lang);
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let say = |key: &str| escape(&texts[key]);
    let guide = guide();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'self'; form-action 'none'\">\n\
         <meta charset=\"utf-8\">\n<title>{}: {}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         </head>\n<body>\n<main>\n<p><a href=\"./\">{0}</a></p>\n<h1>{1}</h1>\n<h2>{}</h2>\n",
        say("static.name"),
        say("static.title"),
        say("before.title")
    );
    let item = |page: &mut String, key: &str| {
        *page += &format!("<h3>{}</h3>\n", say(&format!("{key}.title")));
        for line in say(&format!("{key}.text")).lines() {
            *page += &format!("<p>{line}</p>\n");
        }
    };
    for id in guide["before"].as_array().unwrap() {
        item(&mut page, &format!("before.{}", id.as_str().unwrap()));
    }
    for step in guide["steps"].as_array().unwrap() {
        let n = &step["step"];
        let part = |part: &str| say(&format!("step.{n}.{part}"));
        page += &format!("<h2>{n}. {}</h2>\n", part("title"));
        page += &format!("<p><strong>{}</strong></p>\n<p>{}</p>\n", part("question"), part("intro"));
        for one in step["items"].as_array().unwrap() {
            item(&mut page, &format!("guide.{n}.{}", one["id"].as_str().unwrap()));
            for command in one["commands"].as_array().into_iter().flatten() {
                let text = |field: &str| command[field].as_str().unwrap();
                let values = [
                    ("host", Filler::Name("mail.example.com")),
                    ("port", Filler::Port(587)),
                    ("domain", Filler::Name("example.com")),
                ];
                let line = command::line(text("run"), &values).unwrap();
                page += &format!("<p>{}</p>\n<p><code>{}</code></p>\n", escape(text("on")), escape(&line));
            }
        }
    }
    page + "</main>\n</body>\n</html>\n"
}

/// `UPDATE=1 cargo test --test page` writes the files anew.
#[test]
fn the_checklist_in_words_says_what_the_locales_say() {
    for lang in languages() {
        let path = format!("www/checklist.{lang}.html");
        let wanted = checklist(&lang);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), wanted, "{path} is not what the locales say");
        let link =
            format!("lang=\"{lang}\" href=\"checklist.{lang}.html\">{}</a>", texts(&lang)["static.whole"]);
        assert!(PAGE.contains(&link), "index.html lacks {link}");
    }
}

/// What each language has beside its texts, in files that no compiler looks at.
#[test]
fn every_language_has_what_is_its_own_beside_its_texts() {
    let mut missing = Vec::new();
    for lang in languages() {
        for (file, wanted) in [
            ("index.html", format!("href=\"www/checklist.{lang}.html\"")),
            // It is chosen before the first paint, and there the other languages are hidden.
            ("www/boot.js", format!("\"{lang}\"")),
            (
                "www/style.css",
                format!(".js:lang({lang}) :is(.paint, .ended, .update) [lang]:not([lang={lang}])"),
            ),
            ("crates/module/js/cli.js", format!(" {lang} ")),
        ] {
            if !fs::read_to_string(file).unwrap().replace('\n', " ").contains(&wanted) {
                missing.push(format!("{wanted} in {file}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn guide_fits_its_schema() {
    let schema = serde_json::from_str(include_str!("../../www/data/guide.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&guide()).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut broken = guide();
    broken["steps"][2]["items"][5]["commands"][0]["run"] = "no placeholder".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn guided_items_and_their_texts_match() {
    let items = guided_items();
    for lang in languages() {
        let texts = texts(&lang);
        for item in &items {
            for part in ["title", "text"] {
                let key = format!("{item}.{part}");
                assert!(texts.contains_key(&key), "{lang} lacks {key}");
            }
        }
        for key in texts.keys() {
            let guided =
                key.strip_suffix(".text").filter(|k| k.starts_with("guide.") || k.starts_with("before."));
            if let Some(item) = guided {
                assert!(items.contains(item), "guide.json lacks {item}");
            }
        }
    }
}

#[test]
fn guide_numbers_its_steps_and_knows_its_providers() {
    let providers: Value = serde_json::from_str(include_str!("../../www/data/providers.json")).unwrap();
    let providers = providers.to_string();
    let guide = guide();
    let steps = guide["steps"].as_array().unwrap();
    assert_eq!(steps.iter().map(|s| s["step"].as_u64()).collect::<Vec<_>>(), [1, 2, 3, 4, 5].map(Some));
    for item in steps.iter().flat_map(|s| s["items"].as_array().unwrap()) {
        for provider in item["providers"].as_array().into_iter().flatten() {
            assert!(providers.contains(&format!("\"id\":{provider}")), "{provider}");
        }
    }
}

#[test]
fn policy_comes_first_and_nothing_is_inline() {
    let head = PAGE.split("<head>").nth(1).unwrap().trim_start();
    assert!(head.starts_with("<meta http-equiv=\"Content-Security-Policy\""));
    // What the policy must not allow, and what it would have to allow.
    for forbidden in
        ["'unsafe-inline'", "'unsafe-eval'", "<style", " style=", "<script", " onclick=", "javascript:"]
    {
        assert!(!PAGE.contains(forbidden), "{forbidden}");
    }
}
