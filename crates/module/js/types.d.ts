// Types of calls. Written by a test of crates/module, from the types there.

import type { Code, Failure, Level, Name, Query } from "./report.js";

/** What a finding of a code means, in one language. Its texts have placeholders such as `{domain}`, which the findings of a report fill. */
export type CodeDescription = {
  /** The code. */
  code: Code;
  /** What to do. */
  do?: string;
  /** How much it matters, unless a finding says otherwise. */
  level: Level;
  /** Its name for people who read code. */
  slug: string;
  /** Where the rule comes from. */
  source: string;
  /** What was found. */
  title: string;
  /** How likely it is the reason that mail does not arrive, 0 to 100. */
  weight: number;
  /** Why it matters. */
  why?: string;
};

/** A part of a report that is written for a person, to be drawn by whoever likes. Its text is plain, never markup. */
export type DocumentPart = {
  /** `heading`, `paragraph`, `item` of a list, or `code`: a record or command to be taken as it is. */
  kind: DocumentPartKind;
  /** Of a heading: 1 for the title of the whole, 2 and 3 below it. */
  level?: number;
  /** What it says. */
  text: string;
};

/** What a part of a document is. */
export type DocumentPartKind = "heading" | "paragraph" | "item" | "code";

/** In which form a report is written. */
export type Form = "markdown" | "text" | "html";

/** A record as it was read. Reading never fails. */
export type ParsedRecord = {
  /** What is wrong with it, in the order of the text. */
  errors: RecordError[];
  /** What it was read as. */
  kind: RecordKind;
  /** Its parts, in the order of the text. */
  parts: RecordPart[];
};

/** The result that a mechanism stands for (RFC 7208 section 4.6.2). */
export type Qualifier = "+" | "-" | "~" | "?";

/** For whom a report is written: who has the trouble, who keeps the DNS, who runs the mail server. */
export type Reading = "owner" | "keeper" | "postmaster";

/** Something wrong with a record. */
export type RecordError = {
  /** What is wrong, as a word that stays. */
  code: string;
  /** The faulty part. */
  span: TextSpan;
};

/** What a text is to be read as. */
export type RecordKind = "spf" | "dmarc" | "dkim" | "mta-sts" | "mta-sts-policy" | "tls-rpt" | "bimi";

/** A term of an SPF record, a pair of a list of tags, or a line of a policy. */
export type RecordPart = {
  /** The name of the mechanism, modifier, tag or field, in lower case; empty where none could be read. */
  name: string;
  /** The qualifier of an SPF mechanism: `+`, `-`, `~` or `?`. */
  qualifier?: Qualifier;
  /** Where it stands. */
  span: TextSpan;
  /** What is said of it, as written; empty where there is nothing. */
  value: string;
};

/** What a call is refused for. */
export type RefusalCode = "target" | "option" | "facts" | "report" | "change" | "kind" | "code" | "format" | "language" | "message" | "files";

/** What SPF says of a message (RFC 7208 section 2.6), and how that came about. */
export type SpfEvaluation = {
  /** What the domain wants a refused sender to read. Written by strangers. */
  explanation?: string;
  /** What was learnt: a source for another evaluation, or for `check`. */
  facts: string;
  /** Terms that asked, of the ten that are allowed (section 4.6.4). */
  lookups: number;
  /** Why it is `none`, `temperror` or `permerror`. */
  problem?: SpfProblem;
  /** The records that were read; the first is the sender's own. */
  records: SpfRecordRead[];
  /** The result. */
  result: SpfResult;
  /** The terms that were evaluated, in that order; those of an included record follow the `include`. */
  trace: SpfTraceEntry[];
  /** Terms that came back empty, of the two that are allowed (section 4.6.4). */
  voids: number;
};

/** A question and what came of it. */
export type SpfLookup = {
  /** How many records there are. */
  count?: number;
  /** Why it is not known. */
  failure?: Failure;
  /** The question. */
  query: Query;
  /** `records`, `no-data`, `nx-domain` or `failed`. */
  status: SpfLookupStatus;
};

/** What came of a question. */
export type SpfLookupStatus = "records" | "no-data" | "nx-domain" | "failed";

/** Why there is no proper result. */
export type SpfProblem = {
  /** The term at which it came up: a position in `trace`. */
  entry?: number;
  /** The reason of a lookup that failed. */
  failure?: Failure;
  /** Why. */
  reason: SpfReason;
  /** The record it concerns: a position in `records`. */
  record?: number;
};

/** Why the result is `none`, `temperror` or `permerror`. */
export type SpfReason = "not-a-domain" | "no-record" | "several-records" | "syntax" | "target-without-record" | "too-many-lookups" | "too-many-voids" | "too-many-mx-hosts" | "lookup";

/** A record that was read. */
export type SpfRecordRead = {
  /** The domain it belongs to. */
  domain: Name;
  /** Its result for the message. */
  result: SpfResult;
  /** Its text. Written by strangers. */
  text: string;
};

/** The result of an evaluation (RFC 7208 section 2.6). */
export type SpfResult = "none" | "neutral" | "pass" | "fail" | "softfail" | "temperror" | "permerror";

/** What came of a term. */
export type SpfTermEffect = "matched" | "not-matched" | "error";

/** A term that was evaluated. */
export type SpfTraceEntry = {
  /** What it asked itself. */
  asked: SpfLookup[];
  /** Lookups it adds to the ten that are allowed: 0 or 1. */
  cost: number;
  /** How many includes it is inside of. */
  depth: number;
  /** What came of it. */
  effect: SpfTermEffect;
  /** Its record: a position in `records`. */
  record: number;
  /** Where it stands in the text of its record. */
  span: TextSpan;
  /** The term as written. */
  term: string;
  /** Whether it came back empty and counts against the two that are allowed. */
  void: boolean;
};

/** A part of a text, in UTF-16 code units: what `text.slice(start, end)` takes. */
export type TextSpan = {
  /** The unit after the last one. */
  end: number;
  /** The first unit. */
  start: number;
};
