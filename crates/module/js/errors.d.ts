import type { RefusalCode } from "./types.js";

/** A call that is refused, or a file of the package that cannot be had. A call that was aborted fails with an `AbortError` instead. */
export class MailTriageError extends Error {
  /** What for. It stays, whatever the sentence in `message`. */
  readonly code: RefusalCode;
  /** The option that is wrong, where one is. */
  readonly option?: string;
}
