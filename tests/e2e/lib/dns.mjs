// As much of the DNS wire format (RFC 1035 section 4) as the tests need.

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
