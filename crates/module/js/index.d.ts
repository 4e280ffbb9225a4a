/** Checks of domains, e-mail addresses and IP addresses; messages explained; SPF evaluated; records read. */

import type { MailTriageError } from "./errors.js";
import type { MessageReading } from "./message.js";
import type { Facts, Records, RecordsDefaults } from "./records.js";
import type { Fix, Progress, Report as ReportSoFar, Rtype } from "./report.js";
import type { CodeDescription, DocumentPart, Form, Reading } from "./types.js";

export type * from "./types.js";
export { MailTriageError } from "./errors.js";
export type { Facts, Records, RecordsDefaults, SpfMessage, SpfSource } from "./records.js";
export type {
  CheckReport,
  CheckVerdict,
  Evidence,
  FindingReport,
  Fix,
  Headline,
  HeadlineVerdict,
  Level,
  Outcome,
  Progress,
  Query,
  RuleLine,
  StepReport,
  Summary,
  Target,
} from "./report.js";
export type { MessageReading } from "./message.js";

/** Everything a run found. It holds no words: `render` and `documentOf` say it in a language. */
export interface Report extends ReportSoFar {
  /** What was learnt. `check` takes it in place of lookups; whoever changes the report and not this changes nothing of what is rendered. */
  facts: Facts;
}

/** How `check` is done. What does not exist or cannot be read is an error that names it. */
export interface CheckOptions {
  /** Addresses that hand the mail to its receivers. */
  ips?: string[];
  /** DKIM selectors that are known. */
  selectors?: string[];
  /** The name that the sending server gives in HELO or EHLO. */
  helo?: string;
  /** Whom to ask: the id of a resolver, or an address: `https:`, on this machine `http:` too. */
  resolver?: string;
  /** Ask blocklists about the hosts that receive, too. */
  receivingToo?: boolean;
  /** The text of the domain's MTA-STS policy. */
  policy?: string;
  /** Read that policy from the domain's own server: the only request that is no lookup. Few servers let web pages read it. */
  readPolicy?: boolean;
  /** What another run has learnt. Nothing is asked then; what is not in it could not be checked. */
  facts?: Facts;
  /** A closed world of records as zone text, one a line. Nothing is asked then, and what is not in it does not exist. */
  zone?: string;
  /** By what this call sends its requests, with limits of its own. */
  fetch?: (request: Request) => Promise<Response>;
  /** Ends it: the call fails with an `AbortError`. */
  signal?: AbortSignal;
}

/** How far a check is. */
export interface CheckUpdate {
  /** Lookups that are done, of those known to be needed. */
  progress: Progress;
  /** The report so far. It is written when this is called, which takes some milliseconds; only until the check ends. */
  report(): ReportSoFar;
}

/** What came of one target of `checkMany`. */
export type CheckResult =
  | { target: string; report: Report; error?: undefined }
  | { target: string; report?: undefined; error: MailTriageError };

/** A change of the zone: the whole set of records of a name and type, or what a finding proposes. */
export type Change =
  | {
      name: string;
      type: Rtype;
      /** Every record there is afterwards; none to take the set away. Of TXT the bare text, of others the data as in a zone file. */
      records: string[];
    }
  | Fix;

/** Where `whatIf` learns what the facts of the report do not tell: from resolvers, or from what is named here. */
export interface WhatIfOptions {
  /** Whom to ask: the id of a resolver, or an address: `https:`, on this machine `http:` too. */
  resolver?: string;
  /** Read the MTA-STS policy from the domain's own server, if the report does not hold it. */
  readPolicy?: boolean;
  /** What another run has learnt; the report's own facts to stay with those. Nothing is asked then, and what they do not tell could not be checked. */
  facts?: Facts;
  /** A closed world of records as zone text. Nothing is asked then, and what is not in it does not exist. */
  zone?: string;
  /** By what this call sends its requests, with limits of its own. */
  fetch?: (request: Request) => Promise<Response>;
  /** Ends it: the call fails with an `AbortError`. */
  signal?: AbortSignal;
}

/** How a report is written. */
export interface RenderOptions {
  /** For whom: `postmaster`, who gets everything, where it is left out. */
  reading?: Reading;
}

export interface ExplainOptions {
  /** The language of `words`; without it there are none. */
  lang?: string;
}

export interface MailTriage extends Records {
  /** Checks a domain, an e-mail address or an IP address. `onUpdate` is told after each burst of answers how far it is. */
  check(target: string, options?: CheckOptions, onUpdate?: (update: CheckUpdate) => void): Promise<Report>;
  /** Checks several, some at a time; resolvers and lists are not asked more at a time than for one. A target that cannot be read has its error among the results. */
  checkMany(
    targets: Iterable<string>,
    options?: CheckOptions,
    onResult?: (result: CheckResult, index: number) => void,
  ): Promise<CheckResult[]>;
  /** The report as it would be with these changes, made one after the other. Only what they lead to and the report's facts do not tell is asked. */
  whatIf(report: Report, changes: Change[], options?: WhatIfOptions): Promise<Report>;
  /** The report for people, in a language: `en` where it is left out. */
  render(report: Report, format: Form, lang?: string, options?: RenderOptions): Promise<string>;
  /** The same as parts, to be drawn by whoever likes. */
  documentOf(report: Report, lang?: string, options?: RenderOptions): Promise<DocumentPart[]>;
  /** What the findings of a code mean. */
  describe(code: string, lang?: string): Promise<CodeDescription>;
  /** Says what an error message, a returned mail or the header of a message says. Nothing is asked, and nothing leaves the page. */
  explainMessage(message: string | Uint8Array, options?: ExplainOptions): Promise<MessageReading>;
}

/** An instance: limits, resolvers' health and a `fetch` of its own. Nothing of it is seen by another. */
export function create(defaults?: RecordsDefaults): MailTriage;

export const check: MailTriage["check"];
export const checkMany: MailTriage["checkMany"];
export const whatIf: MailTriage["whatIf"];
export const render: MailTriage["render"];
export const documentOf: MailTriage["documentOf"];
export const describe: MailTriage["describe"];
export const explainMessage: MailTriage["explainMessage"];
export const evaluateSpf: MailTriage["evaluateSpf"];
export const parseRecord: MailTriage["parseRecord"];
