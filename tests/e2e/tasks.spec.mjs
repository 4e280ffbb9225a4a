// What people come for, done with few presses and little scrolling on a phone: from the start page to the thing itself.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { finished, front, openPage } from "./lib/harness.mjs";
import { box, button, clipboard, until } from "./lib/page.mjs";
import { Visit } from "./lib/visit.mjs";

beforeEach(() => front.reset());

const PHONE = { width: 360, height: 740 };
const REFUSED = `<bob@gmail.com>: host gmail-smtp-in.l.google.com[142.250.1.26] said:
550-5.7.26 Your email has been blocked because the sender is unauthenticated.
550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.`;

async function visit(t, options = {}) {
  const page = await openPage(t, "", { ...PHONE, ...options });
  return { page, visit: new Visit(page) };
}

/// Types a domain and has it checked.
async function checked(t, domain) {
  const { page, visit: person } = await visit(t);
  await person.type(box(page), domain);
  // The key of the phone's keyboard that sends.
  await box(page).press("Enter");
  await finished(page);
  await until(page, () => document.activeElement?.id === "headline");
  return { page, person };
}

function within({ presses, screens }, most) {
  const took = `${presses} presses, ${screens.toFixed(2)} screens`;
  assert.ok(presses <= most.presses && screens <= most.screens, `took ${took}, wanted ${JSON.stringify(most)}`);
}

describe("on a phone", () => {
  test("a record that takes too many lookups is mended and on the clipboard", async (t) => {
    const { page, person } = await checked(t, "too-many-lookups.example");
    await person.press(page.locator(".causes a", { hasText: "SPF record" }));
    await person.press(page.locator('[data-code="SPF-090"] a[href*="slim=1"]'));
    await person.press(page.locator(".build .record").first().getByRole("button"));
    assert.match(await clipboard(page), /^v=spf1 /);
    // One press went into the box.
    within(person, { presses: 4, screens: 1.5 });
  });

  test("a listed address leads to the page where it is taken off the list", async (t) => {
    const { page, person } = await checked(t, "listed-shop.example");
    await person.press(page.locator(".causes a").first());
    const link = page.locator('.finding[open] a[target="_blank"]', { hasText: "Ask for removal" }).first();
    await person.see(link);
    assert.match(await link.getAttribute("href"), /^https:/);
    within(person, { presses: 2, screens: 1 });
  });

  test("an error message is explained", async (t) => {
    const { page, visit: person } = await visit(t);
    await person.press(button(page, "ui.paste.open"));
    await until(page, () => document.activeElement?.id === "paste");
    await person.type(page.locator("#paste"), REFUSED);
    await person.press(button(page, "ui.paste.read"));
    await person.see(page.locator(".verdict").first());
    within(person, { presses: 2, screens: 1 });
  });

  test("a number of messages is held against the limit", async (t) => {
    const { page, person } = await checked(t, "bakery.example");
    await person.press(page.locator("#step-2 > details > summary"));
    await person.type(page.locator("#calc-messages"), "2500");
    await person.see(page.locator("#calc .calc-line"));
    within(person, { presses: 3, screens: 1.5 });
  });

  test("a message to support is written and on the clipboard", async (t) => {
    const { page, person } = await checked(t, "bakery.example");
    await person.press(button(page, "ui.actions.write"));
    await until(page, () => document.querySelector("#ticket")?.contains(document.activeElement));
    await person.press(page.locator("#ticket").getByRole("button", { name: /^Copy/ }).first());
    assert.ok((await clipboard(page)).includes("bakery.example"));
    // The text is to be read before it is copied: it stands between.
    within(person, { presses: 3, screens: 1.5 });
  });
});
