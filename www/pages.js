// What the pages that explain do beside being read: they take the colours that were chosen on the main page, and lead a
// domain that was typed to its check there. Without this script its place has a link.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("mail-triage.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // The device decides.
  }
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const text = form.elements.q.value.trim();
    // What stands before the @ of an e-mail address goes into no address of a page. A text of several words is no name:
    // it may be a message, and is left for the main page.
    const name = /\s/.test(text) ? "" : text.split("@").pop();
    location.href = `${form.dataset.page}#/${name ? `check/${encodeURIComponent(name)}` : "message"}?lang=${root.lang}`;
  });
})();
