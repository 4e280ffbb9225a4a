// The built page on a server of its own, under a path as on GitHub Pages: it can be changed, as a new version does, and stopped.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const DIST = new URL("../../../dist/", import.meta.url);
const BASE = "/mail-triage/";
const TYPES = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

/// What stands in the service worker of the build: its version, its files, and the rest.
const [, VERSION, FILES, CODE] = /^const VERSION = "(\w+)";\nconst FILES = (\{[^}]*\});\n(.*)$/s.exec(read("sw.js"));

/// The files that the build keeps for when there is no network.
export const files = JSON.parse(FILES.replace(/,\n\}/, "\n}"));

function read(path) {
  return readFileSync(fileURLToPath(new URL(path, DIST)), "utf8");
}

const hash = (text) => createHash("sha256").update(text).digest("base64");
const worker = (version, files) => `const VERSION = "${version}";\nconst FILES = ${JSON.stringify(files)};\n${CODE}`;

export class Site {
  /// Files that are others than in the build, by their places.
  changed = new Map();
  /// What was asked for: method and place.
  log = [];

  static async start() {
    const site = new Site();
    site.server = createServer((request, response) => site.answer(request, response));
    site.server.listen(0, "127.0.0.1");
    await once(site.server, "listening");
    site.url = `http://127.0.0.1:${site.server.address().port}${BASE}`;
    return site;
  }

  answer({ method, url }, response) {
    const { pathname } = new URL(url, "http://127.0.0.1");
    const path = pathname.slice(BASE.length) || "index.html";
    this.log.push(`${method} ${path}`);
    let body = this.changed.get(path);
    try {
      body ??= readFileSync(new URL(path, DIST));
    } catch {
      return response.writeHead(404).end();
    }
    const type = TYPES[path.split(".").pop()] ?? "application/octet-stream";
    response.writeHead(method === "GET" ? 200 : 405, { "content-type": type, "cache-control": "no-cache" }).end(body);
  }

  /// A new version is published: its page says so, and its data differ.
  publish(name) {
    const page = read("index.html").replace(/<body[^>]*>/, `$&<p id="version">${name}</p>`);
    const guide = `${read("data/guide.json")}\n`;
    this.changed.set("index.html", page).set("data/guide.json", guide);
    const changed = { ...files, "index.html": hash(page), "data/guide.json": hash(guide) };
    this.changed.set("sw.js", worker(`${VERSION}${name}`, changed));
  }

  /// A version that is half there: its worker knows of a file that has not arrived.
  publishHalf(name) {
    this.publish(name);
    this.changed.set("index.html", `${this.changed.get("index.html")}<!-- late -->`);
  }

  /// A version that keeps nothing any more.
  withdraw() {
    this.changed.set("sw.js", worker("none", {}));
    this.changed.set("offline.js", read("offline.js").replace("const KEPT = true;", "const KEPT = false;"));
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}
