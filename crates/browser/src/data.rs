//! The knowledge files, fetched when they are needed.

use crate::{doh::Endpoint, json};
use mail_triage_engine::{
    dns::{OWN_RESOLVER, whoami},
    knowledge::{Knowledge, Resolvers, Value, files},
    route::is_resolver_address,
};

/// Reads JSON text; none if it is something else.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    json::parse(text)
}

/// Reads all knowledge files below `base`; none if one of them cannot be had.
pub async fn knowledge(base: &str) -> Option<Knowledge> {
    let mut read = Vec::new();
    for place in files::OF_CHECKS {
        read.push((place, json::fetch_json(format!("{base}{place}")).await?));
    }
    Knowledge::from_files(|place| read.iter().find(|(known, _)| *known == place).map(|(_, file)| file))
}

/// Whom to ask for the user's own address: the one resolver that can tell, whatever resolver is chosen for all else; nobody
/// if the list does not hold it.
#[must_use]
pub fn knows_own_address(resolvers: &Resolvers) -> Vec<Endpoint> {
    let known = resolvers.by_id(whoami::RESOLVER);
    known
        .map(|resolver| Endpoint { id: resolver.id.clone(), url: resolver.url.clone() })
        .into_iter()
        .collect()
}

/// Whom to ask, in order. An address of the user's own is asked alone: whoever types one has a reason. A resolver of
/// the list is asked first, and those of the chain stand in for it.
#[must_use]
pub fn endpoints(resolvers: &Resolvers, choice: Option<&str>) -> Vec<Endpoint> {
    if let Some(url) = choice.filter(|choice| is_resolver_address(choice)) {
        return vec![Endpoint { id: OWN_RESOLVER.to_owned(), url: url.to_owned() }];
    }
    let first = choice.and_then(|id| resolvers.by_id(id));
    let mut endpoints: Vec<Endpoint> = Vec::new();
    for resolver in first.into_iter().chain(resolvers.chain()) {
        if endpoints.iter().all(|endpoint| endpoint.id != resolver.id) {
            endpoints.push(Endpoint { id: resolver.id.clone(), url: resolver.url.clone() });
        }
    }
    endpoints
}
