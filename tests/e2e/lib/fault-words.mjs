// What the page says of each fault of a resolver (faults.mjs): no answer, or none that can be read.

/// Fault, key of its words, number in them.
export const SILENT = [
  ["servfail", "failure.servfail"],
  ["refused", "failure.refused"],
  ["notimp", "failure.rcode", 4],
  ["429", "failure.rate-limited"],
  ["404", "failure.http", 404],
  ["500", "failure.http", 500],
  ["503", "failure.http", 503],
  ["html", "failure.not-dns"],
  ["media-type", "failure.not-dns"],
  ["drop", "failure.network"],
  ["cut", "failure.network"],
  ["no-cors", "failure.network"],
  ["empty", "failure.malformed"],
  ["short", "failure.malformed"],
  ["malformed", "failure.malformed"],
  ["question", "failure.wrong-question"],
  ["type", "failure.wrong-question"],
  ["record", "failure.wrong-type"],
  ["truncated", "failure.truncated"],
  ["referral", "failure.referral"],
];

/// Bodies that do not end by themselves.
export const ENDLESS = [
  ["endless", "failure.malformed"],
  ["bomb", "failure.malformed"],
];
