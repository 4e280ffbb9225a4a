// The package in pages of others: plain, in a worker, through bundlers.

import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { open, serve } from "./lib/browser.mjs";
import { codes, doh, inProject, tool } from "./lib/project.mjs";

const query = `?resolver=${encodeURIComponent(doh)}`;

/// What a page of `tests/module/pages` has come to.
async function said(t, url) {
  const { page, noise } = await open(t, url + query);
  await page.waitForFunction(() => document.querySelector("#said")?.value).catch((error) => {
    throw new Error([error.message, ...noise].join("\n"));
  });
  const value = JSON.parse(await page.locator("#said").evaluate((output) => output.value));
  assert.deepEqual(noise, []);
  return { page, value };
}

const isTheReport = (report) => {
  assert.equal(report.running, false);
  assert.ok(codes(report).includes("SPF-030"), codes(report).join(" "));
};

test("a plain page imports it from any path, twice over, and stays its own", async (t) => {
  const base = await serve(inProject("plain"));
  const { page, value } = await said(t, `${base}plain.html`);
  isTheReport(value.one);
  assert.equal(value.two.target.domain, "choir.example");
  assert.deepEqual(value.left, []);
  assert.equal(await page.locator("#app").textContent(), "this is ours");
  assert.equal(await page.locator("body > *").count(), 3);
});

test("what a check does not take is fetched when it is asked for, and again where that failed", async (t) => {
  const base = await serve(inProject("plain"));
  const { page } = await said(t, `${base}plain.html`);
  const fetched = () => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1)));
  const describe = () =>
    page.evaluate(async () => {
      const { describe } = await import("./node_modules/mail-triage/index.js");
      return describe("SPF-030").catch(({ name, code }) => ({ name, code }));
    });
  const chunks = (files) => files.filter((file) => file.endsWith(".wasm"));
  assert.deepEqual(chunks(await fetched()), ["checks.wasm"]);
  await page.route("**/checks_words*.wasm", (route) => route.abort());
  assert.deepEqual(await describe(), { name: "MailTriageError", code: "files" });
  await page.unroute("**/checks_words*.wasm");
  assert.equal((await describe()).level, "stops");
});

test("a worker checks as a page does", async (t) => {
  const base = await serve(inProject("plain"));
  const { value } = await said(t, `${base}worker.html`);
  isTheReport(value.one);
  assert.deepEqual([value.spf, value.cause], ["permerror", "recipient-unknown"]);
});

/// A page that loads what a bundler has made.
function page(project, script) {
  const html = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Bundled</title><link rel="icon" href="data:,"><body><script type="module" src="${script}"></script></body></html>`;
  writeFileSync(inProject(project, "index.html"), html);
  copyFileSync(inProject("plain", "bundled.js"), inProject(project, "bundled.js"));
}

const isBundled = ({ one, spf, text }) => {
  isTheReport(one);
  assert.equal(spf, "permerror");
  assert.match(text, /^寄信診斷: two-spf\.example\n/);
};

test("Vite takes it as it is", async (t) => {
  const { build } = await import(tool.resolve("vite").replace(/index\.cjs$/, "dist/node/index.js"));
  page("vite", "./bundled.js");
  await build({
    root: inProject("vite"),
    base: "./",
    configFile: false,
    logLevel: "warn",
    build: { target: "es2022" },
  });
  const { value } = await said(t, `${await serve(inProject("vite", "dist"))}index.html`);
  isBundled(value);
});

test("webpack takes it as it is", async (t) => {
  const webpack = tool("webpack");
  page("webpack", "./dist/main.js");
  const stats = await new Promise((done, fail) => {
    const options = {
      context: inProject("webpack"),
      entry: "./bundled.js",
      mode: "production",
      output: { path: inProject("webpack", "dist"), publicPath: "auto" },
      performance: { hints: false },
    };
    webpack(options, (error, stats) => (error ? fail(error) : done(stats)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([...errors, ...warnings].map(({ message }) => message), []);
  const { value } = await said(t, `${await serve(inProject("webpack"))}index.html`);
  isBundled(value);
});
