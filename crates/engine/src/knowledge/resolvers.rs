//! Resolvers that a web page can ask over HTTPS (`www/data/resolvers.json`).

use super::Confidence;

/// The file `resolvers.json`.
#[derive(Clone, Debug, Default)]
pub struct Resolvers {
    /// Year and month in which the facts were collected.
    pub collected: String,
    /// Ids in the order in which they are tried.
    pub chain: Vec<String>,
    /// All that can be chosen, best first.
    pub resolvers: Vec<Resolver>,
}

reads!(Resolvers { collected: "collected", chain: "chain", resolvers: "resolvers" });
reads_file!(Resolvers);

/// A resolver that answers a browser and does not filter.
#[derive(Clone, Debug, Default)]
pub struct Resolver {
    /// Stable id, used in links and in local storage.
    pub id: String,
    /// Proper name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Where RFC 8484 queries go, without the query part.
    pub url: String,
    /// The service's own page.
    pub homepage: String,
    /// Its privacy statement.
    pub privacy: String,
    /// Does the operator say that it keeps no log of who asked?
    pub no_log: bool,
    /// Preference, 1 is first.
    pub rank: u8,
    /// Locale key of a remark.
    pub note: Option<String>,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
    /// Year and month of the facts.
    pub date: String,
}

reads!(Resolver {
    id: "id",
    name: "name",
    operator: "operator",
    url: "url",
    homepage: "homepage",
    privacy: "privacy",
    no_log: "noLog",
    rank: "rank",
    note: "note",
    source: "source",
    confidence: "confidence",
    date: "date"
});

impl Resolvers {
    /// The resolver with this id.
    pub fn by_id(&self, id: &str) -> Option<&Resolver> {
        self.resolvers.iter().find(|resolver| resolver.id == id)
    }

    /// The fall-back chain in order.
    pub fn chain(&self) -> impl Iterator<Item = &Resolver> {
        self.chain.iter().filter_map(|id| self.by_id(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real() -> Resolvers {
        serde_json::from_str(include_str!("../../../../www/data/resolvers.json")).unwrap()
    }

    #[test]
    fn the_chain_starts_at_cloudflare_and_names_only_known_resolvers() {
        let resolvers = real();
        let chain: Vec<&str> = resolvers.chain().map(|r| r.id.as_str()).collect();
        assert_eq!(chain, ["cloudflare", "google", "dnssb", "cznic"]);
        assert_eq!(chain.len(), resolvers.chain.len());
    }

    #[test]
    fn ids_are_unique_ranks_ascend_and_urls_are_https() {
        let resolvers = real();
        for (index, resolver) in resolvers.resolvers.iter().enumerate() {
            assert_eq!(usize::from(resolver.rank), index + 1, "{}", resolver.id);
            assert!(resolver.url.starts_with("https://"), "{}", resolver.id);
            assert!(!resolver.url.contains('?'), "{}", resolver.id);
            assert_eq!(
                resolvers.by_id(&resolver.id).unwrap().url,
                resolver.url,
                "{} is there twice",
                resolver.id
            );
        }
    }

    #[test]
    fn nothing_is_known_before_the_file_arrives() {
        assert_eq!(Resolvers::default().chain().count(), 0);
    }
}
