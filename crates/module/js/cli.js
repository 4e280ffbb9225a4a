#!/usr/bin/env node
// mail-triage: checks a domain from a terminal or a pipeline.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { check, render } from "./index.js";

const HELP = `Finds out why the e-mails of a domain do not arrive, over DNS over HTTPS.

  mail-triage <domain, e-mail address or IP address> [options]

  --json             the whole report as JSON
  --markdown         as Markdown; without either, as plain text
  --reading WHO      for whom it is written: owner, keeper (of the DNS) or postmaster (everything; the default)
  --lang LANG        en (the default) or zh-Hant
  --ip ADDRESS       an address that sends; may be repeated
  --selector NAME    a DKIM selector; may be repeated
  --helo NAME        the name that the sending server gives in HELO
  --policy FILE      the MTA-STS policy of the domain, from a file
  --read-policy      read the MTA-STS policy from the domain's own server
  --resolver WHOM    a resolver of the list, or the https address of another
  --timeout SECONDS  give up after so long (60)

Exit status: 0 nothing to mend was found, 1 something stops mail, 2 something is worth mending, 3 could not be checked,
64 wrong use.
`;

/** Exit statuses by verdict, by how grave each is. */
const STATUS = {
  "unfinished": 3,
  "resolver-untruthful": 3,
  "nothing-checked": 3,
  "name-servers-do-not-answer": 1,
  "domain-does-not-exist": 1,
  "domain-ran-out": 1,
  "domain-parked": 2,
  "not-your-records": 0,
  "nobody-may-send": 1,
  "stops-mail": 1,
  "could-not-check": 3,
  "sends-no-mail": 2,
  "worth-mending": 2,
  "partly-checked": 0,
  "in-order": 0,
};
const COULD_NOT_CHECK = 3;
const WRONG_USE = 64;

const text = { type: "string" };
const flag = { type: "boolean" };
const OPTIONS = {
  "json": flag,
  "markdown": flag,
  "reading": text,
  "lang": text,
  "ip": { ...text, multiple: true },
  "selector": { ...text, multiple: true },
  "helo": text,
  "policy": text,
  "read-policy": flag,
  "resolver": text,
  "timeout": text,
  "help": { ...flag, short: "h" },
};

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (positionals.length !== 1) throw new WrongUse("name one domain, e-mail address or IP address");
  if (values.json && values.markdown) throw new WrongUse("--json and --markdown are two forms");
  const seconds = Number(values.timeout ?? 60);
  if (!(seconds > 0 && seconds <= 86_400)) throw new WrongUse("--timeout needs a number of seconds");
  const options = {
    ips: values.ip,
    selectors: values.selector,
    helo: values.helo,
    resolver: values.resolver,
    policy: values.policy === undefined ? undefined : await readFile(values.policy, "utf8"),
    readPolicy: values["read-policy"],
    signal: AbortSignal.timeout(seconds * 1000),
  };
  const report = await check(positionals[0], options);
  const reading = values.reading === undefined ? {} : { reading: values.reading };
  const written = values.json
    ? `${JSON.stringify(report, null, 2)}\n`
    : await render(report, values.markdown ? "markdown" : "text", values.lang, reading);
  await new Promise((done) => process.stdout.write(written, done));
  return STATUS[report.headline.says] ?? COULD_NOT_CHECK;
}

class WrongUse extends Error {}

function isWrongUse(error) {
  const codes = ["target", "option", "language"];
  return error instanceof WrongUse || codes.includes(error.code) || String(error.code).startsWith("ERR_PARSE_ARGS");
}

try {
  process.exitCode = await main();
} catch (error) {
  const isLate = error.name === "AbortError";
  console.error(`mail-triage: ${isLate ? "there was no time for all lookups" : error.message}`);
  process.exitCode = isWrongUse(error) ? WRONG_USE : COULD_NOT_CHECK;
}
