// The command line: forms, exit statuses.

import assert from "node:assert/strict";
import { test } from "node:test";

import { codes, doh, inProject, run } from "./lib/project.mjs";

const mailTriage = (...args) =>
  run("npx", ["--offline", "mail-triage", ...args], { cwd: inProject("node") });

test("the exit status says what came of it", async () => {
  const cases = [
    [["listed-shop.example", "--resolver", doh], 1],
    [["choir.example", "--resolver", "http://127.0.0.1:9/dns-query"], 3],
    [["choir.example", "--resolver", "nobody"], 64],
    [["choir.example", "--what"], 64],
    [[], 64],
    [["not a domain!"], 64],
    [["--help"], 0],
  ];
  const said = await Promise.all(cases.map(([args]) => mailTriage(...args)));
  cases.forEach(([args, status], at) => assert.equal(said[at].status, status, `${args}: ${said[at].error}`));
});

test("the report is JSON, Markdown or text", async () => {
  const [json, markdown, text] = await Promise.all([
    mailTriage("two-spf.example", "--resolver", doh, "--json"),
    mailTriage("two-spf.example", "--resolver", doh, "--markdown", "--lang", "zh-Hant"),
    mailTriage("two-spf.example", "--resolver", doh, "--reading", "owner"),
  ]);
  assert.ok(codes(JSON.parse(json.out)).includes("SPF-030"));
  assert.match(markdown.out, /^# 寄信診斷: two-spf\.example\n/);
  assert.match(text.out, /^Mail Triage: two-spf\.example\n/);
  assert.deepEqual([json.status, markdown.status, text.status], [1, 1, 1]);
  assert.equal(json.error + markdown.error + text.error, "");
});

test("there is an end to waiting", async () => {
  const { status, error } = await mailTriage("choir.example", "--resolver", doh, "--timeout", "0.001");
  assert.equal(status, 3);
  assert.match(error, /no time/);
});
