//! Delivery status notifications (RFC 3464).

use super::{
    header::{Header, Headers},
    mime::Entity,
};

/// Recipients that are read; nobody looks at the rest one by one.
const MOST_RECIPIENTS: usize = 1_000;

/// The part of a report that machines read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Fields about the message (section 2.2).
    pub message: Headers,
    /// Fields about each recipient (section 2.3).
    pub recipients: Vec<Headers>,
}

impl DeliveryReport {
    /// Reads the text of a `message/delivery-status`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut report = Self::default();
        let mut rest = text;
        while report.recipients.len() < MOST_RECIPIENTS
            && let Some((headers, at)) = Headers::read(rest)
        {
            if headers.get("Action").is_some()
                || headers.get("Status").is_some()
                || headers.get("Final-Recipient").is_some()
                || headers.get("Diagnostic-Code").is_some()
            {
                // Some programs put everything into one group.
                if report.message.0.is_empty() && headers.get("Reporting-MTA").is_some() {
                    report.message = headers.clone();
                }
                report.recipients.push(headers);
            } else {
                report.message.0.extend(headers.0);
            }
            rest = &rest[at..];
        }
        report
    }

    /// The report in a message.
    #[must_use]
    pub fn of(message: &Entity) -> Option<Self> {
        let mut found: Option<Self> = None;
        message.walk(&mut |entity| {
            if matches!(
                entity.content_type.kind.as_str(),
                "message/delivery-status" | "message/global-delivery-status"
            ) && let Some(text) = entity.text()
                && found.is_none()
            {
                found = Some(Self::parse(text));
            }
        });
        found
    }

    /// What stands behind the type in a field such as `Remote-MTA: dns; mx.example.org` (section 2.1.2).
    #[must_use]
    pub fn value(field: &str) -> &str {
        field.split_once(';').map_or(field, |(_, value)| value).trim()
    }

    /// The fields of this name, of the message and of every recipient.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Header> {
        std::iter::once(&self.message).chain(&self.recipients).flat_map(move |headers| headers.all(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_told_apart() {
        let report = DeliveryReport::parse(
            "Reporting-MTA: dns; out.example.org\nArrival-Date: Fri, 20 Nov 2026 09:12:33 +0800\n\n\
             Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n  no such user\n\n\
             Final-Recipient: rfc822; b@y.example\nAction: delayed\nStatus: 4.4.1\n",
        );
        assert_eq!(report.message.get("Reporting-MTA").map(DeliveryReport::value), Some("out.example.org"));
        assert_eq!(report.recipients.len(), 2);
        assert_eq!(
            report.recipients[0].get("Diagnostic-Code").map(DeliveryReport::value),
            Some("550 5.1.1 no such user")
        );
        assert_eq!(report.all("Status").count(), 2);
    }

    #[test]
    fn one_group_and_nothing() {
        let report = DeliveryReport::parse(
            "Reporting-MTA: dns; a\nFinal-Recipient: rfc822; b@c.example\nStatus: 5.0.0\n",
        );
        assert_eq!((report.message.0.len(), report.recipients.len()), (3, 1));
        assert_eq!(DeliveryReport::parse("nothing here"), DeliveryReport::default());
    }
}
