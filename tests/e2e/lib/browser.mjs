// Starts Chromium so that nothing reaches the internet.

import { existsSync, statfsSync } from "node:fs";

import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/// Where shared memory is short, as in many containers, Chromium has to use files in its place, which takes a
/// millisecond or more a request.
function hasSharedMemory() {
  if (!existsSync("/dev/shm")) return false;
  const { bavail, bsize } = statfsSync("/dev/shm");
  return bavail * bsize >= 2 ** 30;
}

/// Every name but loopback leads to the server at `tlsPort`, which answers for the public resolvers.
export const options = ({ tlsPort }) => [
  // Chromium has no sandbox where root starts it; the only page it opens is ours.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  ...(hasSharedMemory() ? [] : ["--disable-dev-shm-usage"]),
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP * 127.0.0.1:${tlsPort}, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
];

export function launch(where) {
  return chromium.launch({ executablePath: CHROMIUM, args: options(where) });
}
