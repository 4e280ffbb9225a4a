// Firefox, for what another engine draws in its own way: started without a window, and driven by Marionette, the protocol that
// is built into it (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html). It asks nobody: what it opens
// needs no lookup.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PATIENCE } from "./harness.mjs";
import { waitFor } from "./page.mjs";

export const FIREFOX = process.env.FIREFOX;

/// What a fresh profile would do on its own: ask its maker, tell of itself, and open pages beside ours.
const PREFERENCES = {
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "marionette.port": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.enabled": false,
};

/// Starts Firefox in a profile of its own; ends it, and removes that, with the test.
export async function startFirefox(t, { lang = "en" } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "mail-triage-firefox-"));
  const preferences = { ...PREFERENCES, "intl.accept_languages": lang };
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const process = spawn(FIREFOX, ["--headless", "--marionette", "--no-remote", "--profile", profile], { stdio: "ignore" });
  const ended = once(process, "exit");
  const port = await waitFor("Firefox to listen", () => portOf(profile));
  const socket = connect(port, "127.0.0.1");
  t.after(async () => {
    socket.destroy();
    process.kill();
    await ended;
    rmSync(profile, { recursive: true });
  });
  const driver = new Driver(socket);
  await driver.ask("WebDriver:NewSession", { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  await driver.ask("WebDriver:SetTimeouts", { script: PATIENCE, pageLoad: PATIENCE });
  return driver;
}

/// Where it listens: it says so in its profile once it does.
function portOf(profile) {
  try {
    return Number(readFileSync(join(profile, "MarionetteActivePort"), "utf8"));
  } catch {
    return 0;
  }
}

/// A command of WebDriver and its answer: `length:[0, number, name, parameters]` and `length:[1, number, error, value]`.
class Driver {
  constructor(socket) {
    this.socket = socket;
    this.asked = new Map();
    this.number = 0;
    this.rest = Buffer.alloc(0);
    socket.on("data", (data) => this.take(data));
    socket.on("error", (error) => this.asked.forEach(({ fail }) => fail(error)));
  }

  take(data) {
    this.rest = Buffer.concat([this.rest, data]);
    for (;;) {
      const colon = this.rest.indexOf(":");
      const end = colon + 1 + Number(this.rest.subarray(0, colon));
      if (colon < 0 || this.rest.length < end) return;
      const said = JSON.parse(this.rest.subarray(colon + 1, end));
      this.rest = this.rest.subarray(end);
      // Its greeting is no list.
      if (Array.isArray(said)) this.answer(said);
    }
  }

  answer([, number, error, value]) {
    const { done, fail } = this.asked.get(number);
    this.asked.delete(number);
    if (error) fail(new Error(`${error.error}: ${error.message}`));
    else done(value?.value ?? value);
  }

  ask(name, parameters = {}) {
    const number = (this.number += 1);
    const message = JSON.stringify([0, number, name, parameters]);
    this.socket.write(`${Buffer.byteLength(message)}:${message}`);
    return new Promise((done, fail) => this.asked.set(number, { done, fail }));
  }

  /// Goes to an address, and waits for the page to be loaded.
  open(url) {
    return this.ask("WebDriver:Navigate", { url });
  }

  /// What a function says in the page.
  evaluate(script, ...args) {
    return this.ask("WebDriver:ExecuteScript", { script: `return (${script})(...arguments)`, args });
  }

  /// Waits until something in the page is so.
  until(condition, ...args) {
    return waitFor(`${condition}`, () => this.evaluate(condition, ...args));
  }

  /// The page as it would be printed on A4 paper, as PDF.
  async print() {
    const size = { width: 21, height: 29.7 };
    return Buffer.from(await this.ask("WebDriver:Print", { page: size, background: false }), "base64");
  }
}
