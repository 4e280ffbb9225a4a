//! Why are my e-mails not arriving, and what do I do now? Facts in, report out.
//!
//! The engine reads what the DNS says of a domain, an e-mail address or an IP address, judges it as receivers of mail do,
//! and says what to change. It explains error messages and headers of mail. It looks up nothing itself: whoever uses it
//! brings the answers, from resolvers, from [zone] text or from what was kept.
//!
//! ```
//! use std::rc::Rc;
//! use mail_triage_engine::{
//!     dns::Name, facts::Ask, knowledge::Knowledge, session::Session, target::{ListKeys, Target}, zone::Zone,
//! };
//!
//! let zone = Zone::parse("example.org. 300 MX 10 mail.example.org.\n\
//!                         mail.example.org. 300 A 192.0.2.25\n\
//!                         example.org. 300 TXT \"v=spf1 mx\"\n").unwrap();
//! let target = Target::domain(Name::parse("example.org").unwrap());
//! let mut session = Session::new(target, Rc::new(Knowledge::default()), ListKeys::default());
//! while let Some(query) = session.poll_query() {
//!     let outcome = zone.ask(&query).unwrap();
//!     session.answer(&query, outcome.clone());
//! }
//! let report = session.report();
//! assert!(report.findings().any(|(_, finding)| finding.code.id() == "SPF-200"));
//! ```
//!
//! # Facts in, report out
//!
//! ```text
//!          typed input                                www/data/*.json
//!               |                                            |
//!            Target                                      Knowledge
//!                \                                         /
//!  Facts ----->   views: typed pictures of the zone ----> checks: findings ----> Report (views, findings, verdict, evidence)
//!    ^                 |
//!    | answers         | questions whose answer is not known yet
//!    +----- driver <---+
//!             |
//!           Source: transport of the page, zone, recorded facts, overlay
//! ```
//!
//! A [view] says what a zone holds, a [check] what that means. Both are ordinary functions over what is [known](facts). They
//! ask for a record; if the outcome is known they go on, if not the [question](facts::Question) is noted and they stop with
//! [`facts::Pending`]. The [session] hands such questions out, takes the answers, and runs each waiting check again from its
//! start. Inputs are a few hundred octets, so running again costs nothing; in return lookups are declared by use, run at the
//! same time, are shared between checks, and there is no async code, no clock and no I/O in the engine.
//!
//! A [report] carries the views ([`view::Views`]): page, ticket, settings and rules read there what a domain holds, never out
//! of the values that fill the sentences of a finding.
//!
//! Everything learnt is a fact: what the DNS says, the MTA-STS policy file, the address of the user's own connection. What
//! somebody wants to know beside the checks, such as whether the name of a mail server resolves, is one more function that
//! [asks](session::Session::also) in a session.
//!
//! Where the answers come from is a [`source`]: a live run asks over HTTPS, an example or a test reads [zone] text, what was
//! recorded is facts, what would be is an [overlay] over either. The [`driver`] joins any of them to a session; one run is
//! one driver.
//!
//! # Where things are
//!
//! | module | what is in it |
//! |---|---|
//! | [`visible`] | characters that nobody sees, written so that they are seen |
//! | [`mod@words`] | enums and the words of their values, for JSON, data files and locale keys |
//! | [`command`] | every command line that is shown, for names that nobody trusts |
//! | [`input`], [`check_request`], [`target`] | what was typed, what is asked about |
//! | [`dns`] | names, queries, outcomes, the wire format (through the crate `domain`) |
//! | [`bounds`] | how much of what comes from outside is kept, compared and shown |
//! | [`facts`], [`zone`], [`policy_file`] | what can be asked and is known; a closed world read from zone text; the one file that is no record |
//! | [`overlay`] | changed record sets over another source of answers, by the rules of the DNS |
//! | [`what_if`] | changes that somebody tries before they are published: all checks over an overlay of them |
//! | [`record`] | one file a record type: text to terms with byte spans, and errors; the one maker of SPF and of DMARC records ([`record::spf::SpfEdit`], [`record::dmarc::DmarcEdit`]) |
//! | [`spf`] | evaluation with a trace (RFC 7208), survey of a whole tree |
//! | [`dmarc`] | the policy that applies by the tree walk (RFC 9989), alignment, the verdict over SPF and DKIM, report permissions |
//! | [`cx`] | what views and checks ask through: every question is noted, as evidence and to be looked up |
//! | [`view`] | one file a view: typed pictures of the zone, which checks turn into findings and which everybody else reads: who sends and from where, where mail goes, what lists say, what receivers make of SPF, DKIM and DMARC, what protects mail on its way |
//! | [`subject`] | what something is said of: a name or an address |
//! | [`check`], [`checklist`] | one file a check; the table of finding codes; the five steps |
//! | [`change`], [`around`], [`host_form`], [`build`] | a change of the zone; where it belongs and what it costs; what goes into which field of its host's form; records put together from choices |
//! | [`knowledge`] | typed views of `www/data` |
//! | [`many`] | many domains at once: a list read, a line of each report, the table as a file |
//! | [`message`] | pasted messages: header fields, MIME, delivery reports |
//! | [`bounce`] | what an error message says: provider, cause, step, party, facts for a run |
//! | [`limits`] | what somebody sends, held against the provider's limits |
//! | [`settings`] | settings of a mail program judged, commands to test them, what those printed |
//! | [`contact`] | whom to turn to, and a message for them that is ready to send |
//! | [`headers`] | the way of a message, what its receiver found, and what the DNS says now |
//! | [`resolver_trust`] | whether a resolver answers truthfully, judged once a run |
//! | [`source`], [`driver`] | where answers come from; what joins a session to them |
//! | [`snapshot`] | what a check saw, to be shown to somebody else |
//! | [`session`], [`report`] | the engine; what it found, as data: with the one verdict over it ([`report::headline`]) and what large receivers require ([`report::rules`]) |
//! | [`opinion`] | two resolvers held against each other, answer by answer and verdict by verdict |
//! | [`watch`] | which causes somebody waits for, and when the answers that they rest on may be others |
//! | [`outlook`] | what somebody looks at first who tries a change |
//! | [`picture`] | the SPF tree and the judgement of a mail, as data to be drawn |
//! | [`input::limits`], [`steps`] | how much of what is typed is read; a counter that shows that reading is linear |
//! | [`text`], [`report_text`], [`citation`] | words from codes; what is said of a report in one sentence; sources of rules |
//! | [`reading`], [`document`] | the report as three people read it, as Markdown or plain text |
//! | [`csv`] | lines of a table for programs for sheets |
//! | [`report_json`] | the report as a file for programs |
//! | [`route`] | links to a run |
//! | [`retry`], [`permit`] | for a transport: which resolver is asked next; how many requests may be under way, over all runs of a page |
//!
//! # Floors
//!
//! A module uses what is below it and never what is above: there is no circle among the modules of this crate
//! (`tests/native/floors.rs` looks). From the ground up: names, texts and tables ([`dns`], [`text`], [`change`]); what is
//! known ([`facts`], [`zone`], [`overlay`]); records and their evaluation ([`record`], [`spf`], [`dmarc`]); [`knowledge`]; the
//! [views](view) and what they ask through ([`cx`]); the [checks](check); the [`report`] and the [`session`] that makes it;
//! the [`driver`] of a session; what reads a report ([`contact`], [`report_text`]). So a view writes no findings, and a check
//! knows of no report.
//!
//! # Invariants
//!
//! - No crate that it depends on knows a browser. It reads no clock, does no I/O and formats no text for people.
//! - A lookup that failed is [`dns::Outcome::Failed`] with its reason: never "missing", never "clean".
//! - An answer beyond a [bound](bounds) is such a lookup: none is cut and then read.
//! - Parsing never fails: it gives what was understood and errors with byte spans. Nothing panics, whatever the input.
//! - Reading takes a time that grows with the length of the text and not with what is in it. How much is read of each field
//!   stands in [`input::limits`]; that reading is linear is counted in [`steps`], not timed.
//! - The same facts give the same report, in whatever order they came.
//! - The evidence of a finding is what its check asked or [cited](cx::Cx::cite) in the section that the finding is from.
//! - Nobody looks at the findings of another check: what several have to know is a [view].
//! - The values of a sentence are read by the catalog alone ([`text::Args`]).
//! - Every code has a source, a scenario that triggers it and texts in every language.
//! - DNS content is untrusted and reaches the page as text nodes only, and neither it nor a pasted text reaches page,
//!   clipboard or report with a character that [`visible`] would write out. Keys of the user's own reach no report.
//!
//! # Decisions worth knowing
//!
//! - **A list's clean control is asked only after a hit.** A subject that comes back as "does not exist" is itself
//!   the proof that the zone holds no wildcard, so RFC 5782's second test entry adds nothing then. It spares the
//!   volunteers who run lists a third of the questions; see [`view::listings`].
//! - **Limits live in the engine**, not in the transport: at most [`session::MAX_IN_FLIGHT`] requests, of which
//!   [`session::MAX_LISTS_IN_FLIGHT`] to lists, so that they can be tested without a network. The session hands out no
//!   more for one run, and [`permit`] lets no more go for all runs of a page together.
//! - **"Could not check" is counted once a subject and reason**, not once a list: that five lists refuse public
//!   resolvers is one thing to know, not five.
//! - **No Public Suffix List.** DMARC of 2026 finds owners by walking the DNS; the list (250 KB) would only serve to say
//!   what older receivers find. A table of second levels serves for that, see [`dmarc::suffix`].
#[macro_use]
pub mod words;

pub mod around;
pub mod bounce;
pub mod bounds;
pub mod build;
pub mod change;
pub mod check;
pub mod check_request;
pub mod checklist;
pub mod citation;
pub mod command;
pub mod contact;
pub mod csv;
pub mod cx;
pub mod dmarc;
pub mod dns;
pub mod document;
pub mod driver;
pub mod facts;
pub mod headers;
pub mod host_form;
pub mod input;
#[macro_use]
pub mod knowledge;
pub mod limits;
pub mod many;
pub mod message;
mod octets;
pub mod opinion;
pub mod outlook;
pub mod overlay;
mod percent;
pub mod permit;
pub mod picture;
pub mod policy_file;
pub mod reading;
pub mod record;
pub mod report;
pub mod report_json;
pub mod report_text;
pub mod resolver_trust;
pub mod retry;
pub mod route;
pub mod session;
pub mod settings;
pub mod snapshot;
pub mod source;
pub mod spf;
pub mod steps;
pub mod subject;
pub mod table;
pub mod target;
pub mod text;
pub mod view;
pub mod visible;
pub mod watch;
pub mod what_if;
pub mod zone;
