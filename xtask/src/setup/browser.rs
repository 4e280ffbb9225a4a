//! Chromium and its driver.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Found, Missing, debian};
use crate::sh::{Result, Shell};

/// A browser and the driver that fits it.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// chromedriver of the same release.
    pub driver: PathBuf,
}

const CHROMIUM: (&str, &[&str]) = ("Chromium and its driver", &["chromium", "chromium-driver"]);
/// The same engine without a window around it.
const WINDOWLESS: (&str, &[&str]) = ("Chromium without windows", &["chromium-headless-shell"]);
const FONTS: (&str, &[&str]) =
    ("fonts for Latin letters and Chinese", &["fonts-liberation", "fonts-noto-cjk", "fontconfig"]);

/// Chromium and chromedriver, where they will be installed.
pub fn browser_missing(sh: &Shell) -> Option<Missing> {
    if debian::is_ubuntu() || find(sh).is_some() { None } else { debian::planned(sh, CHROMIUM.0, CHROMIUM.1) }
}

/// Finds or installs Chromium and chromedriver.
pub fn browser(sh: &Shell) -> Result<Found<Browser>> {
    if debian::is_ubuntu() && find(sh).is_none() {
        return Ok(Found::Missing(Missing {
            reason: "Chrome or Chromium and its driver missing (Ubuntu has no packages of them)".to_owned(),
            command: DOWNLOAD.to_owned(),
        }));
    }
    debian::find_or_install(sh, CHROMIUM, find)
}

/// What tries the page: Chromium without windows where it can be had, else the one with them.
///
/// The end-to-end tests open hundreds of pages, and a window costs as much as a page does: with windows they took 2.2 s of
/// the processor each, without 1.1 s.
pub fn windowless(sh: &Shell, browser: &Browser) -> Result<PathBuf> {
    if find_windowless(sh).is_none() && !debian::is_ubuntu() {
        debian::install(sh, WINDOWLESS.0, WINDOWLESS.1)?;
    }
    Ok(find_windowless(sh).unwrap_or_else(|| browser.chromium.clone()))
}

/// Chromium without windows, where it will be installed.
pub fn windowless_missing(sh: &Shell) -> Option<Missing> {
    if debian::is_ubuntu() || find_windowless(sh).is_some() {
        None
    } else {
        debian::planned(sh, WINDOWLESS.0, WINDOWLESS.1)
    }
}

fn find_windowless(sh: &Shell) -> Option<PathBuf> {
    downloaded(&sh.tools(), "chrome-headless-shell").pop().or_else(|| sh.find(&["chromium-headless-shell"]))
}

/// Puts both where [`find`] looks, without touching the system.
const DOWNLOAD: &str = "npx --yes @puppeteer/browsers install chrome@stable --path target/tools \
                        && npx --yes @puppeteer/browsers install chromedriver@stable --path target/tools";

/// Fonts that the tests measure the page with: one as wide as Arial, for what a system without any draws is a quarter wider
/// than on any phone; and one with Chinese characters, without which half the page would be measured as boxes.
pub fn fonts(sh: &Shell) -> Result<Found> {
    if has_fonts(sh) { Ok(Found::Ready(())) } else { debian::install(sh, FONTS.0, FONTS.1) }
}

/// The same fonts, where they will be installed.
pub fn fonts_missing(sh: &Shell) -> Option<Missing> {
    if has_fonts(sh) { None } else { debian::planned(sh, FONTS.0, FONTS.1) }
}

fn has_fonts(sh: &Shell) -> bool {
    let has = |pattern: &str| {
        let mut list = sh.line("fc-list");
        let found = list.arg(pattern).arg("family").output();
        found.is_ok_and(|found| !found.stdout.is_empty())
    };
    has(":lang=zh-tw") && has("Liberation Sans")
}

fn find(sh: &Shell) -> Option<Browser> {
    let mut drivers = downloaded(&sh.tools(), "chromedriver");
    drivers.extend(sh.find(&["chromedriver"]));
    // Set where GitHub runs the tests.
    drivers.extend(env::var_os("CHROMEWEBDRIVER").map(|dir| Path::new(&dir).join("chromedriver")));
    let mut browsers = downloaded(&sh.tools(), "chrome");
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    browsers.extend(names.iter().filter_map(|name| sh.find(&[name])));
    // Where several browsers are installed, the driver works with its own release only.
    let mut browsers: Vec<_> =
        browsers.into_iter().filter_map(|browser| Some((major(sh, &browser)?, browser))).collect();
    drivers.into_iter().find_map(|driver| {
        let release = major(sh, &driver)?;
        let at = browsers.iter().position(|(of, _)| *of == release)?;
        Some(Browser { chromium: browsers.swap_remove(at).1, driver })
    })
}

/// What [`DOWNLOAD`] left: `chrome/linux-156.0.8078.79/chrome-linux64/chrome` and likewise for the driver.
fn downloaded(tools: &Path, name: &str) -> Vec<PathBuf> {
    let below = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let programs = below(&tools.join(name)).flat_map(|version| below(&version).collect::<Vec<_>>());
    let mut programs: Vec<_> = programs.map(|dir| dir.join(name)).filter(|file| file.is_file()).collect();
    programs.sort();
    programs
}

/// `156` of `Chromium 156.0.8078.79 built on ...` and of `ChromeDriver 156.0.8078.79 (...)`.
fn major(sh: &Shell, program: &Path) -> Option<String> {
    let line = sh.output(&format!("{} --version", program.display()))?;
    let version = line.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split('.').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_downloaded() {
        let tools = env::temp_dir().join(format!("mail-triage-browsers-{}", std::process::id()));
        let dir = tools.join("chromedriver/linux-156.0.8078.79/chromedriver-linux64");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("LICENSE"), "").unwrap();
        assert_eq!(downloaded(&tools, "chromedriver"), [] as [PathBuf; 0]);
        fs::write(dir.join("chromedriver"), "").unwrap();
        assert_eq!(downloaded(&tools, "chromedriver"), [dir.join("chromedriver")]);
        assert_eq!(downloaded(&tools, "chrome"), [] as [PathBuf; 0]);
        fs::remove_dir_all(tools).unwrap();
    }
}
