//! Chromium and its driver.

use std::path::PathBuf;

use super::{Found, debian};
use crate::sh::{Result, Shell};

/// A browser and the driver that fits it.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// chromedriver of the same release.
    pub driver: PathBuf,
}

/// Finds or installs Chromium and chromedriver.
pub fn browser(sh: &Shell) -> Result<Found<Browser>> {
    if let Some(browser) = find(sh) {
        return Ok(Found::Ready(browser));
    }
    let packages = ["chromium", "chromium-driver"];
    Ok(match debian::install(sh, "Chromium and its driver", &packages)? {
        Found::Missing(missing) => Found::Missing(missing),
        Found::Ready(()) => Found::Ready(find(sh).ok_or("Chromium was installed, but not found")?),
    })
}

/// A font with Chinese characters, without which half the page would be measured as boxes.
pub fn cjk_font(sh: &Shell) -> Result<Found> {
    let listed = sh.output("fc-list :lang=zh-tw family");
    if listed.is_some_and(|fonts| !fonts.is_empty()) {
        return Ok(Found::Ready(()));
    }
    debian::install(sh, "a font for Chinese", &["fonts-noto-cjk", "fontconfig"])
}

fn find(sh: &Shell) -> Option<Browser> {
    let driver = sh.find(&["chromedriver"])?;
    let release = major(sh, &driver)?;
    // Where several browsers are installed, the driver works with its own release only.
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .filter_map(|name| sh.find(&[name]))
        .find(|browser| major(sh, browser).as_ref() == Some(&release))
        .map(|chromium| Browser { chromium, driver })
}

/// `156` of `Chromium 156.0.8078.79 built on ...` and of `ChromeDriver 156.0.8078.79 (...)`.
fn major(sh: &Shell, program: &std::path::Path) -> Option<String> {
    let line = sh.output(&format!("{} --version", program.display()))?;
    let version = line.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split('.').next().map(str::to_owned)
}
