// The address of the page is the check: it can be sent, reloaded, and gone back to.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import {
  box,
  button,
  choose,
  clipboard,
  findings,
  go,
  logged,
  reopened,
  routed,
  said,
  say,
  setting,
  visible,
} from "./lib/page.mjs";

beforeEach(() => front.reset());

const ip = "11.22.33.44";
const subjects = async (page) => new Set((await findings(page)).map(({ subject }) => subject));

test("a form becomes a link, and the link the same check elsewhere", async (t) => {
  const page = await openPage(t);
  await box(page).fill("listed-shop.example");
  await button(page, "ui.ask.details").click();
  for (const [field, value] of [
    ["ip", ip],
    ["selector", "s1"],
    ["helo", "mail.listed-shop.example"],
  ]) {
    await page.locator(`input[name=${field}]`).fill(value);
  }
  await routed(page, () => page.locator("button.primary").click());
  await finished(page);
  await choose(page, "ui.share");
  await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  const link = await clipboard(page);
  assert.ok(link.startsWith(`${pageUrl}#/check/listed-shop.example?`), link);
  const parameters = new URLSearchParams(link.split("?")[1]);
  assert.deepEqual([...parameters.keys()].slice(0, 3), ["ip", "selector", "helo"]);

  const other = await openPage(t, link.slice(pageUrl.length), { lang: "zh-TW" });
  await finished(other);
  assert.deepEqual(await said(other), await said(page));
  await reopened(other, "zh-Hant");
  assert.equal(await other.locator("input[name=ip]").inputValue(), ip);
  assert.equal(await other.locator("input[name=selector]").inputValue(), "s1");
  assert.equal(await other.locator("input[name=helo]").inputValue(), "mail.listed-shop.example");
  assert.equal(await box(other).inputValue(), "listed-shop.example");
});

test("the address of this connection goes into no link that is copied", async (t) => {
  const page = await openPage(t, check("selfhosted.example", { own: ip, ip: "11.22.33.10" }));
  await finished(page);
  await choose(page, "ui.share");
  await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  assert.equal(await clipboard(page), `${pageUrl}${check("selfhosted.example", { ip: "11.22.33.10" })}`);
});

test("the language of a link counts", async (t) => {
  const page = await openPage(t, check("selfhosted.example", { lang: "zh-Hant" }));
  await finished(page);
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hant");
  await (await setting(page, "langs")).selectOption("en");
  await page.locator("html[lang=en]").waitFor();
  assert.ok(page.url().endsWith("lang=en"));
});

test("what a link says wrongly is left out and named", async (t) => {
  const bad = {
    ip: "999.1.1.1",
    selector: "-!-",
    lang: "<b>",
    resolver: "ftp://dns.example/",
    colour: "red",
  };
  const page = await openPage(t, check("selfhosted.example", bad));
  await finished(page);
  const text = await visible(page, ".notices");
  for (const [name, value] of Object.entries(bad)) {
    assert.ok(text.includes(say("ui.ignored", { name, text: value })), `${name}: ${text}`);
  }
  assert.ok((await subjects(page)).has("selfhosted.example"));
  assert.ok((await front.log()).length > 0);
});

test("a resolver and a language that are none are named too", async (t) => {
  const bad = { resolver: "quad9", lang: "fr" };
  const page = await openPage(t, check("selfhosted.example", bad));
  await finished(page);
  const text = await visible(page, ".notices");
  for (const [name, value] of Object.entries(bad)) {
    assert.ok(text.includes(say("ui.ignored", { name, text: value })), `${name}: ${text}`);
  }
});

test("a path that leads nowhere shows the question", async (t) => {
  for (const hash of ["#/nowhere", "#/example/unknown", "#/check/", "#///%%%"]) {
    const page = await openPage(t, hash);
    // What an example is stands in a file that follows.
    await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
    assert.ok(await box(page).isVisible());
  }
  assert.deepEqual(await front.log(), []);
});

test("a link to something that is no domain says what was expected", async (t) => {
  const page = await openPage(t, "#/check/my%20domain");
  await page.getByRole("alert").waitFor();
  assert.equal(await box(page).inputValue(), "my domain");
  assert.deepEqual(await front.log(), []);
});

test("reload, back and forward", async (t) => {
  const page = await openPage(t);
  await go(page, check("listed-shop.example", { ip }));
  await finished(page);
  const listed = await said(page);
  await page.reload();
  await finished(page);
  assert.deepEqual(await said(page), listed);

  await (await reopened(page)).fill("selfhosted.example");
  await page.locator("input[name=ip]").fill("");
  await routed(page, () => box(page).press("Enter"));
  await finished(page);
  assert.equal((await subjects(page)).has(ip), false);

  // Held back, so that only a run that begins anew can end.
  await front.reset({ all: "hold" });
  const back = page.goBack();
  await logged((log) => log.length > 0, "going back starts nothing");
  await back;
  await front.rules({ all: "ok" });
  await front.release();
  await finished(page);
  assert.deepEqual(await said(page), listed);
  assert.equal(await (await reopened(page)).inputValue(), "listed-shop.example");
  assert.equal(await page.locator("input[name=ip]").inputValue(), ip);

  await page.goBack();
  await page.locator('[data-state="idle"]').waitFor({ state: "attached" });
  assert.deepEqual(await findings(page), []);
  await routed(page, () => page.goForward());
  await finished(page);
  assert.deepEqual(await said(page), listed);
});
