//! The report as a file of JSON, for programs. `www/schema` has its schema and its types for TypeScript, which a test
//! writes from the types here.

use serde::Serialize;

use crate::report::Report;

/// What [`ReportFile::format`] says.
pub const FORMAT: &str = "mail-triage-report";

/// A report in a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReportFile<'a> {
    /// Always `mail-triage-report`, by which the file is told from others.
    pub format: &'static str,
    /// When it was checked, in seconds since 1970 (UTC); none for an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<u64>,
    /// Everything that was found. Its `version` is that of the whole file.
    pub report: &'a Report,
}

impl<'a> ReportFile<'a> {
    /// The file for a report.
    #[must_use]
    pub fn new(report: &'a Report, checked: Option<u64>) -> Self {
        Self { format: FORMAT, checked, report }
    }
}

#[cfg(test)]
mod schema;
