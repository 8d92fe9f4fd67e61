/*
 * What the pages need beyond HTML. Everything here adds to something that works
 * without it: menus are <details>, forms post, links lead somewhere.
 */
(() => {
  "use strict";

  const announcer = () => document.getElementById("announcer");

  /** Says a sentence to screen readers, also when it is the same as the last one. */
  function announce(text) {
    const region = announcer();
    if (!region || !text) return;
    region.textContent = "";
    window.setTimeout(() => (region.textContent = text), 50);
  }

  /* Menus close on Escape and on a click elsewhere. */

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }

  document.addEventListener("click", (event) => closeMenus(event.target));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details[data-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary")?.focus();
  });

  /* A summary of errors takes the focus, so that it is read first. */

  function focusErrors(root) {
    root.querySelector("[data-error-summary]")?.focus();
  }

  document.addEventListener("DOMContentLoaded", () => focusErrors(document));

  /* A form with data-confirm asks before it is sent. */

  const confirmed = new WeakSet();

  async function asksFirst(question) {
    const dialog = document.getElementById("confirm-dialog");
    dialog.querySelector("[data-question]").textContent = question;
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    return dialog.returnValue === "yes";
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await asksFirst(question))) return;
    confirmed.add(form);
    form.requestSubmit(event.submitter);
  }, true);

  /* htmx: what was swapped is announced, and a failure is never silent. */

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    focusErrors(target);
    const said = target.querySelector("[data-announce]") ?? target.closest("[data-announce]");
    announce(said?.dataset.announce ?? announcer()?.dataset.updated);
  });

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => announce(announcer()?.dataset.failed));
  }
})();
