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
  #error = null;
  #turn = 0;
  #shown = null;
  #hasForm = false;
  #queued = false;
  #again = false;

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
    this.#error = null;
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
      else await this.#draw().catch((error) => this.#fail(error));
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
    this.#report = this.#error = null;
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
      await this.#fail(error);
    }
  }

  /** Says that nothing came of it. */
  async #fail(error) {
    this.#stop();
    this.#report = null;
    this.#error = error;
    await this.#draw();
    this.#tell("error", error);
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

  async #draw() {
    const turn = ++this.#turn;
    const words = await this.#words();
    const [report, error] = [this.#report, this.#error];
    const reading = READINGS[this.getAttribute("view")] ?? READINGS.summary;
    const parts = report ? await this.#instance.documentOf(report, words.lang, { reading }) : [];
    // Something else is to be shown by now.
    if (turn !== this.#turn) return;
    this.#shown ??= this.#empty();
    const { status, article } = this.#shown;
    this.#shown.progress = words.texts["ui.progress"];
    let said = "";
    if (error) said = words.texts[["target", "option"].includes(error.code) ? "input.error.empty" : "headline.nothing-checked"];
    else if (this.#running) said = words.texts["ui.verdict.running"];
    status.dataset.state = error ? "error" : this.#running ? "running" : report ? "done" : "idle";
    status.setAttribute("part", error ? "status error" : "status");
    status.textContent = said;
    article.lang = words.lang;
    article.hidden = !report;
    article.replaceChildren(...drawn(parts));
    // What is focused stays where it is.
    if (!this.hasAttribute("domain") && !this.#hasForm) this.#addForm(words.texts);
  }

  #empty() {
    const status = make("p", "status");
    // It stays, so that what is put into it is read out.
    status.setAttribute("role", "status");
    const article = make("article", "report");
    this.#root.append(status, article);
    return { status, article };
  }

  #drawProgress({ done, total }) {
    if (!this.#shown) return;
    this.#shown.status.textContent = this.#shown.progress.replace("{done}", done).replace("{n}", total);
  }

  /** Where no attribute says what to check, whoever reads the page does. */
  #addForm(words) {
    this.#hasForm = true;
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
    this.#root.prepend(form);
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
