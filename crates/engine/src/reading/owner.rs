//! For whoever wants the mail to arrive: what is wrong and what to do about it, in the order of doing it. No code, no record.

use super::Written;
use crate::{check::FindingText, document::Document};

pub(super) fn write(from: &Written<'_>, document: &mut Document) {
    document.paragraph(&from.meaning());
    for (index, row) in from.report.rows.iter().enumerate() {
        document.heading(2, &format!("{}. {}", index + 1, from.row_title(row)));
        for text in [FindingText::Why, FindingText::Do] {
            from.texts(row, text).iter().for_each(|said| document.paragraph(said));
        }
        let changes =
            row.iter().any(|&place| from.report.finding(place).is_some_and(|one| one.fix.is_some()));
        if changes {
            document.paragraph(&from.say("reading.owner.records"));
        }
    }
}
