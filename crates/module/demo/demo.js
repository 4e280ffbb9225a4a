// The choices of the demonstration become attributes; `?resolver=` asks another resolver, for trying without internet.

import "./element.js";

const element = document.querySelector("mail-triage");
const resolver = new URLSearchParams(location.search).get("resolver");
if (resolver) element.setAttribute("resolver", resolver);
document.querySelector("#choices").addEventListener("change", ({ target }) => {
  element.setAttribute(target.name, target.value);
});
