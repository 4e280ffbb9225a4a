// Starts Chromium so that nothing reaches the internet.

import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/// Every name but loopback leads to the server at `tlsPort`, which answers for the public resolvers.
export const options = ({ tlsPort }) => [
  // Chromium has no sandbox where root starts it; the only page it opens is ours.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP * 127.0.0.1:${tlsPort}, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
];

export function launch(where) {
  return chromium.launchServer({ executablePath: CHROMIUM, args: options(where) });
}
