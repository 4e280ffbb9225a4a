//! Records that somebody changes to see what would become of it: rows as they were typed, what they come to, and the way back.

use mail_triage_engine::{
    dns::{Name, Query, Rdata, Rtype},
    facts::Facts,
    input::limits::InputField,
    target::Target,
    what_if::{SetChange, TYPES, read_value, value},
};

/// Steps that can be undone.
const MOST_STEPS: usize = 200;
/// Records of others that are shown.
const MOST_FOREIGN: usize = 60;

/// A record, as it stands there or as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, which never changes.
    pub id: u32,
    /// Its name, as typed.
    pub owner: String,
    /// Its type.
    pub rtype: Rtype,
    /// What it says, as typed.
    pub value: String,
    /// The record that stands there now; none for one that is added.
    was: Option<(Name, Rdata)>,
    /// Whether it is taken away.
    pub is_gone: bool,
    /// Whether it stands in the zone of the domain: others belong to somebody else.
    pub is_own: bool,
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// Its name is none.
    Name,
    /// It says nothing that records of its type can say.
    Value,
    /// An alias stands at its name, beside which nothing can be added (RFC 2181 section 10.1).
    BesideAlias,
}

impl RowFault {
    /// The key of the sentence that says so.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "try.fault.name",
            Self::Value => "try.fault.value",
            Self::BesideAlias => "try.fault.alias",
        }
    }
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Types what a record says.
    Value(u32, String),
    /// Types the name of a record that is added.
    Owner(u32, String),
    /// Chooses the type of a record that is added.
    Type(u32, Rtype),
    /// Adds a record.
    Add,
    /// Takes a record away; one that was added is gone.
    Take(u32),
    /// Puts a record back as it stands there.
    Back(u32),
    /// Makes these changes.
    Make(Vec<SetChange>),
    /// Takes the last step back.
    Undo,
    /// Puts everything back.
    Reset,
}

/// The records, and the steps that led to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    rows: Vec<Row>,
    steps: Vec<Vec<Row>>,
    /// The row that is typed into: what is typed there is one step.
    typing: Option<u32>,
    next: u32,
    /// The domain: the name of a record that is added begins with it.
    domain: Option<Name>,
    /// Names at which an alias stands.
    aliases: Vec<Name>,
}

impl Records {
    /// The records that a run has seen: those of the domain first, then those of others that its mail rests on. `is_list` says
    /// which questions went to blocklists, which are nobody's to change.
    pub fn of(target: &Target, facts: &Facts, is_list: impl Fn(&Query) -> bool) -> Self {
        let mut records = Self { domain: target.domain.clone(), ..Self::default() };
        let is_own = |name: &Name| {
            target.domain.as_ref().is_some_and(|domain| name.is_within(domain) || domain.is_within(name))
        };
        let all = || facts.records().filter(|(query, _)| !is_list(query));
        let seen = all().filter(|(query, outcome)| {
            !query.checking_disabled && TYPES.contains(&query.rtype) && outcome.chain().is_empty()
        });
        for (query, outcome) in seen {
            // A wildcard and what is behind an alias stand elsewhere.
            for record in outcome.records().iter().filter(|record| record.owner == query.name) {
                let (owner, data) = (record.owner.clone(), record.data.clone());
                let own = is_own(&owner);
                records.push(owner.to_string(), query.rtype, value(&data), Some((owner, data)), own);
            }
        }
        for (query, outcome) in all() {
            let is_alias = outcome.chain().first() == Some(&query.name);
            if is_alias && !records.aliases.contains(&query.name) {
                records.aliases.push(query.name.clone());
            }
        }
        let place = |row: &Row| {
            let at = TYPES.iter().position(|rtype| *rtype == row.rtype).unwrap_or(TYPES.len());
            (!row.is_own, row.owner.len(), row.owner.clone(), at)
        };
        records.rows.sort_by_key(place);
        let mut foreign = 0;
        records.rows.retain(|row| {
            foreign += usize::from(!row.is_own);
            row.is_own || foreign <= MOST_FOREIGN
        });
        records
    }

    fn push(
        &mut self,
        owner: String,
        rtype: Rtype,
        value: String,
        was: Option<(Name, Rdata)>,
        is_own: bool,
    ) -> u32 {
        let id = self.next;
        self.next += 1;
        self.rows.push(Row { id, owner, rtype, value, was, is_gone: false, is_own });
        id
    }

    /// The records, in the order in which they are shown.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Takes what somebody does; the number of a record that was added.
    pub fn take(&mut self, edit: Edit) -> Option<u32> {
        if edit == Edit::Undo {
            self.typing = None;
            if let Some(rows) = self.steps.pop() {
                self.rows = rows;
            }
            return None;
        }
        let before = self.rows.clone();
        let typing = match &edit {
            Edit::Value(id, _) | Edit::Owner(id, _) => Some(*id),
            _ => None,
        };
        let added = self.change(edit);
        let goes_on = typing.is_some() && self.typing == typing;
        if self.rows != before && !goes_on {
            self.steps.push(before);
            if self.steps.len() > MOST_STEPS {
                self.steps.remove(0);
            }
        }
        self.typing = typing;
        added
    }

    fn change(&mut self, edit: Edit) -> Option<u32> {
        match edit {
            Edit::Value(id, text) => self.with(id, |row| row.value = InputField::List.part(&text).to_owned()),
            Edit::Owner(id, text) => self.with(id, |row| row.owner = text),
            Edit::Type(id, rtype) => self.with(id, |row| row.rtype = rtype),
            Edit::Take(id) => {
                self.with(id, |row| row.is_gone = true);
                self.rows.retain(|row| !row.is_gone || row.was.is_some());
            }
            Edit::Back(id) => self.with(id, Row::put_back),
            Edit::Reset => {
                self.rows.retain(|row| row.was.is_some());
                self.rows.iter_mut().for_each(Row::put_back);
            }
            Edit::Make(changes) => changes.iter().for_each(|change| self.make(change)),
            Edit::Add => {
                let owner = self.domain.as_ref().map(ToString::to_string).unwrap_or_default();
                return Some(self.push(owner, Rtype::Txt, String::new(), None, true));
            }
            Edit::Undo => {}
        }
        None
    }

    fn with(&mut self, id: u32, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.id == id) {
            change(row);
        }
    }

    /// Makes a change: what is replaced stays in its row.
    fn make(&mut self, change: &SetChange) {
        let mut add = change.add.iter();
        for gone in &change.remove {
            let same = |row: &&mut Row| {
                row.was.as_ref().is_some_and(|(owner, data)| {
                    !row.is_gone
                        && *owner == change.owner
                        && row.rtype == change.rtype
                        && value(data) == value(gone)
                })
            };
            let Some(row) = self.rows.iter_mut().find(same) else { continue };
            match add.next() {
                Some(new) => row.value = value(new),
                None => row.is_gone = true,
            }
        }
        for data in add {
            let stands = |row: &Row| !row.is_gone && row.rtype == change.rtype && row.value == value(data);
            if !self
                .rows
                .iter()
                .any(|row| stands(row) && Name::parse(&row.owner).as_ref() == Ok(&change.owner))
            {
                self.push(change.owner.to_string(), change.rtype, value(data), None, true);
            }
        }
    }

    /// What is wrong with a row, if it was changed.
    pub fn fault(&self, row: &Row) -> Option<RowFault> {
        if row.is_gone || !row.is_changed() {
            return None;
        }
        let Ok(owner) = Name::parse(row.owner.trim()) else { return Some(RowFault::Name) };
        if owner.is_root() {
            return Some(RowFault::Name);
        }
        if read_value(row.rtype, &row.value).is_none() {
            return Some(RowFault::Value);
        }
        let alias = self.aliases.contains(&owner) && row.rtype != Rtype::Cname && row.was.is_none();
        (alias && !self.is_alias_gone(&owner)).then_some(RowFault::BesideAlias)
    }

    fn is_alias_gone(&self, owner: &Name) -> bool {
        let alias =
            |row: &&Row| row.rtype == Rtype::Cname && row.was.as_ref().is_some_and(|(name, _)| name == owner);
        self.rows.iter().find(alias).is_some_and(|row| row.is_gone)
    }

    /// What the rows come to, one change a name and type. What cannot be read stays as it stands there.
    pub fn changes(&self) -> Vec<SetChange> {
        let mut changes: Vec<SetChange> = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_changed() && self.fault(row).is_none()) {
            let Some(owner) = row
                .was
                .as_ref()
                .map(|(owner, _)| owner.clone())
                .or_else(|| Name::parse(row.owner.trim()).ok())
            else {
                continue;
            };
            let at = changes.iter().position(|change| (&change.owner, change.rtype) == (&owner, row.rtype));
            let at = at.unwrap_or_else(|| {
                changes.push(SetChange { owner, rtype: row.rtype, remove: Vec::new(), add: Vec::new() });
                changes.len() - 1
            });
            let Some(change) = changes.get_mut(at) else { continue };
            change.remove.extend(row.was.as_ref().map(|(_, data)| data.clone()));
            if !row.is_gone {
                change.add.extend(read_value(row.rtype, &row.value));
            }
        }
        changes
    }
}

impl Row {
    /// Whether it is not as it stands there.
    pub fn is_changed(&self) -> bool {
        self.is_gone || self.was.as_ref().is_none_or(|(_, data)| value(data) != self.value)
    }

    /// Whether it was added.
    pub fn is_new(&self) -> bool {
        self.was.is_none()
    }

    fn put_back(&mut self) {
        if let Some((owner, data)) = &self.was {
            (self.owner, self.value, self.is_gone) = (owner.to_string(), value(data), false);
        }
    }
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::{facts::Ask, zone::Zone};

    use super::*;

    const ZONE: &str = "example.org. MX 10 mx.example.org.\nexample.org. TXT \"v=spf1 mx -all\"\n\
                        example.org. TXT \"a=1\"\nwww.example.org. CNAME host.example.\n\
                        mx.elsewhere.example. A 11.22.33.44\n";

    fn records() -> Records {
        let zone = Zone::parse(ZONE).unwrap();
        let mut facts = Facts::default();
        for (name, rtype) in [
            ("example.org", Rtype::Txt),
            ("example.org", Rtype::Mx),
            ("www.example.org", Rtype::Cname),
            ("www.example.org", Rtype::Txt),
            ("_dmarc.example.org", Rtype::Txt),
            ("mx.elsewhere.example", Rtype::A),
        ] {
            let query = Query::new(Name::parse(name).unwrap(), rtype);
            facts.insert(query.clone(), zone.ask(&query).unwrap().clone());
        }
        Records::of(&Target::domain(Name::parse("example.org").unwrap()), &facts, |_| false)
    }

    fn id(records: &Records, value: &str) -> u32 {
        records.rows().iter().find(|row| row.value == value).unwrap().id
    }

    fn words(records: &Records) -> Vec<String> {
        records.changes().iter().flat_map(|change| change.words().collect::<Vec<_>>()).collect()
    }

    #[test]
    fn the_records_of_the_domain_stand_first() {
        let records = records();
        let shown: Vec<_> = records.rows().iter().map(|row| (row.value.as_str(), row.is_own)).collect();
        assert_eq!(shown.len(), 5);
        assert_eq!(shown[4], ("11.22.33.44", false));
        assert!(records.changes().is_empty() && !records.can_undo());
    }

    #[test]
    fn what_is_typed_takes_the_place_of_what_stands_there_and_is_one_step() {
        let mut records = records();
        let spf = id(&records, "v=spf1 mx -all");
        for text in ["v=spf1 mx -al", "v=spf1 mx ~all"] {
            records.take(Edit::Value(spf, text.to_owned()));
        }
        assert_eq!(words(&records), ["-TXT example.org v=spf1 mx -all", "+TXT example.org v=spf1 mx ~all"]);
        records.take(Edit::Undo);
        assert!(words(&records).is_empty() && !records.can_undo());
    }

    #[test]
    fn what_is_added_and_taken_away_again_leaves_nothing() {
        let mut records = records();
        let new = records.take(Edit::Add).unwrap();
        let row = records.rows().iter().find(|row| row.id == new).unwrap().clone();
        assert_eq!((row.owner.as_str(), records.fault(&row)), ("example.org", Some(RowFault::Value)));
        records.take(Edit::Owner(new, "_dmarc.example.org".to_owned()));
        records.take(Edit::Value(new, "v=DMARC1; p=none".to_owned()));
        assert_eq!(words(&records), ["+TXT _dmarc.example.org v=DMARC1; p=none"]);
        records.take(Edit::Take(new));
        assert!(words(&records).is_empty());
        records.take(Edit::Undo);
        assert_eq!(words(&records).len(), 1);
    }

    #[test]
    fn several_changes_stand_together_and_all_can_be_put_back() {
        let mut records = records();
        let (spf, mx) = (id(&records, "v=spf1 mx -all"), id(&records, "10 mx.example.org"));
        records.take(Edit::Take(spf));
        records.take(Edit::Value(mx, "5 mx.elsewhere.example".to_owned()));
        assert_eq!(records.changes().len(), 2);
        records.take(Edit::Back(spf));
        assert_eq!(words(&records).len(), 2);
        records.take(Edit::Reset);
        assert!(words(&records).is_empty() && records.can_undo());
    }

    #[test]
    fn what_cannot_be_read_is_named_and_changes_nothing() {
        let mut records = records();
        let mx = id(&records, "10 mx.example.org");
        records.take(Edit::Value(mx, "mx.example.org".to_owned()));
        let row = records.rows().iter().find(|row| row.id == mx).unwrap().clone();
        assert_eq!(records.fault(&row), Some(RowFault::Value));
        assert!(records.changes().is_empty());
        let new = records.take(Edit::Add).unwrap();
        records.take(Edit::Owner(new, "a b".to_owned()));
        let row = records.rows().iter().find(|row| row.id == new).unwrap().clone();
        assert_eq!(records.fault(&row), Some(RowFault::Name));
    }

    #[test]
    fn nothing_is_added_beside_an_alias_that_stays() {
        let mut records = records();
        let new = records.take(Edit::Add).unwrap();
        records.take(Edit::Owner(new, "www.example.org".to_owned()));
        records.take(Edit::Value(new, "v=spf1 -all".to_owned()));
        let fault = |records: &Records| {
            let row = records.rows().iter().find(|row| row.id == new).unwrap();
            records.fault(row)
        };
        assert_eq!(fault(&records), Some(RowFault::BesideAlias));
        let alias = id(&records, "host.example");
        records.take(Edit::Take(alias));
        assert_eq!(fault(&records), None);
    }

    #[test]
    fn a_proposed_change_is_made_where_its_records_stand() {
        let mut records = records();
        let make = [
            "-TXT example.org v=spf1 mx -all",
            "+TXT example.org v=spf1 mx ~all",
            "+TXT _dmarc.example.org v=DMARC1; p=none",
        ];
        records.take(Edit::Make(SetChange::of_words(make)));
        assert_eq!(words(&records), make);
        records.take(Edit::Make(SetChange::of_words(make)));
        assert_eq!(words(&records), make, "a second time changes nothing");
        records.take(Edit::Undo);
        assert!(words(&records).is_empty(), "it was one step");
    }
}
