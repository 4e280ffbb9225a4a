// A DoH front that records what it is asked and can do wrong whatever a resolver can do wrong.
//
// Without a fault it passes everything on to the real DoH front of the local DNS. It speaks HTTP/1.1
// without TLS (`/dns-query`, `/fault/KIND/dns-query`) and HTTP/2 with TLS; the browser under test
// reaches the second one under the names of the public resolvers, and under every other name too:
// there it serves the MTA-STS policies that a test has put there.

import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import { join } from "node:path";

import { question } from "./lib/dns.mjs";
import { BODIES, answer } from "./lib/faults.mjs";

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/// Starts both listeners on free ports; gives their addresses. They end with the thread that they run in.
export async function start({ doh, dir }) {
  const front = new Front(doh);
  const handle = (req, res) => front.handle(req, res);
  const plain = http.createServer(handle);
  const tls = http2.createSecureServer(
    {
      allowHTTP1: true,
      cert: readFileSync(join(dir, "cert.pem")),
      key: readFileSync(join(dir, "key.pem")),
    },
    handle,
  );
  const ports = await Promise.all([plain, tls].map(listen));
  return { url: `http://127.0.0.1:${ports[0]}`, tlsPort: ports[1] };
}

function listen(server) {
  return new Promise((done, fail) => {
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => done(server.address().port));
  });
}

class Front {
  constructor(doh) {
    this.doh = doh;
    this.reset({});
  }

  /// Forgets the log and takes new rules: faults by host name and by DNS name, else `all`; policies by host name.
  reset({ hosts = {}, names = {}, all = "ok", policies = {} }) {
    this.rules = { hosts, names, all, policies };
    this.log = [];
    this.inFlight = 0;
    this.seen = new Set();
    this.run = Symbol("run");
    this.held = new Promise((done) => (this.release = done));
  }

  async handle(req, res) {
    const host = (req.headers[":authority"] ?? req.headers.host ?? "").replace(/:\d+$/, "");
    const url = new URL(req.url, "http://front");
    if (url.pathname.startsWith("/control/")) return this.control(req, res, url);
    if (url.pathname === "/.well-known/mta-sts.txt") return this.policy(req, res, host);
    const body = await read(req);
    let query;
    let asked;
    try {
      query = req.method === "POST" ? body : Buffer.from(url.searchParams.get("dns"), "base64url");
      asked = question(query);
    } catch {
      this.log.push({ host, path: url.pathname, method: req.method, name: null });
      res.writeHead(404, { "access-control-allow-origin": "*" });
      return res.end();
    }
    const fault =
      /^\/fault\/([^/]+)\//.exec(url.pathname)?.[1] ??
      this.rules.names[asked.name] ??
      this.rules.hosts[host] ??
      this.rules.all;
    const { run } = this;
    this.inFlight += 1;
    const entry = {
      host,
      path: url.pathname,
      method: req.method,
      http: req.httpVersion,
      cache: req.headers["cache-control"] ?? null,
      cookie: req.headers.cookie ?? null,
      accept: req.headers.accept ?? null,
      ...asked,
      fault,
      inFlight: this.inFlight,
      start: performance.now(),
      end: null,
      aborted: false,
    };
    this.log.push(entry);
    res.on("close", () => {
      entry.end = performance.now();
      // HTTP/2 calls a stream finished that the browser has cut off.
      entry.aborted = !res.writableEnded;
      entry.poured = res.poured;
      if (run === this.run) this.inFlight -= 1;
    });
    try {
      const { held, seen } = this;
      await answer(fault, { query, res, held, seen, forward: () => forward(this.doh, query) });
    } catch (error) {
      entry.error = String(error);
      if (!res.headersSent) res.writeHead(502);
      res.end();
    }
  }

  /// A policy: `text`, whether other origins may read it (`cors`), `status`, no answer at all (`hang`), or one of the
  /// bodies that no reader should take whole (`body`).
  policy(req, res, host) {
    const { cors, text = "", status = 200, hang, body } = this.rules.policies[host] ?? { status: 404 };
    const entry = {
      host,
      path: "/.well-known/mta-sts.txt",
      method: req.method,
      name: null,
      cookie: req.headers.cookie ?? null,
      referer: req.headers.referer ?? null,
      end: null,
    };
    this.log.push(entry);
    res.on("close", () => Object.assign(entry, { end: performance.now(), poured: res.poured }));
    if (hang) return;
    const head = { "content-type": "text/plain", ...(cors && { "access-control-allow-origin": "*" }) };
    if (body) return BODIES[body](res, head);
    res.writeHead(status, head);
    res.end(text);
  }

  async control(req, res, url) {
    const body = await read(req);
    let reply = {};
    if (url.pathname === "/control/reset") this.reset(JSON.parse(body || "{}"));
    else if (url.pathname === "/control/rules") Object.assign(this.rules, JSON.parse(body));
    else if (url.pathname === "/control/release") this.release();
    else reply = this.log;
    res.writeHead(200, { "content-type": "application/json" });
    res.end(JSON.stringify(reply));
  }
}

async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

function forward(doh, query) {
  return new Promise((done, fail) => {
    const req = http.get(
      `${doh}?dns=${query.toString("base64url")}`,
      { agent, headers: { accept: "application/dns-message" } },
      (res) => read(res).then(done, fail),
    );
    req.on("error", (error) => {
      // The front behind may close an idle connection just when it is used again.
      if (req.reusedSocket && error.code === "ECONNRESET") forward(doh, query).then(done, fail);
      else fail(error);
    });
  });
}
