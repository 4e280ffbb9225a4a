// Everything with the keyboard, and everything said once.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { box, clipboard, logged, say, until } from "./lib/page.mjs";

beforeEach(() => front.reset());

/// The element that has the focus.
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { top, bottom, width, height } = element.getBoundingClientRect();
    return {
      tag: element.tagName,
      id: element.id,
      name: element.getAttribute("name"),
      type: element.getAttribute("type"),
      text: (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 80),
      className: element.className,
      ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      inView: bottom > 0 && top < innerHeight && width > 0 && height > 0,
    };
  });

/// Presses Tab until something has the focus; every stop on the way must be seen.
async function tabTo(page, wanted, key = "Tab") {
  for (let steps = 0; steps < 120; steps += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at.tag === "BODY") continue;
    assert.ok(at.ring, `no focus ring: ${JSON.stringify(at)}`);
    assert.ok(at.inView, `focus out of view: ${JSON.stringify(at)}`);
    if (wanted(at)) return at;
  }
  assert.fail(`never reached: ${wanted}`);
}

const isButton =
  (key) =>
  ({ tag, text }) =>
    tag === "BUTTON" && text === say(key);

test("from the box to a copied record without a mouse", async (t) => {
  const page = await openPage(t);
  await tabTo(page, ({ id }) => id === "q");
  await page.keyboard.type("listed-shop.example");
  await tabTo(page, isButton("ui.ask.details"));
  await page.keyboard.press("Enter");
  await page.locator("#q-ip").waitFor();
  await tabTo(page, ({ name }) => name === "ip");
  await page.keyboard.type("11.22.33.44");
  await page.keyboard.press("Enter");
  await finished(page);

  const cause = await tabTo(
    page,
    ({ tag, className, text }) => tag === "A" && className === "" && text.includes("11.22.33.44"),
  );
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement.tagName === "SUMMARY");
  const title = await focused(page);
  // A row of several leads to the first of them.
  assert.ok(cause.text.includes("blocklists:") && title.text.startsWith("11.22.33.44 "), `${title.text} is not of ${cause.text}`);
  assert.ok(title.inView);
  const opened = () => page.evaluate(() => document.activeElement.parentElement.open);
  assert.equal(await opened(), true);
  await page.keyboard.press("Space");
  assert.equal(await opened(), false);
  await page.keyboard.press("Enter");
  assert.equal(await opened(), true);

  await tabTo(page, isButton("ui.copy"));
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText(say("ui.copied")).waitFor({ state: "attached" });
  assert.ok((await clipboard(page)).length > 10);
  assert.equal((await focused(page)).tag, "BUTTON", "the focus is lost after copying");

  await tabTo(page, isButton("ui.again"), "Shift+Tab");
  await front.reset();
  await page.keyboard.press("Space");
  await logged((log) => log.length > 0, "nothing is asked again");
  await finished(page);
});

test("the checklist, the language and an example without a mouse", async (t) => {
  const page = await openPage(t);
  await tabTo(page, ({ tag, text }) => tag === "SUMMARY" && text.startsWith("English"));
  await page.keyboard.press("Enter");
  await tabTo(page, ({ tag, className }) => tag === "SELECT" && className === "langs");
  await tabTo(page, ({ text }) => text === say("ui.example.broken"));
  const tick = await tabTo(page, ({ type }) => type === "checkbox");
  await page.keyboard.press("Space");
  assert.ok(await page.locator(`[id="${tick.id}"]`).isChecked());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.parentElement.open), true);
  await tabTo(page, ({ text }) => text === say("ui.example.broken"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await finished(page);
  await tabTo(page, ({ tag, text }) => tag === "SUMMARY" && text.startsWith("English"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, ({ tag, className }) => tag === "SELECT" && className === "langs");
  await page.keyboard.press("ArrowDown");
  await page.locator("html[lang=zh-Hant]").waitFor();
  const { tag, text } = await focused(page);
  assert.ok(tag === "SUMMARY" && text.startsWith("繁體中文"), `the focus is lost with the language: ${tag} ${text}`);
});

test("no trap: Tab walks through a whole result", async (t) => {
  const page = await openPage(t, check("selfhosted.example"));
  await finished(page);
  await page.evaluate(() => (document.querySelector("[data-step='4'] > details").open = true));
  // The result has the focus: Tab begins at the top of the page here.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const seen = new Set();
  for (let steps = 0; steps < 200; steps += 1) {
    await page.keyboard.press("Tab");
    const { tag, ring, inView, text } = await focused(page);
    if (tag === "BODY") break;
    assert.ok(ring && inView, `${tag} ${text}`);
    seen.add(`${tag} ${text}`);
    // What is in a menu is walked through too.
    if (await page.evaluate(() => document.activeElement.matches(".menu > summary"))) await page.keyboard.press("Enter");
  }
  assert.equal((await focused(page)).tag, "BODY", "no end");
  for (const part of ["SELECT", "SUMMARY", "A", "BUTTON"]) {
    assert.ok(
      [...seen].some((stop) => stop.startsWith(`${part} `)),
      part,
    );
  }
});

test("a menu closes by Escape and when something else is turned to; the focus is not lost", async (t) => {
  const page = await openPage(t, check("selfhosted.example"));
  await finished(page);
  const menus = page.locator(".menu");
  assert.equal(await menus.count(), 3);
  const open = () => page.locator(".menu[open]").count();
  const hasFocus = (menu) => menu.evaluate((it) => it.querySelector("summary") === document.activeElement);
  for (const menu of await menus.all()) {
    await menu.locator("summary").click();
    await page.keyboard.press("Tab");
    assert.equal(await hasFocus(menu), false);
    await page.keyboard.press("Escape");
    assert.equal(await open(), 0);
    assert.ok(await hasFocus(menu), "Escape loses the focus");

    await menu.locator("summary").click();
    await page.locator(".summary > .note").click({ position: { x: 1, y: 1 } });
    assert.equal(await open(), 0);
    assert.ok(await hasFocus(menu), "a press beside it loses the focus");

    await menu.locator("summary").click();
    await page.locator(".step-head").first().focus();
    assert.equal(await open(), 0);
    assert.equal(await hasFocus(menu), false, "it takes the focus back");
  }
  // One closes the other.
  await menus.nth(1).locator("summary").click();
  await menus.last().locator("summary").click();
  assert.equal(await open(), 1);
});

test("one polite live region tells the progress and the result", async (t) => {
  await front.reset({ names: { "listed-shop.example": "hold" } });
  const page = await openPage(t);
  // A form within a step tells its own result, when somebody fills it in.
  // What is hidden until the program ends where it must not is none before.
  const live = page.locator(
    ":is([aria-live], [role=status], [role=log], [role=alert]):not([data-step] *, [hidden])",
  );
  assert.equal(await live.count(), 1);
  assert.equal(await live.getAttribute("aria-live"), "polite");
  assert.equal(await live.textContent(), "");
  await page.evaluate(() => {
    window.spoken = [];
    const region = document.querySelector("[aria-live]");
    new MutationObserver(() => {
      const text = region.textContent;
      if (text && text !== window.spoken.at(-1)) window.spoken.push(text);
    }).observe(region, { subtree: true, childList: true, characterData: true });
  });
  await box(page).fill("listed-shop.example");
  await box(page).press("Enter");
  await logged(
    (log) => log.length > 4 && log.every(({ end, name }) => end || name === "listed-shop.example"),
  );
  await until(page, () => document.querySelector("[data-lookups]")?.dataset.lookups.startsWith("0/") === false);
  const [done, all] = (await page.locator("[data-lookups]").getAttribute("data-lookups"))
    .split("/")
    .map(Number);
  assert.ok(done > 0 && done < all, `${done} of ${all}`);
  await front.rules({ names: {} });
  await front.release();
  await finished(page);
  const spoken = await page.evaluate(() => window.spoken);
  assert.ok(spoken[0].includes("listed-shop.example"));
  const sentence = (await page.locator(".summary-line").textContent()).trim();
  assert.equal(spoken.at(-1), `listed-shop.example: ${sentence}`);
  assert.ok(spoken.length <= 4, `it talks too much: ${spoken.join(" | ")}`);
  assert.equal(await live.count(), 1);
});
