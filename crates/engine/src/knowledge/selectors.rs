//! Names under which DKIM keys are commonly published (`www/data/selectors.json`).

use super::{Confidence, DomainSuffix};
use crate::dns::Name;

/// The file `selectors.json`. Not finding a key under any of its names proves nothing.
#[derive(Clone, Debug, Default)]
pub struct Selectors {
    /// Year and month in which the facts were collected.
    pub collected: String,
    /// Where the names were seen.
    pub source: String,
    /// How many are asked at a time; see [`Selectors::batches`].
    pub batch: u8,
    /// The names, most common first.
    pub selectors: Vec<Selector>,
    /// Keys that wait at a provider.
    pub waiting: Vec<Waiting>,
    /// Whose key it is when the selector is an alias.
    pub targets: Vec<AliasTarget>,
}

reads!(Selectors {
    collected: "collected",
    source: "source",
    batch: "batch",
    selectors: "selectors",
    waiting: "waiting",
    targets: "targets"
});
reads_file!(Selectors);

/// One name.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// The selector: what stands before `._domainkey`.
    pub name: String,
    /// The provider who uses it, by its id in `providers.json`.
    pub provider: Option<String>,
    /// The proper name of a service that is not in `providers.json`.
    pub suggests: Option<String>,
    /// How well it is known; none where the name was seen in the source of the file.
    pub confidence: Option<Confidence>,
}

reads!(Selector { name: "name", provider: "provider", suggests: "suggests", confidence: "confidence" });

/// Where a provider keeps a key that a domain has yet to point to.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// The provider's id.
    pub provider: String,
    /// The selector that should point there.
    pub selector: String,
    /// The name of the key: `{dashed}` is the domain with dashes for dots, `{tenant}` the name of the account.
    pub at: String,
    /// Where this is said.
    pub source: String,
}

reads!(Waiting { provider: "provider", selector: "selector", at: "at", source: "source" });

/// Aliases that lead below this name are keys of one provider.
#[derive(Clone, Debug, Default)]
pub struct AliasTarget {
    /// The end of the alias's target.
    pub suffix: DomainSuffix,
    /// The provider's id in `providers.json`.
    pub provider: Option<String>,
    /// The proper name of a service that is not in `providers.json`.
    pub suggests: Option<String>,
}

reads!(AliasTarget { suffix: "suffix", provider: "provider", suggests: "suggests" });

impl Selectors {
    /// The names in the portions in which they are asked.
    pub fn batches(&self) -> impl Iterator<Item = &[Selector]> {
        self.selectors.chunks(usize::from(self.batch.max(1)))
    }

    /// What the target of an alias tells about whose key it is.
    pub fn by_target(&self, name: &Name) -> Option<&AliasTarget> {
        self.targets.iter().find(|target| target.suffix.covers(name))
    }

    /// Names at which a provider may hold a key for `domain`. The name of the account is not in DNS; it is guessed
    /// from the domain, and only a key that answers there is proof.
    pub fn waiting_for<'a>(
        &'a self,
        provider: &'a str,
        domain: &'a str,
    ) -> impl Iterator<Item = (&'a Waiting, Vec<String>)> {
        let dashed = domain.replace('.', "-");
        let first = domain.split('.').next().unwrap_or_default().to_owned();
        let joined = domain.replace(['.', '-'], "");
        self.waiting.iter().filter(move |waiting| waiting.provider == provider).map(move |waiting| {
            let mut names: Vec<String> = [&first, &joined]
                .iter()
                .map(|tenant| waiting.at.replace("{dashed}", &dashed).replace("{tenant}", tenant))
                .collect();
            names.dedup();
            (waiting, names)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::knowledge::Providers;

    fn real() -> Selectors {
        serde_json::from_str(include_str!("../../../../www/data/selectors.json")).unwrap()
    }

    #[test]
    fn names_are_labels_used_once_and_come_in_small_portions() {
        let selectors = real();
        let names: BTreeSet<&str> = selectors.selectors.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names.len(), selectors.selectors.len());
        assert!((40..=60).contains(&names.len()));
        assert!(names.iter().all(|name| Name::parse(name).is_ok()));
        let batches: Vec<_> = selectors.batches().map(<[Selector]>::len).collect();
        assert!(batches.len() == 4 && batches.iter().all(|&n| n <= 14), "{batches:?}");
    }

    #[test]
    fn the_providers_are_known() {
        let selectors = real();
        let providers: Providers =
            serde_json::from_str(include_str!("../../../../www/data/providers.json")).unwrap();
        let named = selectors.selectors.iter().filter_map(|s| s.provider.as_deref());
        let named = named.chain(selectors.targets.iter().filter_map(|t| t.provider.as_deref()));
        let named = named.chain(selectors.waiting.iter().map(|w| w.provider.as_str()));
        for id in named {
            assert!(providers.by_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn an_alias_names_its_provider_by_whole_labels() {
        let selectors = real();
        let target =
            |name: &str| selectors.by_target(&Name::parse(name).unwrap()).and_then(|t| t.provider.as_deref());
        assert_eq!(target("selector1-example-org._domainkey.example.onmicrosoft.com"), Some("microsoft365"));
        assert_eq!(target("s1.domainkey.u123.wl456.SENDGRID.net."), Some("sendgrid"));
        assert_eq!(target("s1.notsendgrid.net"), None);
    }

    #[test]
    fn names_of_waiting_keys_are_built_from_the_domain() {
        let selectors = real();
        let names: Vec<String> =
            selectors.waiting_for("microsoft365", "my-shop.com.tw").flat_map(|(_, names)| names).collect();
        assert_eq!(
            names,
            [
                "selector1-my-shop-com-tw._domainkey.my-shop.onmicrosoft.com",
                "selector1-my-shop-com-tw._domainkey.myshopcomtw.onmicrosoft.com",
            ]
        );
        assert_eq!(selectors.waiting_for("proton", "example.org").count(), 0);
    }
}
