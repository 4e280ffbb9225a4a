// The page as its users see it: its words, its buttons, its findings.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as later } from "node:timers/promises";

import { PATIENCE, arrive, finished, front, newPage } from "./harness.mjs";

const www = new URL("../../../www/", import.meta.url);

/// A file of `www`, read.
export const file = (path) => JSON.parse(readFileSync(new URL(path, www)));

/// The languages that there are.
export const languages = readdirSync(new URL("locales/", www))
  .map((name) => name.replace(/\.json$/, ""))
  .filter((name) => !name.includes("."));

/// The texts of each language, key to text.
export const texts = Object.fromEntries(
  languages.map((lang) => [
    lang,
    Object.assign({}, ...["", ".report", ".bounce", ".ticket", ".tools", ".pages"].map((part) => file(`locales/${lang}${part}.json`))),
  ]),
);

/// A text with its placeholders filled.
export function say(key, args = {}, lang = "en") {
  const text = texts[lang][key];
  assert.ok(text, `no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => args[name]);
}

/// The zones of all blocklists.
export const listZones = file("data/blocklists.json").lists.map(({ zone }) => zone);

/// Whether a request of the fault server's log is about a blocklist.
export const isList = ({ name }) => listZones.some((zone) => name === zone || name.endsWith(`.${zone}`));

/// A request of the log as the page shows it: name, type, and whether it asks to leave signatures unchecked.
export const question = ({ name, type, checked }) => `${name} ${type}${checked ? "" : " +cd"}`;

/// Messages of the browser itself about requests that fail on purpose.
export const failedRequests = [
  /^error: Failed to load resource/,
  /^error: Access to fetch at .* has been blocked by CORS policy/,
];

/// A button or link by the key of its text.
export function button(page, key, args = {}, lang = "en") {
  return page.getByRole("button", { name: say(key, args, lang), exact: true });
}

/// Presses what stands in a menu, by the key of its text.
export async function choose(page, key, args = {}, lang = "en") {
  const item = page.locator("details.menu button", { hasText: exactly(say(key, args, lang)) });
  const menu = item.locator("xpath=ancestor::details[1]");
  if ((await menu.getAttribute("open")) === null) await menu.locator("summary").click();
  await item.click();
}

/// A text and nothing else.
const exactly = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

/// The box.
export const box = (page) => page.locator("#q");

/// The form, which folds to one line above a result.
export async function reopened(page, lang = "en") {
  await button(page, "asked.change", {}, lang).click();
  return box(page);
}

/// A select of the page's settings, in their fold: `langs`, `theme` or `resolver`.
export async function setting(page, name) {
  const fold = page.locator(".head-tools");
  if ((await fold.getAttribute("open")) === null) await fold.locator("summary").click();
  return fold.locator(`select.${name}`);
}

/// Does something that changes the fragment; the page has taken it when this returns.
export async function routed(page, act) {
  await page.evaluate(() => {
    window.routed = false;
    addEventListener("hashchange", () => (window.routed = true), { once: true });
  });
  await act();
  await until(page, () => window.routed);
}

/// Goes to a fragment within the page, as a person does who presses a link.
export async function go(page, hash) {
  const press = (hash) => {
    const link = Object.assign(document.createElement("a"), { href: hash });
    document.body.append(link);
    link.click();
    link.remove();
  };
  await routed(page, () => page.evaluate(press, hash));
}

/// Does something that starts a run there and then, and waits for the end of that run.
export async function runs(page, act) {
  await act();
  await finished(page);
}

/// Opens every fold but the menus, which lie over the page.
export async function unfold(page) {
  await page.evaluate(() => document.querySelectorAll("main details:not(.menu)").forEach((details) => (details.open = true)));
}

/// Every result on the page. `failed` tells whether its evidence holds a lookup that failed.
export async function findings(page) {
  return page.locator("[data-code]").evaluateAll((elements) =>
    elements.map((element) => ({
      code: element.dataset.code,
      level: element.dataset.level,
      subject: element.dataset.subject ?? element.closest("[data-subject]")?.dataset.subject ?? "",
      failed: element.querySelector(".evidence .state[data-level=unknown]") !== null,
    })),
  );
}

/// What is said of each thing, sorted, each once; to compare two runs.
export async function said(page) {
  const all = (await findings(page)).map(({ code, level, subject }) => `${code} ${level} ${subject}`);
  return [...new Set(all)].sort();
}

/// The text that can be seen, as lines: what is folded does not count.
export async function visible(page, selector = "body") {
  return page.locator(selector).first().innerText();
}

/// What is on the clipboard.
export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/// One page for tests that only read what a result says: `visit(t, hash)` moves it there by the fragment, from wherever
/// the test before has left it. Noise fails the test in which it was made; after a failure the next test starts afresh.
export function onePage(options) {
  let opened;
  return async (t, hash) => {
    // A page keeps the language of where it was before.
    if (!/[?&]lang=/.test(hash)) hash += `${hash.includes("?") ? "&" : "?"}lang=en`;
    const known = opened !== undefined;
    opened ??= await newPage(options);
    const { page, own, noise } = opened;
    t.after(async () => {
      const heard = noise.splice(0);
      if (!t.passed || heard.length > 0) {
        opened = undefined;
        await own.close();
      }
      assert.deepEqual(heard, [], "the page made noise");
    });
    if (!known) await arrive(page, hash);
    else if (new URL(page.url()).hash !== new URL(hash, page.url()).hash) await go(page, hash);
    const lang = /[?&]lang=([^&]+)/.exec(hash)[1];
    await page.locator(`html[lang="${lang}"]`).waitFor({ state: "attached" });
    return page;
  };
}

/// Waits until `look` finds something, and gives it. Else it says `what` is the matter, and what it saw last.
export async function waitFor(what, look, seen = () => "") {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `waited in vain: ${what}${seen()}`);
    // What is looked at is asked for again; the result does not depend on the pause.
    await later(20);
  }
}

/// Has a page note how long it was blocked at a time; to be called before it goes anywhere.
export const watchBlocking = (page) =>
  page.addInitScript(() => {
    window.blocked = [0];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.blocked.push(duration);
    }).observe({ type: "longtask", buffered: true });
  });

/// The longest time that the page was blocked at a time, in milliseconds; 50 is the least that is noted.
export const longestBlock = (page) => page.evaluate(() => Math.max(...window.blocked));

/// Waits until something about the fault server's log is so, and gives the log.
export async function logged(condition, what = `${condition}`) {
  let log = [];
  const look = async () => {
    log = await front.log();
    return condition(log) && log;
  };
  return waitFor(what, look, () => `; the last requests: ${JSON.stringify(log.slice(-3))}`);
}

/// Waits until something in the page is so; the page itself looks, at every frame.
export async function until(page, condition, argument) {
  try {
    return await page.waitForFunction(condition, argument, { timeout: PATIENCE });
  } catch (cause) {
    throw new Error(`waited in vain: ${condition} with ${JSON.stringify(argument)}`, { cause });
  }
}
