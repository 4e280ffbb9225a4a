/** The element `<mail-triage>`. Importing this defines it. */

import type { MailTriage, MailTriageError, Progress, Report } from "./index.js";

/** What happens to the element; the events do not bubble. */
export interface MailTriageElementEventMap {
  /** Answers have come. */
  progress: CustomEvent<Progress>;
  /** The report is there and shown. */
  done: CustomEvent<Report>;
  /** It could not be checked at all. */
  error: CustomEvent<MailTriageError>;
}

/**
 * A check, and what came of it. Attributes: `domain`, without which there is a form; `ips`, `selectors` (separated by blanks),
 * `helo`, `resolver`; `lang`, else the language of the page; `view`, `summary` (the default) or `full`.
 *
 * Custom properties: `--mail-triage-color`, `-background`, `-font`, `-accent`, `-on-accent`, `-border`, `-radius`. Parts: `form`,
 * `label`, `input`, `button`, `status`, `error`, `report`, `heading`, `heading-1` to `heading-3`, `paragraph`,
 * `list`, `item`, `code`.
 */
export class MailTriageElement extends HTMLElement {
  /** The report that is shown, once there is one. Set to show one that was made elsewhere. */
  report: Report | null;
  /** By what it is checked; set before the element is put into the page. */
  instance: Pick<MailTriage, "check" | "documentOf">;
  /** Checks again. */
  check(): void;
  addEventListener<K extends keyof MailTriageElementEventMap>(
    type: K,
    listener: (this: MailTriageElement, event: MailTriageElementEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "mail-triage": MailTriageElement;
  }
}
