/** What a message says. Texts and addresses in it were written by strangers. */

import type { Args } from "./report.js";
import type { TextSpan } from "./types.js";

/** What was understood of a message. */
export interface MessageReading {
  version: 1;
  /** What it is. */
  kind: "report" | "message" | "headers" | "reply" | "text";
  /** The text that was read; every span is a place in it. */
  text: string;
  /** What is the matter, the most telling first; empty if it is no error. */
  verdicts: MessageVerdict[];
  /** For each verdict what happened and what to do, where a language was named. */
  words?: [string, string][];
  /** What stands in it about sender, server and recipient. */
  facts: MessageFact[];
  /** The header of the message that it is or is about. */
  header?: MessageHeader;
  /** What stands out in that header. */
  remarks?: { [key: string]: unknown; kind: string }[];
  /** Octets in the middle of very long texts that were not read. */
  skipped?: number;
}

/** What is the matter, and what to do. */
export interface MessageVerdict {
  /** The cause; none if the text was not recognised. */
  cause?: string;
  /** What happened: a key of the texts, and its values. */
  said: { key: string; args: Args };
  /** What to do now. */
  advice: { key: string; args: Args };
  /** Who must act, the likeliest first. */
  who: string[];
  /** The step of the checklist that helps. */
  step: string;
  /** Whether it is final. */
  finality: "final" | "temporary" | "given-up" | "accepted" | "unknown";
  /** When trying again makes sense. */
  retry: string;
  /** The provider that said it. */
  provider?: { id: string; name: string; ids: string[] };
  /** How it was recognised. */
  basis: string;
  /** The entry of the data that fitted. */
  entry?: string;
  /** Where the meaning comes from. */
  source?: string;
  /** The codes, and where they stand. */
  codes?: { reply?: number; enhanced?: unknown; span: TextSpan };
  /** The words that told it. */
  span?: TextSpan;
  /** Who said them. */
  speaker?: string;
  /** What it claims, to be checked. */
  claims: { [key: string]: unknown }[];
  /** For whom, where the text says so. */
  recipients?: string[];
}

/** One thing a text says. */
export interface MessageFact {
  kind: string;
  value: string;
  /** Where it stands. */
  span?: TextSpan;
  /** Whether a check should ask about it. */
  proposed: boolean;
  /** Whether it names a person. */
  private: boolean;
}

/** The header of a message. */
export interface MessageHeader {
  /** Its way, from the first server to the last. */
  hops: { [key: string]: unknown }[];
  /** The address that handed it over to its receiver. */
  senderIp?: string;
  /** The domain of the author. */
  from?: string;
  /** The domain of the envelope sender. */
  returnPath?: string;
  /** What its receiver found. */
  results: { [key: string]: unknown }[];
  /** Its DKIM signatures. */
  signatures: { [key: string]: unknown }[];
  [key: string]: unknown;
}
