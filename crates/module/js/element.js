// <mail-triage domain="example.org" lang="zh-Hant" view="summary">: a check, and what came of it, in a page of somebody else's.
//
// Everything that is shown is text in elements that are made here: neither markup nor styles come from a report, and a strict
// Content-Security-Policy needs no exception for it.

import { create } from "./index.js";
import { texts } from "./load.js";

const STYLE = `
:host { display: block; color: var(--mail-triage-color, inherit); font: var(--mail-triage-font, inherit);
  background: var(--mail-triage-background, transparent); }
:host([hidden]) { display: none; }
form { display: flex; flex-wrap: wrap; gap: .5em; align-items: end; }
label { flex: 1 1 15em; display: grid; gap: .25em; }
input, button { font: inherit; padding: .5em .75em; border-radius: var(--mail-triage-radius, .375em);
  border: 1px solid var(--mail-triage-border, currentColor); color: inherit; background: transparent; min-width: 0; }
button { cursor: pointer; color: var(--mail-triage-on-accent, #fff); background: var(--mail-triage-accent, #0b6b5d);
  border-color: transparent; }
h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.25em; } h3 { font-size: 1.1em; } h4 { font-size: 1em; }
p, li { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .5em .75em; border-radius: var(--mail-triage-radius, .375em);
  border: 1px solid var(--mail-triage-border, currentColor); }
`;

/** For whom each view is written. */
const READINGS = { summary: "owner", full: "postmaster" };

/** Elements with the same transport: however many there are, resolvers are not asked more at a time. */
const shared = create();

/** Names of attributes that say what is checked. */
const ASKED = ["domain", "ips", "selectors", "helo", "resolver"];

export class MailTriageElement extends HTMLElement {
  static observedAttributes = [...ASKED, "lang", "view"];

  #root = this.attachShadow({ mode: "open" });
  #instance = shared;
  #running = null;
  #report = null;
  #queued = false;
  #again = false;
  #input = null;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** The report that is shown, once there is one. Set to show one that was made elsewhere. */
  get report() {
    return this.#report;
  }

  set report(report) {
    this.#stop();
    this.#report = report ?? null;
    this.#later(false);
  }

  /** What it is checked by, an instance of `create`; set before it is put into the page. */
  get instance() {
    return this.#instance;
  }

  set instance(instance) {
    this.#instance = instance ?? shared;
  }

  connectedCallback() {
    this.#later(this.#report === null);
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#later(ASKED.includes(name));
  }

  /** Checks what the attributes say, again if that was done before. */
  check() {
    this.#later(true);
  }

  /** Several attributes are often set at a time: what follows from them is done once. */
  #later(again) {
    this.#again ||= again;
    if (this.#queued || !this.isConnected) return;
    this.#queued = true;
    queueMicrotask(async () => {
      this.#queued = false;
      const isAgain = this.#again;
      this.#again = false;
      if (!this.isConnected) return;
      if (isAgain && this.hasAttribute("domain")) await this.#run();
      else await this.#draw();
    });
  }

  #stop() {
    this.#running?.abort();
    this.#running = null;
  }

  async #run() {
    this.#stop();
    const running = new AbortController();
    this.#running = running;
    this.#report = null;
    const list = (name) => this.getAttribute(name)?.split(/[\s,]+/).filter(Boolean);
    const options = {
      ips: list("ips"),
      selectors: list("selectors"),
      helo: this.getAttribute("helo") ?? undefined,
      resolver: this.getAttribute("resolver") ?? undefined,
      signal: running.signal,
    };
    try {
      await this.#draw();
      const report = await this.#instance.check(this.getAttribute("domain"), options, ({ progress }) => {
        if (running.signal.aborted) return;
        this.#tell("progress", progress);
        this.#drawProgress(progress);
      });
      if (running.signal.aborted) return;
      this.#running = null;
      this.#report = report;
      await this.#draw();
      this.#tell("done", report);
    } catch (error) {
      if (running.signal.aborted) return;
      this.#running = null;
      await this.#draw(error);
      this.#tell("error", error);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  get #lang() {
    return this.getAttribute("lang") || this.closest("[lang]")?.lang || "en";
  }

  async #words() {
    // A page in another language gets English, as from everything else here.
    return texts(this.#lang).catch(() => texts("en"));
  }

  async #draw(error) {
    const words = await this.#words();
    const report = this.#report;
    const reading = READINGS[this.getAttribute("view")] ?? READINGS.summary;
    const parts = report ? await this.#instance.documentOf(report, words.lang, { reading }) : [];
    // Something else may be shown by now.
    if (report !== this.#report) return;
    const status = make("div", "status");
    status.setAttribute("role", "status");
    if (error) {
      status.dataset.state = "error";
      const wrong = error.code === "target" || error.code === "option";
      status.append(make("p", "error", words.texts[wrong ? "input.error.empty" : "headline.nothing-checked"]));
    } else if (this.#running) {
      status.dataset.state = "running";
      status.append(make("p", "progress", words.texts["ui.verdict.running"]));
    }
    this.#status = { words, line: status.querySelector("p") };
    const article = make("article", "report");
    article.lang = words.lang;
    article.append(...drawn(parts));
    this.#root.replaceChildren(...this.#form(words.texts), status, ...(report ? [article] : []));
  }

  #status = null;

  #drawProgress({ done, total }) {
    const { words, line } = this.#status ?? {};
    if (line) line.textContent = words.texts["ui.progress"].replace("{done}", done).replace("{n}", total);
  }

  /** Where no attribute says what to check, whoever reads the page does. */
  #form(words) {
    if (this.hasAttribute("domain") && !this.#input) return [];
    if (this.#input) return [this.#input.form];
    const form = make("form", "form");
    const label = make("label", "label", words["static.label"]);
    const input = make("input", "input");
    Object.assign(input, { name: "domain", required: true, autocomplete: "off", spellcheck: false });
    input.setAttribute("autocapitalize", "none");
    label.append(input);
    form.append(label, make("button", "button", words["static.check"]));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const domain = input.value.trim();
      if (this.getAttribute("domain") === domain) this.check();
      else this.setAttribute("domain", domain);
    });
    this.#input = input;
    return [form];
  }
}

function make(name, part, text) {
  const element = document.createElement(name);
  element.setAttribute("part", part);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The parts of a report as elements; headings begin below those of the page. */
function drawn(parts) {
  const out = [];
  for (const { kind, level, text } of parts) {
    if (kind === "item") {
      if (out.at(-1)?.localName !== "ul") out.push(make("ul", "list"));
      out.at(-1).append(make("li", "item", text));
    } else if (kind === "heading") {
      out.push(make(`h${Math.min(level, 3) + 1}`, `heading heading-${level}`, text));
    } else {
      out.push(kind === "code" ? make("pre", "code", text) : make("p", "paragraph", text));
    }
  }
  return out;
}

if (!customElements.get("mail-triage")) customElements.define("mail-triage", MailTriageElement);
