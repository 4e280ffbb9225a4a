/** SPF evaluated for one message, and the text of records: an entry of its own, a third of the whole. */

import type { ParsedRecord, RecordKind, SpfEvaluation } from "./types.js";

export type { ParsedRecord, RecordError, RecordKind, RecordPart, RefusalCode, SpfEvaluation, SpfLookup, SpfProblem, SpfRecordRead, SpfTraceEntry, TextSpan } from "./types.js";
export { MailTriageError } from "./errors.js";

/** What was learnt, packed: what the DNS said, for programs of this package and nobody else to read. */
export type Facts = string;

/** A message before its content (RFC 7208 section 4.1). */
export interface SpfMessage {
  /** The address that hands it over. */
  ip: string;
  /** The envelope sender, the argument of `MAIL FROM` without angle brackets; empty or left out as in bounces. */
  sender?: string;
  /** The name given in HELO or EHLO. */
  helo?: string;
}

/** Where the answers come from: resolvers, or what is named here. */
export interface SpfSource {
  /** Whom to ask: the id of a resolver, or an address. */
  resolver?: string;
  /** What was learnt before. Nothing is asked then. */
  facts?: Facts;
  /** A closed world of records as zone text. Nothing is asked then. */
  zone?: string;
  /** By what this call sends its requests, with limits of its own. */
  fetch?: (request: Request) => Promise<Response>;
  /** Ends it: the call fails with an `AbortError`. */
  signal?: AbortSignal;
}

/** What an instance begins with. */
export interface RecordsDefaults {
  /** By what requests are sent, in place of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** Whom to ask: the id of a resolver, or an address. */
  resolver?: string;
}

export interface Records {
  /**
   * Evaluates SPF for one message (RFC 7208), with what every term did. The answers come from resolvers, or from the
   * source that is named.
   */
  evaluateSpf(message: SpfMessage, source?: SpfSource): Promise<SpfEvaluation>;
  /** Reads the text of a record. Reading never fails: what is wrong stands among the errors. */
  parseRecord(kind: RecordKind, text: string): Promise<ParsedRecord>;
}

/** An instance with limits and a `fetch` of its own. */
export function createRecords(defaults?: RecordsDefaults): Records;

export const evaluateSpf: Records["evaluateSpf"];
export const parseRecord: Records["parseRecord"];
