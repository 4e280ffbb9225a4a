// From the answer to what to do: the list of causes, pressed where it is painted, and what comes into view.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { check, finished, front, openPage, pageUrl } from "./lib/harness.mjs";
import { box, button, go, routed, runs, say, until } from "./lib/page.mjs";

const HASH = check("too-many-lookups.example");
const SCREENS = [
  { width: 360, height: 740 },
  { width: 1280, height: 900 },
];

beforeEach(() => front.reset());

/// The middle of what is painted of an element.
async function middle(locator) {
  await locator.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width / 2, y + height / 2];
}

/// What is painted of the element that holds the focus: where, how much of it, and whether it is what lies on top there.
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    const at = document.elementFromPoint((left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
    return { id: element.id, tag: element.tagName, top, seen, onTop: element.contains(at), text: element.innerText };
  });

/// Waits until the element with this id holds the focus, and says what is painted of it.
async function takesFocus(page, id) {
  await until(page, (id) => document.activeElement?.id === id, id);
  return focused(page);
}

function assertSeen(shown, screen, most = 1 / 3) {
  assert.ok(shown.onTop, `not painted: ${JSON.stringify(shown)}`);
  assert.ok(shown.seen > 20, JSON.stringify(shown));
  // Views scroll by whole pixels.
  assert.ok(shown.top > -1 && shown.top < screen.height * most, JSON.stringify(shown));
}

for (const screen of SCREENS) {
  describe(`at ${screen.width} x ${screen.height}`, () => {
    test("the whole row of a cause is the link to it, and Back leads to the list", async (t) => {
      const page = await openPage(t, HASH, screen);
      await finished(page);
      const row = page.locator(".causes > li").first();
      const { x, y, width, height } = await row.boundingBox();
      assert.ok(height >= 44, `${height} px are too few for a finger`);
      for (const [across, down] of [[0.02, 0.5], [0.5, 0.1], [0.5, 0.9], [0.98, 0.5]]) {
        const inside = await page.evaluate(
          ([x, y]) => document.elementFromPoint(x, y)?.closest(".causes a") !== null,
          [x + width * across, y + height * down],
        );
        assert.ok(inside, `dead at ${across}, ${down}`);
      }
      assert.equal(await row.locator(".go").innerText(), say("ui.summary.go"));
      const [goX, goY] = await middle(row.locator(".go"));
      const entries = await page.evaluate(() => history.length);
      await page.mouse.click(goX, goY);
      const code = await page.locator(".causes a").first().getAttribute("id");
      await until(page, () => document.activeElement?.closest("details.finding")?.open);
      const shown = await focused(page);
      assertSeen(shown, screen);
      assert.ok(shown.text.includes(code.replace("cause-", "")), shown.text);
      assert.ok(new URL(page.url()).hash.includes(`/${code.replace("cause-", "")}`), page.url());
      assert.equal(await page.evaluate(() => history.length), entries + 1);
      await page.goBack();
      const list = await takesFocus(page, code);
      assert.ok(list.onTop && list.seen > 20, JSON.stringify(list));
      assert.equal(page.url(), `${pageUrl}${HASH}`);
      // The same once more, and twice the same.
      for (const _ of [1, 2]) {
        await page.mouse.click(...(await middle(row.locator("a"))));
        await until(page, () => document.activeElement?.closest("details.finding")?.open);
      }
    });

    test("a new tab on a cause opens the check at it", async (t) => {
      const page = await openPage(t, HASH, screen);
      await finished(page);
      await page.keyboard.down("Control");
      const [tab] = await Promise.all([
        page.context().waitForEvent("page"),
        page.mouse.click(...(await middle(page.locator(".causes .go").first()))),
      ]);
      await page.keyboard.up("Control");
      assert.equal(page.url(), `${pageUrl}${HASH}`, "the tab itself went elsewhere");
      await finished(tab);
      await until(tab, () => document.activeElement?.closest("details.finding")?.open);
      const code = (await page.locator(".causes a").first().getAttribute("id")).replace("cause-", "");
      const shown = await focused(tab);
      assertSeen(shown, screen);
      assert.ok(shown.text.includes(code), shown.text);
      assert.equal(await tab.locator(".notices .notice").count(), 0);
    });

    test("after Check the headline is seen and has the focus", async (t) => {
      const page = await openPage(t, "", screen);
      await box(page).fill("too-many-lookups.example");
      await page.mouse.click(...(await middle(page.locator("button.primary"))));
      assertSeen(await takesFocus(page, "headline"), screen);
      await finished(page);
      const shown = await focused(page);
      assert.equal(shown.id, "headline");
      assertSeen(shown, screen);
      assert.equal(await page.locator(".asked-line b").innerText(), "too-many-lookups.example");
      const cause = await page.locator(".causes > li").first().boundingBox();
      assert.ok(cause.y < screen.height, `the first cause is at ${cause.y}`);
      // And again, for what stands there already.
      await page.mouse.click(...(await middle(button(page, "asked.change"))));
      await takesFocus(page, "q");
      await runs(page, () => box(page).press("Enter"));
      assertSeen(await takesFocus(page, "headline"), screen);
    });

    test("after a link the headline is seen and has the focus", async (t) => {
      const page = await openPage(t, HASH, screen);
      await finished(page);
      assertSeen(await takesFocus(page, "headline"), screen);
      await go(page, "#/example/broken");
      await finished(page);
      assertSeen(await takesFocus(page, "headline"), screen);
    });

    test("after Explain it the explanation is seen and has the focus", async (t) => {
      const page = await openPage(t, "", screen);
      await page.mouse.click(...(await middle(button(page, "ui.paste.open"))));
      await page.locator("#paste").fill("550 5.7.26 This mail has been blocked because the sender is unauthenticated.");
      await page.mouse.click(...(await middle(button(page, "ui.paste.read"))));
      assertSeen(await takesFocus(page, "explained"), screen);
      // The same for what is put into the box.
      await button(page, "ui.close").click();
      await box(page).fill("550 5.7.26 This mail has been blocked because the sender is unauthenticated.");
      await page.mouse.click(...(await middle(page.locator("form.ask button.primary"))));
      assertSeen(await takesFocus(page, "explained"), screen);
    });
  });
}

test("whoever types while a link is looked up is left alone", async (t) => {
  await front.reset({ all: "hold" });
  const page = await openPage(t);
  await box(page).fill("next.exa");
  // Nobody presses anything on this page: the address comes from elsewhere.
  await routed(page, () => page.evaluate((hash) => void (location.hash = hash), HASH));
  await page.locator("#headline").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await front.rules({ all: "ok" });
  await front.release();
  await finished(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
});

test("a link to a result that is not there any more shows the headline", async (t) => {
  const page = await openPage(t, check("selfhosted.example", { finding: "SPF-090" }));
  await finished(page);
  await until(page, () => document.activeElement?.id === "headline");
  assert.equal(await page.locator(".notices .notice").count(), 0);
});

test("a fragment that asks for nothing fetches nothing ahead", async (t) => {
  const ahead = (page) => page.locator('link[rel=preload][href*="_later"]').count();
  for (const hash of ["#/", "#/?lang=zh-Hant", "#finding", "#/nowhere/at/all", "#/check/", "#summary"]) {
    const page = await openPage(t, hash);
    assert.equal(await ahead(page), 0, hash);
  }
  assert.equal(await ahead(await openPage(t, HASH)), 1);
});
