// Ten million characters of what is slow to read, pasted as a message, and a million in every field.
//
// How long the page stands still is measured, in milliseconds of the processor, and printed, beside what the browser itself
// takes for the same text in a bare field; held are counts and words: the page answers, it has no more elements than before,
// it says how much it reads, and the field keeps what was put into it.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { check, finished, front, openPage } from "./lib/harness.mjs";
import { button, failedRequests, go, say, unfold, until } from "./lib/page.mjs";
import { settled, watchTasks } from "./lib/tasks.mjs";

beforeEach(() => front.reset());

const OCTETS = 10_000_000;
/// In a field: for ten times as many in a field of nobody's, too, the browser itself takes gigabytes.
const OF_A_FIELD = 1_000_000;
/// Elements of the page in its largest state, with room.
const MOST_NODES = 20_000;

/// A beginning and what is repeated behind it. `#` counts, as far as a hundred thousand.
const PAYLOADS = {
  "what a host said": ["", "host mx said: 550 "],
  "what hosts said": ["", "host m#.example[11.22.33.4] said: 550 5.7.1 no\n"],
  "line feeds": ["", "\n"],
  "line ends": ["", "\r\n"],
  blanks: ["550", " "],
  letters: ["", "a"],
  digits: ["", "5"],
  codes: ["", "550 "],
  "enhanced codes": ["", "5.7.1 "],
  "glued codes": ["", "550-5.7.1"],
  dots: ["", "."],
  "signs of addresses": ["", "@"],
  "addresses of people": ["", "a#@b#.example "],
  "addresses in brackets": ["", "<a@b.example>,"],
  "addresses of machines": ["", "11.22.#.4 "],
  "names of hosts": ["", "from a#.example by host b#.example "],
  "open angles": ["", "<"],
  "comments of HTML": ["<html></html>", "<!--"],
  scripts: ["<html></html>", "<script>"],
  tags: ["<html></html>", "<a href=x "],
  entities: ["<html></html>", "&#x"],
  "encoded words": ["Received: x\nFrom: a@b.example\nSubject: ", "=?a?b?c"],
  "soft line breaks": ["", "a=\n"],
  "quoted-printable": ["", "=3D=20\n"],
  parentheses: ["Received: x\nFrom: a@b.example\nX: ", "("],
  quotes: ["", '"'],
  colons: ["", ":"],
  "tags of records": ["v=DMARC1; ", "a#=b;"],
  mechanisms: ["v=spf1 ", "include:a#.example "],
  "hosts of a policy": ["version: STSv1\nmode: testing\nmax_age: 86400\n", "mx: a#.example\n"],
  "lines of no policy": ["", "hello\n"],
  fields: ["Message-ID: <1@b.example>\n", "Received: from a by b; Fri, 20 Nov 2026 01:12:38 +0000\n"],
  "short fields": ["Received: x\nMessage-ID: <1@b.example>\n", "X-#: 1\n"],
  "fields of signatures": ["Received: x\nMessage-ID: <1@b.example>\n", "DKIM-Signature: d=b#.example; s=s#\n"],
  "a folded field": ["Received: x\nMessage-ID: <1@b.example>\nX: y", "\n a ("],
  parts: [
    "Received: x\nMessage-ID: <1@b.example>\nContent-Type: multipart/mixed; boundary=b\n\n",
    "--b\n\na\n",
  ],
  recipients: [
    "From: MAILER-DAEMON@a.example\nMessage-ID: <1@a.example>\nContent-Type: message/delivery-status\n\n",
    "Final-Recipient: rfc822; a#@b.example\nStatus: 5.1.1\n\n",
  ],
  "headlines of copies": ["", "a message that follows is a message\n"],
  "beginnings of wordings": ["", "mail from spf user unknown blocked using "],
  ideographs: ["", "信"],
  "ideographs and codes": ["", "錯誤 550 "],
  "what cannot be seen": ["", "\u200d"],
  "ways of signing in": ["", "250-AUTH A# B#\n"],
  "what curl says": ["", "curl: (67) timeout : "],
};

/// Lets the page build a text, and notes its tasks from here on: gives a function that ends it, see [`watchTasks`].
async function prepare(page, [head, unit], octets = OCTETS) {
  await page.evaluate(
    ([head, unit, octets]) => {
      let block = unit;
      if (unit.includes("#")) {
        block = "";
        for (let n = 0; n < 100_000 && block.length < octets; n += 1) block += unit.replaceAll("#", n);
      }
      window.payload = head + block.repeat(Math.ceil(octets / block.length));
    },
    [head, unit, octets],
  );
  await settled(page);
  return watchTasks(page);
}

/// Puts the text into a field as if it had been typed.
const enter = (page, selector) =>
  page.evaluate((selector) => {
    const field = document.querySelector(selector);
    field.value = window.payload;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, selector);

/// Pastes the text into a field.
const paste = (page, selector) =>
  page.evaluate((selector) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", window.payload);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(event);
  }, selector);

/// What the browser takes for the text in a field of nobody's.
async function bare(page, payload, tag, octets) {
  await page.evaluate((tag) => {
    document.querySelector("#bare")?.remove();
    const field = document.createElement(tag);
    field.id = "bare";
    document.body.append(field);
  }, tag);
  const longest = await prepare(page, payload, octets);
  await enter(page, "#bare");
  const millis = await longest();
  await page.evaluate(() => document.querySelector("#bare").remove());
  return millis;
}

const nodes = (page) => page.evaluate(() => document.getElementsByTagName("*").length);

function print(what, rows) {
  const most = Math.max(...rows.map(([, millis]) => millis));
  console.log(`${what}: the longest of ${rows.length} is ${most} ms`);
  for (const [name, millis, more = ""] of rows.sort((a, b) => b[1] - a[1]).slice(0, 12))
    console.log(`${String(millis).padStart(8)} ms  ${name}${more}`);
}

test("a message of any kind is read, and the page answers", async (t) => {
  const page = await openPage(t);
  await button(page, "ui.paste.open").click();
  await page.locator("#paste").fill("550 5.1.1 user unknown");
  await button(page, "ui.paste.read").click();
  await page.locator(".verdict").waitFor();
  const rows = [];
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    const longest = await prepare(page, payload);
    // What was read folds its field.
    await button(page, "asked.change").click();
    await paste(page, "#paste");
    // What is too long to be shown is read at once.
    await page.locator(".paste-file").waitFor();
    await page.locator("#explained").waitFor();
    rows.push([name, await longest()]);
    assert.ok((await nodes(page)) < MOST_NODES, `${name}: ${await nodes(page)} elements`);
  }
  print("messages", rows);
});

/// Payloads that are worst for fields.
const FOR_FIELDS = ["what a host said", "ideographs"];

/// A field of one line is like every other.
const FOR_LINES = ["addresses of machines"];

/// Tries payloads in one field; `most` is the number of characters that the page says it reads.
async function field(page, selector, most) {
  const [tag, multiple] = await page.evaluate((selector) => {
    const { tagName } = document.querySelector(selector);
    return [tagName.toLowerCase(), tagName === "TEXTAREA"];
  }, selector);
  const names = most <= 1000 ? FOR_LINES : FOR_FIELDS;
  const octets = OF_A_FIELD;
  const rows = [];
  for (const name of names) {
    const alone = await bare(page, PAYLOADS[name], tag, octets);
    const longest = await prepare(page, PAYLOADS[name], octets);
    await enter(page, selector);
    rows.push([name, await longest(), `, ${alone} ms in a bare ${tag}`]);
    const kept = await page.evaluate((selector) => {
      const { value } = document.querySelector(selector);
      return [value.length, window.payload.replaceAll("\r\n", "\n").length, window.payload.includes("\n")];
    }, selector);
    // An input drops line ends by itself.
    if (multiple || !kept[2]) assert.equal(kept[0], kept[1], `${selector}: ${name} was not kept`);
    const long = (await page.evaluate((selector) => document.querySelector(selector).value.length, selector)) > most;
    const said = await page.locator("[data-long]").allInnerTexts();
    assert.deepEqual(said, long ? [say("ui.long", { n: most })] : [], `${selector}: ${name}`);
    assert.ok((await nodes(page)) < MOST_NODES, `${selector}: ${name}: ${await nodes(page)} elements`);
  }
  await page.locator(selector).fill("");
  print(selector, rows);
}

describe("fields", () => {
  test("of the form", async (t) => {
    const page = await openPage(t);
    await button(page, "ui.ask.details").click();
    await field(page, "#q", 8192);
    await field(page, "#q-ip", 4000);
    await field(page, "#q-selector", 4000);
    await field(page, "#q-helo", 1000);
  });

  test("of the settings and the calculator", async (t) => {
    const page = await openPage(t);
    await page.locator("#settings > summary").click();
    await page.locator("#settings select").first().selectOption("google-workspace");
    for (const name of ["server", "port", "user"]) await field(page, `#smtp-${name}`, 1000);
    await field(page, "#smtp-output", 65536);
  });

  test("of the policy", async (t) => {
    const page = await openPage(t, check("policy.example"), { allow: failedRequests });
    await finished(page);
    await unfold(page);
    await field(page, "textarea.policy-text", 65536);
    const alone = await bare(page, PAYLOADS["lines of no policy"], "textarea", OF_A_FIELD);
    const longest = await prepare(page, PAYLOADS["lines of no policy"], OF_A_FIELD);
    await enter(page, "textarea.policy-text");
    await button(page, "sts.compare").click();
    await page.locator("[data-code=STS-140]").first().waitFor({ state: "attached" });
    print("a policy compared", [["lines of no policy", await longest(), `, ${alone} ms in a bare textarea`]]);
    assert.ok((await nodes(page)) < MOST_NODES, `${await nodes(page)} elements`);
  });

  test("of the message to support", async (t) => {
    const page = await openPage(t, "");
    await page.locator("#ticket > summary").click();
    await page.locator("#ticket-text").waitFor();
    await field(page, "#ticket-since", 1000);
    const rows = [];
    for (const name of FOR_FIELDS) {
      const alone = await bare(page, PAYLOADS[name], "textarea", OF_A_FIELD);
      const longest = await prepare(page, PAYLOADS[name], OF_A_FIELD);
      await enter(page, "#ticket-text");
      rows.push([name, await longest(), `, ${alone} ms in a bare textarea`]);
      const link = await page.locator("#ticket-mail").getAttribute("href");
      assert.ok(link.length <= 1800, `${name}: ${link.length} octets`);
    }
    print("the message to support", rows);
  });

  test("of the record that is put together", async (t) => {
    const page = await openPage(t, "#/build/spf/bakery.example");
    await page.locator("#build-own-servers").waitFor();
    await field(page, "#build-own-servers", 4000);
  });
});

test("a link with thousands of parameters says once how many it leaves out", async (t) => {
  const page = await openPage(t);
  const many = (unit, n) => Array.from({ length: n }, (_, at) => unit.replaceAll("#", at % 250)).join("&");
  const rows = [];
  for (const [name, query, more] of [
    ["unknown", many("x#=1", 150_000), 150_000 - 8],
    ["addresses", many("ip=11.22.33.#", 70_000), undefined],
  ]) {
    const longest = await prepare(page, ["", "a"], 10);
    await go(page, `#/?${query}`);
    rows.push([name, await longest()]);
    const notices = await page.locator(".notices > *").allInnerTexts();
    assert.ok(notices.length <= 10, `${name}: ${notices.length} notices`);
    if (more) assert.ok(notices.includes(say("ui.ignored.more.other", { n: more })), notices.join("\n"));
    assert.ok((await nodes(page)) < MOST_NODES, `${name}: ${await nodes(page)} elements`);
  }
  await until(page, () => document.readyState === "complete");
  print("links", rows);
});
