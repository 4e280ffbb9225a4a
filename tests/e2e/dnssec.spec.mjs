// DNSSEC with really signed zones: a resolver that checks signatures, and every way in which they can be wrong. Broken
// signatures are never taken for missing records, and a TLSA record counts only where the resolver vouches for it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { check, codes, finished, front } from "./lib/harness.mjs";
import { findings, onePage, question, say, unfold } from "./lib/page.mjs";

beforeEach(() => front.reset());

const visit = onePage();

async function checked(t, domain, lang = "en") {
  const page = await visit(t, check(domain, { lang }));
  await finished(page);
  return page;
}

/// Levels of the findings that begin with a prefix, by code.
async function levels(page, prefix) {
  const all = (await findings(page)).filter(({ code }) => code.startsWith(prefix));
  return Object.fromEntries(all.map(({ code, level }) => [code, level]));
}

/// The rows of a finding's evidence, by query.
async function evidence(page, code) {
  await unfold(page);
  const rows = page.locator(`details[data-code=${code}]`).first().locator(".evidence tbody tr");
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.innerText)),
  );
  return Object.fromEntries(cells.map(([query, answer, resolver]) => [query.trim(), { answer, resolver }]));
}

/// Codes that would call a record missing.
const MISSING = ["DOM-010", "MX-010", "SPF-010", "DMA-010", "DKI-030", "DKI-220", "STS-020", "DAN-020"];

test("a signed domain is vouched for from the top, and so is its certificate", async (t) => {
  const page = await checked(t, "signed.example");
  assert.deepEqual(await levels(page, "SEC"), { "SEC-010": "pass" });
  assert.deepEqual(await levels(page, "DAN"), { "DAN-010": "pass" });
  const shown = await evidence(page, "DAN-010");
  const tlsa = shown["_25._tcp.mail.signed.example TLSA"];
  assert.ok(tlsa.answer.includes("3 1 1") && tlsa.resolver.endsWith("AD"), JSON.stringify(shown));
});

for (const [domain, code, cause] of [
  ["bogus.example", "SEC-030", "bogus"],
  ["expired.example", "SEC-040", undefined],
  ["stripped.example", "SEC-030", undefined],
]) {
  test(`${domain}: what does not hold stops mail, and nothing is called missing`, async (t) => {
    const page = await checked(t, domain);
    assert.deepEqual(await levels(page, "SEC"), { [code]: "stops" });
    const found = await codes(page);
    assert.deepEqual(
      MISSING.filter((code) => found.includes(code)),
      [],
    );
    const first = await page.locator(".causes li").first().innerText();
    const [title] = say(`finding.${code}.title`, { domain, cause: "", types: "" }).split(domain);
    assert.ok(first.includes(domain) && first.startsWith(title), first);
    if (cause) assert.ok(first.includes(say(`dnssec.cause.${cause}`)), first);
    // The same question without checking tells broken signatures from a zone that is down.
    const log = (await front.log()).map(question);
    assert.ok(log.includes(`${domain} SOA`) && log.includes(`${domain} SOA +cd`), log.join("\n"));
  });
}

test("a zone that signs and tells nobody counts as not signed", async (t) => {
  const page = await checked(t, "island.example");
  assert.deepEqual(await levels(page, "SEC"), { "SEC-020": "info" });
  assert.deepEqual(await levels(page, "DAN"), { "DAN-030": "info" });
});

test("an unsigned zone is no fault, and its TLSA record does not count", async (t) => {
  const page = await checked(t, "dane-unsigned.example");
  assert.deepEqual(await levels(page, "SEC"), { "SEC-020": "info" });
  assert.deepEqual(await levels(page, "DAN"), { "DAN-030": "info" });
  const shown = await evidence(page, "DAN-030");
  const tlsa = shown["_25._tcp.mail.dane-unsigned.example TLSA"];
  assert.ok(tlsa.answer.includes("3 1 1") && !tlsa.resolver.includes("AD"), JSON.stringify(shown));
});

test("a TLSA record that cannot be had in a signed zone is not taken for none", async (t) => {
  const page = await checked(t, "dane-broken.example");
  assert.deepEqual(await levels(page, "SEC"), { "SEC-010": "pass" });
  assert.deepEqual(await levels(page, "DAN"), { "DAN-060": "unknown" });
});

test("broken signatures of a receiving host are told from a host that is gone", async (t) => {
  const page = await checked(t, "mx-bogus.example", "zh-Hant");
  const found = await levels(page, "SEC");
  assert.equal(found["SEC-070"], "stops");
  const all = await codes(page);
  assert.ok(!all.includes("MX-080") && !all.includes("MX-090") && all.includes("MX-140"), all.join(" "));
});
