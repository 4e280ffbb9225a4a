// Types of a saved report, and of what the module's `check` brings: `ReportFile["report"]`.

/** A report in a file. */
export type ReportFile = {
  /** When it was checked, in seconds since 1970 (UTC); none for an example. */
  checked?: number | null;
  /** Always `mail-triage-report`, by which the file is told from others. */
  format: string;
  /** Everything that was found. Its `version` is that of the whole file. */
  report: Report;
};

/** Whose an address is, by the record that names it. */
export type AddressOrigin = {
  kind: "user";
} | {
  kind: "domain";
} | {
  kind: "included";
  name: Name;
} | {
  kind: "provider";
  name: string;
};

/** Who owns an address, as far as is known. Names and addresses are untrusted. */
export type AddressOwner = {
  /** A plain e-mail address that takes complaints. */
  abuse?: string | null;
  /** Country in which the range is registered, two letters. */
  country?: string | null;
  /** The address. */
  ip: string;
  /** What kind of network it is, where something says so. */
  kind?: NetworkKind | null;
  /** Name of that system. */
  name?: string | null;
  /** The range that is announced with it, such as `192.0.2.0/24`. */
  network?: string | null;
  /** Number of the autonomous system that announces it. */
  number?: number | null;
};

/** A positive answer. */
export type Answer = {
  /** The names that led there by CNAME, first the name asked about; empty without an alias. */
  chain?: Name[];
  /** Circumstances of the answer. */
  meta: Meta;
  /** The records of the type asked for, in the order of the message. */
  records: Record[];
};

/** A value of a sentence: a number, a text, a key of the locales, or several. */
export type Arg = number | string | {
  key: string;
} | Arg[];

export type Args = { [key: string]: Arg };

/** Of whom something is required. */
export type Audience = "everyone" | "bulk";

/** An address that sends, or may. */
export type Candidate = {
  /** The address. */
  ip: string;
  /** The host by which it was found, or the name that its PTR record has. Untrusted. */
  name?: Name | null;
  /** Whose it is. */
  of: AddressOrigin;
  /** Whether it receives the domain's mail (MX). */
  receives: boolean;
  /** Whether the SPF record lets it send. */
  sends: boolean;
};

/** What the facts say around a change. */
export type ChangeContext = {
  /** What an SPF record costs, if everything that decides it is known. */
  lookups?: LookupCount | null;
  /** The zone's name servers, by which its host is recognised. */
  servers?: Name[];
  /** Seconds for which the resolver that was asked goes on giving the old answer. */
  wait?: number | null;
  /** The zone that holds the record: the closest name at or above it that is known to have name servers. */
  zone?: Name | null;
};

export type CheckId = "domain" | "blocklist-address" | "blocklist-own" | "blocklist-domain" | "blocklist-receiving" | "ptr" | "owner" | "provider" | "reach" | "recipient" | "submission" | "mx" | "spf" | "spf-sender" | "dkim" | "mta-sts" | "tls-rpt" | "dane" | "dnssec" | "health" | "bimi" | "dmarc";

/** What came of a check. */
export type CheckReport = {
  /** What it found. */
  findings: FindingReport[];
  /** The check's name. */
  id: CheckId;
  /** Whether it awaits answers. */
  running: boolean;
  /** The step it belongs to. */
  step: ChecklistStep;
  /** Its result so far. */
  verdict: CheckVerdict;
};

/** What came of a check, the least urgent first. */
export type CheckVerdict = "not-applicable" | "pass" | "unknown" | "improve" | "problem";

export type ChecklistStep = "blocklists" | "limits" | "authentication" | "dns" | "contact";

/** The code of a finding. */
export type Code = string;

/** An extended DNS error (RFC 8914 section 4). The text is the resolver's and untrusted. */
export type Ede = {
  /** The INFO-CODE, such as 6 for "DNSSEC Bogus". */
  code: number;
  /** The EXTRA-TEXT, often empty. */
  text?: string;
};

/** A question and what came of it. */
export type Evidence = {
  /** What came of it. */
  outcome: Outcome;
  /** What was asked. */
  query: Query;
};

/** What went wrong with a lookup. Each has words of its own in the locales (`failure.<slug>`). */
export type Failure = {
  kind: "offline";
} | {
  kind: "network";
} | {
  kind: "timed-out";
} | {
  kind: "rate-limited";
} | {
  detail: number;
  kind: "http";
} | {
  kind: "not-dns";
} | {
  kind: "malformed";
} | {
  kind: "wrong-question";
} | {
  kind: "truncated";
} | {
  kind: "wrong-type";
} | {
  kind: "referral";
} | {
  kind: "filtered";
} | {
  kind: "untruthful";
} | {
  kind: "serv-fail";
} | {
  kind: "refused";
} | {
  detail: number;
  kind: "rcode";
} | {
  kind: "budget";
} | {
  detail: number;
  kind: "too-many";
} | {
  kind: "too-large";
} | {
  kind: "key-withheld";
} | {
  kind: "not-recorded";
};

/** A finding, as it is written. */
export type FindingReport = {
  /** What has to go at other names, or of other types, together with the fix. */
  also?: Fix[];
  /** Values for its texts, and for nothing else. */
  args: Args;
  /** What is known around that: the zone, its name servers, how long the old answer lives on. */
  around?: ChangeContext | null;
  /** Its code. */
  code: Code;
  /** What was asked, as positions in the evidence of the report. */
  evidence: number[];
  /** What to publish instead. */
  fix?: Fix | null;
  /** Records, with the faulty part marked. */
  labels: Label[];
  /** How much it matters. */
  level: Level;
  /** So many more findings like it, which are left out. */
  more?: number;
  /** So many more records it speaks of. */
  more_labels?: number;
  /** The code's name for people who read code. */
  slug: string;
  /** Where the rule comes from. */
  source: string;
  /** What it is about. */
  subject: Subject;
  /** How likely it is the reason that mail does not arrive, 0 to 100. */
  weight: number;
};

/** A change to the zone that mends a problem. */
export type Fix = {
  /** Where the record belongs. */
  owner: Name;
  /** Texts of the records to publish. */
  publish?: string[];
  /** Texts of the records to take away. */
  remove?: string[];
  /** Whether it can be done without a decision of the owner's. */
  safety: Safety;
  /** Its type. */
  type: Rtype;
};

/** The verdict, and what is counted beside it. */
export type Headline = {
  /** Causes that are worth mending. */
  improve: number;
  /** The verdict itself. */
  says: HeadlineVerdict;
  /** Causes that stop mail. */
  stops: number;
  /** What could not be checked, each once: the name of a check, or [`SENDING_ADDRESS`]. */
  unchecked: string[];
};

export type HeadlineVerdict = "unfinished" | "resolver-untruthful" | "nothing-checked" | "name-servers-do-not-answer" | "domain-does-not-exist" | "domain-ran-out" | "domain-parked" | "not-your-records" | "nobody-may-send" | "stops-mail" | "could-not-check" | "sends-no-mail" | "worth-mending" | "partly-checked" | "in-order";

/** A record and the part of it that a finding speaks of. */
export type Label = {
  /** Where the record stands. */
  name: Name;
  /** The octets of `text` that are meant, at character boundaries; empty for none. */
  span: Range_of_uint;
  /** Its text as published; untrusted. */
  text: string;
  /** Its type. */
  type: Rtype;
};

export type Level = "stops" | "improve" | "unknown" | "info" | "pass";

/** Lookups of the ten that are allowed (RFC 7208 section 4.6.4). */
export type LookupCount = {
  /** With the new record. */
  after: number;
  /** With the record as it is; none where there is no single record. */
  before?: number | null;
};

/** A lookup that brought no usable answer. */
export type LookupFailure = {
  /** What went wrong. */
  failure: Failure;
  /** Circumstances, as far as there are any. */
  meta: Meta;
};

/** Circumstances of an answer. */
export type Meta = {
  /** The resolver vouches for the DNSSEC signatures (bit AD, RFC 4035 section 3.2.3). */
  authentic: boolean;
  /** A second resolver was asked and said the same. */
  confirmed?: boolean;
  /** Extended DNS errors (RFC 8914). */
  ede?: Ede[];
  /** How long it took, in milliseconds. */
  millis?: number | null;
  /** Which resolver answered: an id of `resolvers.json`, [`OWN_RESOLVER`], or empty in a test. */
  resolver?: string;
  /** The answer was cut (bit TC). */
  truncated: boolean;
};

/** A domain name in lower case, without a dot at its end; `.` is the root. */
export type Name = string;

/** Who says that an address sends. */
export type NamedBy = "nobody" | "user" | "spf";

/** A negative answer. */
export type Negative = {
  /** The names that led there by CNAME, as in [`Answer::chain`]; its last target is what does not exist. */
  chain?: Name[];
  /** Circumstances of the answer. */
  meta: Meta;
  /** Seconds this may be remembered: the SOA's minimum or TTL (RFC 2308 section 5). */
  ttl?: number | null;
};

/** What kind of network an address is in. */
export type NetworkKind = {
  kind: "provider";
  name: string;
} | {
  kind: "line";
} | {
  kind: "hoster";
};

/** The outcome of one query. The four cases are never mixed: a lookup that failed says nothing about the zone. */
export type Outcome = Answer & {
  status: "records";
} | Negative & {
  status: "no-data";
} | Negative & {
  status: "nx-domain";
} | LookupFailure & {
  status: "failed";
};

/** How far a session is. */
export type Progress = {
  /** Queries answered. */
  done: number;
  /** Queries known to be needed; grows while answers lead to further questions. */
  total: number;
};

/** The key of everything learnt: a name and a type. The class is always IN. */
export type Query = {
  /** Ask the resolver not to check DNSSEC signatures (bit CD, RFC 4035 section 3.2.2): what SERVFAILs without it and answers with it has broken signatures. */
  checkingDisabled?: boolean;
  /** The name asked about. */
  name: Name;
  /** The record type asked for. */
  type: Rtype;
};

export type Range_of_uint = {
  end: number;
  start: number;
};

/** The data of a record as in a zone file (RFC 1035 section 5.1). */
export type Rdata = string;

/** Who asks. */
export type Receiver = "gmail" | "yahoo" | "microsoft" | "la-poste";

/** One resource record. */
export type Record = {
  /** What it says. */
  data: Rdata;
  /** Where it stands: the end of the alias chain, which may differ from the name asked about. */
  owner: Name;
  /** Seconds it may be remembered. */
  ttl: number;
};

/** Everything a run found. */
export type Report = {
  /** The findings that matter, most likely cause first, as (check, finding) positions. */
  causes: [number, number][];
  /** The checks, in the order of the page. */
  checks: CheckReport[];
  /** Every question and what came of it; findings point into it. */
  evidence: Evidence[];
  /** The verdict over all of it. */
  headline: Headline;
  /** Whose those addresses are. */
  owners?: AddressOwner[];
  /** How far the run is; finished when `running` is false. */
  progress: Progress;
  /** The same as causes: what several say of one subject is one, the gravest of them first (see [`Code::is_of_lists`]). */
  rows: [number, number][][];
  /** What large receivers require, and how far it is met. */
  rules: RuleLine[];
  /** Whether answers are still awaited. */
  running: boolean;
  /** Which addresses send, and why these were asked about. */
  sending: Sending;
  /** The five steps. */
  steps: StepReport[];
  /** How many findings of each level. */
  summary: Summary;
  /** What was asked about. */
  target: Target;
  /** [`VERSION`]. */
  version: number;
};

export type Rtype = "A" | "NS" | "CNAME" | "SOA" | "PTR" | "MX" | "TXT" | "AAAA" | "SRV" | "DS" | "DNSKEY" | "TLSA" | "SPF" | "CAA";

/** A rule, held against a report. */
export type RuleLine = {
  /** [`Rule::asks`]. */
  asks: RuleSource[];
  /** [`Rule::audience`]. */
  audience: Audience;
  /** The finding that says more, as its place in [`Report::checks`] and in the findings of that check. */
  finding?: [number, number] | null;
  /** What has to be said with it; see [`RuleLine::key_of_note`]. */
  note?: string | null;
  /** [`Rule::id`]. */
  rule: string;
  /** How far it is met. */
  status: RuleStatus;
};

/** Where a receiver says so. */
export type RuleSource = {
  /** When that page was read last, year-month. */
  date: string;
  /** Who asks. */
  receiver: Receiver;
  /** The page that says so. */
  source: string;
};

export type RuleStatus = "met" | "not-met" | "unknown" | "only-you";

/** Whether a fix needs thought. */
export type Safety = "safe" | "decide";

/** Which addresses send, as far as is known. */
export type Sending = {
  /** The addresses that are asked about. */
  addresses: Candidate[];
  /** Who names the addresses. */
  namedBy: NamedBy;
  /** Addresses to choose from, where it is open. */
  offers?: Candidate[];
  /** Whether others may be sending, of which nobody said which. */
  open: boolean;
  /** Recognised providers through whose shared servers mail leaves. */
  shared?: SharedProvider[];
};

/** A provider whose customers share its sending addresses. */
export type SharedProvider = {
  /** Its id in `providers.json`. */
  id: string;
  /** Its proper name. */
  name: string;
  /** Its page for those who ask for help. */
  support?: string | null;
};

/** What came of a step. */
export type StepReport = {
  /** Whether one of its checks awaits answers. */
  running: boolean;
  /** Which step. */
  step: ChecklistStep;
  /** The worst of its checks. */
  verdict: CheckVerdict;
};

/** What a finding, or the answer of a list, is about. */
export type Subject = Name | string;

/** How many findings of each level; what several say of one subject counts once, by the gravest. */
export type Summary = {
  /** [`Level::Improve`]. */
  improve: number;
  /** [`Level::Pass`]. */
  pass: number;
  /** [`Level::Stops`]. */
  stops: number;
  /** [`Level::Unknown`]. */
  unknown: number;
};

/** What a run is about. At least a domain or an address is given. */
export type Target = {
  /** The domain the mail is sent from. */
  domain?: Name | null;
  /** The name the sending server gives in HELO or EHLO. */
  helo?: Name | null;
  /** Addresses that hand the mail to its receivers. */
  ips?: string[];
  /** The part before the `@`, if an address was given: the SPF sender, `postmaster` otherwise. */
  localPart?: string | null;
  /** The address of the user's own connection. A mail program hands its mail to a provider's server, so receivers never judge it: only lists are asked about it, and what they say is about the connection. */
  own?: string | null;
  /** Ask the blocklists about the receiving (MX) hosts too. Off unless asked for: they receive, they do not send. */
  receivingToo?: boolean;
  /** The domain of somebody written to, from a pasted error that says it cannot be found or reached. The address itself never comes here. */
  recipient?: Name | null;
  /** DKIM selectors the user knows of. */
  selectors?: string[];
};
