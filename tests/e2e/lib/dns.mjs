// As much of the DNS wire format (RFC 1035 section 4) as the tests need.

import { createHash } from "node:crypto";

const TYPES = new Map([
  [1, "A"],
  [2, "NS"],
  [5, "CNAME"],
  [6, "SOA"],
  [12, "PTR"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
  [33, "SRV"],
  [43, "DS"],
  [48, "DNSKEY"],
  [52, "TLSA"],
  [99, "SPF"],
  [257, "CAA"],
]);

/// Offset of the first byte after the question section's first name.
function endOfName(message) {
  let at = 12;
  while (message[at] > 0) at += message[at] + 1;
  return at + 1;
}

/// Name and type of a message's question, and whether the resolver may check signatures (CD, RFC 4035 section 3.2.2);
/// throws on what is no message.
export function question(message) {
  const labels = [];
  for (let at = 12; message[at] > 0; at += message[at] + 1) {
    labels.push(message.subarray(at + 1, at + 1 + message[at]).toString("latin1"));
  }
  const type = message.readUInt16BE(endOfName(message));
  return {
    name: labels.join(".").toLowerCase(),
    type: TYPES.get(type) ?? `TYPE${type}`,
    checked: (message[3] & 0x10) === 0,
  };
}

/// A reply without records: the query's question under another response code.
export function refusal(query, rcode) {
  const reply = Buffer.from(query.subarray(0, endOfName(query) + 4));
  reply[2] = 0x81; // a response, recursion desired
  reply[3] = 0x80 | rcode; // recursion available
  reply.writeUInt16BE(0, 6);
  reply.writeUInt16BE(0, 8);
  reply.writeUInt16BE(0, 10);
  return reply;
}

/// Answers every A question with one address, like a network that wants a login first.
export function rewritten(query, address) {
  const reply = refusal(query, 0);
  reply.writeUInt16BE(1, 6);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]);
  return Buffer.concat([reply, record]);
}

/// Whether a reply has no answer.
export const isEmpty = (reply) => reply.readUInt16BE(6) === 0;

/// Whether a reply says that the name does not exist.
export const isMissing = (reply) => (reply[3] & 0x0f) === 3;

/// A reply without an answer that names a server below the name that was asked.
export function referral(query) {
  const reply = refusal(query, 0);
  reply.writeUInt16BE(1, 8);
  return Buffer.concat([reply, Buffer.from([0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, 5, 2, 0x6e, 0x73, 0xc0, 12])]);
}

/// A reply that holds one record, of a type that nobody asked for (HINFO).
export function otherRecord(query) {
  const reply = refusal(query, 0);
  reply.writeUInt16BE(1, 6);
  return Buffer.concat([reply, Buffer.from([0xc0, 12, 0, 13, 0, 1, 0, 0, 0, 60, 0, 4, 1, 0x78, 1, 0x79])]);
}

/// The reply with another letter in the name that was asked.
export function otherQuestion(reply) {
  const changed = Buffer.from(reply);
  changed[13] ^= 1;
  return changed;
}

/// The reply with another type in its question.
export function otherType(reply) {
  const changed = Buffer.from(reply);
  const at = endOfName(changed);
  changed.writeUInt16BE(changed.readUInt16BE(at) === 1 ? 28 : 1, at);
  return changed;
}

/// The reply with the bit that says it was cut short (TC). Its records stay: some of them, as far as anybody can tell.
export function truncated(reply) {
  const cut = Buffer.from(reply);
  cut[2] |= 0x02;
  return cut;
}

const NUMBERS = new Map([...TYPES].map(([number, type]) => [type, number]));

/// A name on the wire.
function nameOf(name) {
  const labels = name.split(".").map((label) => [label.length, ...Buffer.from(label, "latin1")]);
  return Buffer.from([...labels.flat(), 0]);
}

/// A text as the strings of a TXT record.
export function textOf(text) {
  const octets = Buffer.from(text, "latin1");
  const strings = [];
  for (let at = 0; at < octets.length || at === 0; at += 255) {
    const string = octets.subarray(at, at + 255);
    strings.push(Buffer.from([string.length]), string);
  }
  return Buffer.concat(strings);
}

const pair = (number) => Buffer.from([(number >> 8) & 255, number & 255]);

/// The data of record number `at`, each different; names stand below `zone`.
function dataOf(type, at, zone) {
  switch (type) {
    case "A":
      return Buffer.concat([Buffer.from([11, 22]), pair(at)]);
    case "AAAA":
      return Buffer.concat([Buffer.from([0x26, 0x20, 1, 2]), Buffer.alloc(10), pair(at)]);
    case "MX":
      return Buffer.concat([pair(at), nameOf(`m${at}.${zone}`)]);
    case "NS":
    case "PTR":
      return nameOf(`n${at}.${zone}`);
    case "TXT":
    case "SPF":
      return textOf(`token-${at}`);
    case "SRV":
      return Buffer.concat([pair(at), pair(0), pair(587), nameOf(`s${at}.${zone}`)]);
    case "TLSA":
      return Buffer.concat([Buffer.from([3, 1, 1]), pair(at), Buffer.alloc(30)]);
    case "DS":
      return Buffer.concat([pair(at), Buffer.from([13, 2]), Buffer.alloc(32)]);
    case "DNSKEY":
      return Buffer.concat([pair(at), Buffer.from([3, 13]), Buffer.alloc(64)]);
    case "CAA":
      return Buffer.concat([Buffer.from([0, 5]), Buffer.from(`issueca${at}.example`)]);
    default:
      return undefined;
  }
}

/// A whole answer of one record for each of `data`, as many as a message over HTTPS holds.
export function answerOf(query, type, data) {
  const reply = refusal(query, 0);
  const parts = [reply];
  let size = reply.length;
  for (const one of data) {
    size += 12 + one.length;
    if (size > 65_535) break;
    parts.push(Buffer.from([0xc0, 12]), pair(NUMBERS.get(type)), Buffer.from([0, 1, 0, 0, 1, 44]), pair(one.length), one);
  }
  reply.writeUInt16BE((parts.length - 1) / 5, 6);
  return Buffer.concat(parts);
}

const range = (n, make) => Array.from({ length: n }, (_, at) => make(at));
const proof = (at) => `service-${at}-verification=${createHash("sha512").update(`${at}`).digest("base64")}`;
const spf = (terms) => `v=spf1 ${terms.join(" ")}`;

/// Domains whose answers are honest and huge: by name, what stands at a name below them as texts, and how many records of
/// every other type.
const HUGE = {
  // Proofs of ownership for a hundred services: too much for a link that programs for mail take whole.
  "proofs.huge.example": {
    records: 1,
    texts: (name, zone) => (name === zone ? [spf(["mx", "-all"]), spf(["a", "-all"]), ...range(120, proof)] : []),
  },
  // As many as a message holds.
  "full.huge.example": { records: 65_535 },
  // As many as are kept.
  "many.huge.example": { records: 256 },
  // A tree of includes that never ends, hosts with many addresses, tags and addresses without end.
  "tree.huge.example": {
    records: 200,
    texts: (name, zone) => {
      if (name.startsWith("_dmarc.")) return [`v=DMARC1; p=none; rua=${range(110, (at) => `mailto:a@r${at}.${zone}`).join(",")}`];
      if (name !== zone && !name.startsWith("i")) return [];
      const below = name === zone ? "r" : name.split(".")[0].slice(0, 20);
      return [spf(range(100, (at) => (at % 2 ? `a:h${at}.${zone}` : `include:i${at}-${below}.${zone}`)))];
    },
  },
  // Mistakes without end, and the same name held by many records.
  "wrong.huge.example": {
    records: 3,
    texts: (name, zone) => {
      if (name.startsWith("_dmarc.")) return [`v=DMARC1; p=none; rua=${range(600, (at) => `m${at}`).join(",")}`];
      return name === zone ? range(250, (at) => spf(range(10, (term) => `include:x${at}-${term}.${zone}`))) : [];
    },
  },
};

/// The answer of a huge domain; nothing for any other.
export function huge(query) {
  const { name, type } = question(query);
  const zone = Object.keys(HUGE).find((zone) => name === zone || name.endsWith(`.${zone}`));
  if (!zone) return undefined;
  const { records, texts } = HUGE[zone];
  if (type === "SOA") {
    return answerOf(query, type, [Buffer.concat([nameOf(`ns.${zone}`), nameOf(`h.${zone}`), Buffer.alloc(20)])]);
  }
  if (type === "TXT" && texts) return answerOf(query, type, texts(name, zone).map(textOf));
  if (!dataOf(type, 0, zone)) return refusal(query, 0);
  return answerOf(query, type, range(records, (at) => dataOf(type, at, zone)));
}
