// The element in pages of others, under a strict policy, and the page that demonstrates it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { open, serve } from "./lib/browser.mjs";
import { doh, inProject, tool } from "./lib/project.mjs";

/// Neither styles nor scripts but the page's own files, no markup from text; of others, the resolver alone.
const POLICY = {
  "content-security-policy":
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; ` +
    `connect-src 'self' ${new URL(doh).origin}; base-uri 'none'; form-action 'none'; ` +
    `require-trusted-types-for 'script'; trusted-types 'none'`,
};

/// Sets attributes and waits for one of the element's events; its detail, and how often others came.
const happens = (element, { attributes, event = "done" }) =>
  element.evaluate(
    (element, { attributes, event }) =>
      new Promise((done) => {
        let told = 0;
        element.addEventListener("progress", () => told++);
        element.addEventListener(event, ({ detail }) => done({ detail: { ...detail }, told }), { once: true });
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      }),
    { attributes, event },
  );

const hosted = async (t, options) => open(t, `${await serve(inProject("plain"), POLICY)}element.html`, options);

test("two elements check side by side in a page with a strict policy", async (t) => {
  const { page, noise } = await hosted(t);
  const [one, two] = [page.locator("#one"), page.locator("#two")];
  const [first, second] = await Promise.all([
    happens(one, { attributes: { domain: "two-spf.example", resolver: doh } }),
    happens(two, { attributes: { domain: "hostile.example", resolver: doh } }),
  ]);
  assert.equal(first.detail.target.domain, "two-spf.example");
  assert.ok(first.told > 0 && second.told > 0, "no progress was told");
  assert.match(await one.locator("[part~=heading-1]").textContent(), /^Mail Triage: two-spf\.example$/);
  assert.match(await two.locator("[part~=heading-1]").textContent(), /^寄信診斷: hostile\.example$/);
  assert.equal(await page.locator("#app").textContent(), "this is ours");
  assert.equal(await page.locator("body > *").count(), 3);
  const markup = await two.locator("article *").evaluateAll((all) => [...new Set(all.map((one) => one.localName))].sort());
  assert.deepEqual(markup.filter((name) => !["h2", "h3", "h4", "p", "ul", "li", "pre"].includes(name)), []);
  assert.deepEqual(noise, []);
});

test("it takes colours and fonts from its page", async (t) => {
  const { page } = await hosted(t);
  const one = page.locator("#one");
  await happens(one, { attributes: { domain: "choir.example", resolver: doh } });
  const style = (locator, name) => locator.evaluate((one, name) => getComputedStyle(one)[name], name);
  assert.equal(await style(one, "color"), "rgb(1, 2, 3)");
  assert.equal(await style(one.locator("[part~=heading-1]"), "fontSize"), "30px");
  assert.equal(await style(one.locator("[part~=report]"), "color"), "rgb(1, 2, 3)");
});

test("without a domain it asks for one", async (t) => {
  const { page, noise } = await hosted(t);
  const one = page.locator("#one");
  await one.getByRole("textbox").fill("choir.example");
  // Both stand before the key is pressed.
  const listening = await one.evaluateHandle((element, resolver) => {
    element.setAttribute("resolver", resolver);
    return { done: new Promise((done) => element.addEventListener("done", ({ detail }) => done({ ...detail }))) };
  }, doh);
  await one.getByRole("textbox").press("Enter");
  const report = await listening.evaluate(({ done }) => done);
  assert.equal(report.target.domain, "choir.example");
  assert.equal(await one.getByRole("textbox").inputValue(), "choir.example", "the form stays");
  assert.deepEqual(noise, []);
});

test("what cannot be read is said, and another try takes its place", async (t) => {
  const { page, noise } = await hosted(t);
  const one = page.locator("#one");
  const { detail } = await happens(one, { attributes: { domain: "!", resolver: doh }, event: "error" });
  assert.equal(detail.code, "target");
  assert.equal(await one.locator("[part~=error]").count(), 1);
  await happens(one, { attributes: { domain: "choir.example" } });
  assert.equal(await one.locator("[part~=error]").count(), 0);
  assert.deepEqual(noise, []);
});

test("a language or view that changes asks nobody again", async (t) => {
  const { page } = await hosted(t);
  const one = page.locator("#one");
  await happens(one, { attributes: { domain: "two-spf.example", resolver: doh } });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const parts = await one.locator("article *").count();
  await one.evaluate((element) => {
    element.lang = "zh-Hant";
    element.setAttribute("view", "full");
  });
  await one.locator("article[lang=zh-Hant]").waitFor();
  assert.ok((await one.locator("article *").count()) > parts);
  assert.deepEqual(asked.filter((url) => url.startsWith(doh)), []);
});

test("an element that is taken away asks no more", async (t) => {
  const { page, noise } = await hosted(t);
  const ended = await page.locator("#one").evaluate((element, resolver) => {
    let stopped;
    const ended = new Promise((done) => (stopped = done));
    element.instance = {
      check: (_domain, { signal }) => new Promise((_, fail) => {
        signal.addEventListener("abort", () => {
          stopped("aborted");
          fail(new DOMException("", "AbortError"));
        });
        element.remove();
      }),
      documentOf: async () => [],
    };
    element.setAttribute("resolver", resolver);
    element.setAttribute("domain", "choir.example");
    return ended;
  }, doh);
  assert.equal(ended, "aborted");
  assert.deepEqual(noise, []);
});

test("the page that demonstrates it works, and can be read by everybody", async (t) => {
  const base = await serve(process.env.SITE);
  const { page, noise } = await open(t, `${base}module/index.html?resolver=${encodeURIComponent(doh)}`);
  const element = page.locator("mail-triage");
  await element.getByRole("textbox").fill("two-spf.example");
  await element.getByRole("button").click();
  await element.locator("article:not([hidden])").waitFor();
  await page.locator("select[name=lang]").selectOption("zh-Hant");
  await element.locator("article[lang=zh-Hant]").waitFor();
  assert.deepEqual(noise, []);
  // The policy of the page lets nobody put a script into it, so that which looks is run from outside.
  const { readFileSync } = await import("node:fs");
  const source = readFileSync(join(tool.resolve("axe-core"), "../axe.min.js"), "utf8");
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(source);
    const { violations } = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], colorScheme);
  }
});
