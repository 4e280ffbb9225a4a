// What can go wrong between the page and a resolver, by name. Each takes the exchange
// { query, forward, res, held, seen } and answers it, or leaves it unanswered.

import { Readable } from "node:stream";
import { setTimeout as later } from "node:timers/promises";
import { constants, deflateRawSync } from "node:zlib";

import * as dns from "./dns.mjs";

const DNS = "application/dns-message";

function send(res, body, { status = 200, type = DNS, headers = {} } = {}) {
  if (res.destroyed || res.writableEnded) return;
  res.writeHead(status, { "content-type": type, "access-control-allow-origin": "*", ...headers });
  res.end(body);
}

const plain = (status, headers) => async ({ res }) =>
  send(res, `status ${status}\n`, { status, type: "text/plain", headers });
const changed = (change) => async ({ forward, res }) => send(res, change(await forward()));
const instead = (make) => async ({ query, res }) => send(res, make(query));

/// A megabyte of zeros, compressed so that it can be followed by itself.
const ZEROS = deflateRawSync(Buffer.alloc(2 ** 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
/// 256 MB in 256 KB, without an end: nobody is to read that far. The head is that of RFC 1952 section 2.3.
const BOMB = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]), ...Array(256).fill(ZEROS)]);

/// Bodies that no reader should take whole, by name.
export const BODIES = {
  /// As much as the reader takes, without end.
  endless: (res, head) => {
    res.writeHead(200, head);
    const piece = Buffer.alloc(65_536);
    res.poured = 0;
    const pour = () => {
      do {
        if (res.destroyed) return;
        res.poured += piece.length;
      } while (res.write(piece));
    };
    res.on("drain", pour);
    pour();
  },
  /// Little on the way, and very much once it is unpacked.
  bomb: (res, head) => {
    res.writeHead(200, { ...head, "content-encoding": "gzip" });
    res.end(BOMB);
  },
  /// One octet after the other, without end.
  drip: (res, head) => {
    res.writeHead(200, head);
    const octets = async function* () {
      for (;; await later(100)) yield Buffer.from("v");
    };
    Readable.from(octets()).pipe(res);
  },
};

const pour = (kind) => async ({ res }) =>
  BODIES[kind](res, { "content-type": DNS, "access-control-allow-origin": "*" });

/// Answers wrong the first time that a name is asked for, right from then on.
const once = (wrong) => async (exchange) => {
  const { query, seen } = exchange;
  const { name, type } = dns.question(query);
  const first = !seen.has(`${name} ${type}`);
  seen.add(`${name} ${type}`);
  return first ? wrong(exchange) : FAULTS.ok(exchange);
};

const SPF = "v=spf1 include:_spf.google.com ~all";

const FAULTS = {
  ok: changed((reply) => reply),
  429: plain(429, { "retry-after": "1", "access-control-expose-headers": "retry-after" }),
  404: plain(404),
  502: plain(502),
  "once-502": once((exchange) => FAULTS[502](exchange)),
  "once-drop": once((exchange) => FAULTS.drop(exchange)),
  endless: pour("endless"),
  bomb: pour("bomb"),
  drip: pour("drip"),
  500: plain(500),
  503: plain(503),
  /// A network that wants a login first: HTTP 200 and a web page.
  html: async ({ res }) =>
    send(res, "<!doctype html><title>Sign in</title>", { type: "text/html" }),
  /// The right bytes under a media type that is not DNS.
  "media-type": async ({ forward, res }) =>
    send(res, await forward(), { type: "application/octet-stream" }),
  /// No permission for a page of another origin to read the answer.
  "no-cors": async ({ forward, res }) => {
    res.writeHead(200, { "content-type": DNS });
    res.end(await forward());
  },
  /// The connection ends in the middle of the answer.
  cut: async ({ forward, res }) => {
    const reply = await forward();
    res.writeHead(200, {
      "content-type": DNS,
      "content-length": reply.length,
      "access-control-allow-origin": "*",
    });
    res.write(reply.subarray(0, reply.length / 2));
    await later(50);
    abort(res);
  },
  /// The connection ends before any answer.
  drop: async ({ res }) => abort(res),
  hang: async () => {},
  /// The right answer, but not before the test lets go.
  hold: async ({ forward, res, held }) => {
    await held;
    send(res, await forward());
  },
  empty: instead(() => Buffer.alloc(0)),
  short: changed((reply) => reply.subarray(0, 7)),
  /// A whole header, then a name that points at itself.
  malformed: instead((query) =>
    Buffer.concat([dns.refusal(query, 0).subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]),
  ),
  question: changed(dns.otherQuestion),
  type: changed(dns.otherType),
  record: instead(dns.otherRecord),
  truncated: changed(dns.truncated),
  servfail: instead((query) => dns.refusal(query, 2)),
  "servfail-aaaa": async (exchange) =>
    FAULTS[dns.question(exchange.query).type === "AAAA" ? "servfail" : "ok"](exchange),
  refused: instead((query) => dns.refusal(query, 5)),
  notimp: instead((query) => dns.refusal(query, 4)),
  /// A filter that denies every name.
  nxdomain: instead((query) => dns.refusal(query, 3)),
  /// Nothing wrong, but as much as a message holds, from the domains that have so much.
  huge: async ({ query, forward, res }) => send(res, dns.huge(query) ?? (await forward())),
  /// "There is no such record" for everything, without the SOA that belongs to it.
  "no-data": instead((query) => dns.refusal(query, 0)),
  /// Filters that leave out a type.
  "no-txt": async (exchange) => without("TXT", exchange),
  "no-mx": async (exchange) => without("MX", exchange),
  /// SPF records as they were before a change.
  "older-spf": (exchange) => otherSpf(["v=spf1 -all"], exchange),
  /// One SPF record, or two, that may be kept for five minutes from now.
  "one-spf": (exchange) => otherSpf([SPF], exchange),
  "two-spf": (exchange) => otherSpf([SPF, "v=spf1 include:sendgrid.net ~all"], exchange),
  /// A filter that refuses one type.
  "refused-mx": async ({ query, forward, res }) =>
    send(res, dns.question(query).type === "MX" ? dns.refusal(query, 5) : await forward()),
  /// Signatures that do not hold: no answer, unless they are to be left unchecked.
  bogus: async ({ query, forward, res }) =>
    send(res, dns.question(query).checked ? dns.refusal(query, 2) : await forward()),
  /// Who would know, in place of an answer.
  referral: instead((query) => dns.referral(query)),
  /// A page of advertisements in place of every name that does not exist.
  "rewritten-missing": async ({ query, forward, res }) => {
    const reply = await forward();
    const missing = dns.question(query).type === "A" && dns.isMissing(reply);
    send(res, missing ? dns.rewritten(query, [203, 0, 113, 10]) : reply);
  },
  /// A resolver that answers every address question with its own address.
  rewritten: async ({ query, forward, res }) =>
    send(
      res,
      dns.question(query).type === "A" ? dns.rewritten(query, [203, 0, 113, 10]) : await forward(),
    ),
};

async function otherSpf(records, { query, forward, res }) {
  const { name, type } = dns.question(query);
  const reply = await forward();
  const changes = type === "TXT" && !name.startsWith("_") && !dns.isEmpty(reply);
  send(res, changes ? dns.answerOf(query, type, records.map(dns.textOf)) : reply);
}

async function without(type, { query, forward, res }) {
  send(res, dns.question(query).type === type ? dns.refusal(query, 0) : await forward());
}

function abort(res) {
  // HTTP/2 has no socket of its own to a stream.
  if (res.stream) res.stream.close(2);
  else res.destroy();
}

/// Answers an exchange with the named fault; `delay:300` and `delay:300:servfail` wait first.
export async function answer(name, exchange) {
  const [kind, ms, then] = name.split(":");
  if (kind === "delay") {
    await later(Number(ms));
    return answer(then ?? "ok", exchange);
  }
  const fault = FAULTS[kind];
  if (!fault) throw new Error(`no fault ${name}`);
  return fault(exchange);
}
