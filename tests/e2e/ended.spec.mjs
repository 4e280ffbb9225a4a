// A program that WebAssembly ends says so in the user's language and offers to start again; nothing else does.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { say, until } from "./lib/page.mjs";

before(() => front.reset());

const notice = (page) => page.locator(".ended");

/// Runs the instruction `unreachable`, which is what a program ends with that must not go on, where `how` says.
const trap = (page, how) =>
  page.evaluate(async (how) => {
    // (module (func (export "f") unreachable))
    const octets = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { instance } = await WebAssembly.instantiate(new Uint8Array(octets));
    if (how === "task") setTimeout(() => instance.exports.f());
    else void Promise.resolve().then(() => instance.exports.f());
  }, how);

for (const lang of ["en", "zh-Hant"]) {
  for (const how of ["task", "promise"]) {
    test(`a trap in a ${how} is said in ${lang}`, async (t) => {
      const page = await openPage(t, check("selfhosted.example"), {
        lang: lang === "en" ? "en" : "zh-TW",
        allow: [/^uncaught: RuntimeError: unreachable/],
      });
      await finished(page);
      assert.equal(await notice(page).isVisible(), false);
      await trap(page, how);
      await notice(page).waitFor();
      const text = await notice(page).innerText();
      for (const key of ["static.ended", "static.again", "static.home"]) {
        assert.ok(text.includes(say(key, {}, lang)), `${key} is not said: ${text}`);
      }
      assert.equal(text.includes(say("static.ended", {}, lang === "en" ? "zh-Hant" : "en")), false);
      await page.evaluate(() => (window.before = true));
      await notice(page).getByRole("button").click();
      await until(page, () => !window.before);
      await finished(page);
      assert.equal(await notice(page).isVisible(), false, "the page has started again");
    });
  }
}

test("the way to the start page leaves the check behind", async (t) => {
  const page = await openPage(t, check("selfhosted.example"), {
    allow: [/^uncaught: RuntimeError: unreachable/],
  });
  await finished(page);
  await trap(page, "task");
  await notice(page).getByRole("link").click();
  await until(page, () => location.hash === "" && document.querySelector('[data-state="idle"]'));
  assert.equal(await notice(page).isVisible(), false);
});

test("a stack that the program has used up is an end, too", async (t) => {
  const page = await openPage(t, "", { allow: [/^uncaught: RangeError: Maximum call stack size/] });
  await page.evaluate(async () => {
    // (module (func $f (export "f") call $f))
    const octets = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 16, 0, 11];
    const { instance } = await WebAssembly.instantiate(new Uint8Array(octets));
    setTimeout(() => instance.exports.f());
  });
  await notice(page).waitFor();
});

test("what goes wrong elsewhere on the page is no end", async (t) => {
  const page = await openPage(t, "", { allow: [/^uncaught: /] });
  await page.evaluate(async () => {
    const seen = new Promise((done) => {
      let n = 0;
      const count = () => ++n === 5 && done();
      addEventListener("error", count);
      addEventListener("unhandledrejection", count);
    });
    setTimeout(() => {
      throw new Error("RuntimeError: unreachable");
    });
    setTimeout(() => {
      throw new RangeError("Maximum call stack size exceeded");
    });
    setTimeout(() => {
      throw null;
    });
    void Promise.reject(new TypeError("no"));
    void Promise.reject(undefined);
    await seen;
  });
  assert.equal(await notice(page).isVisible(), false);
});
