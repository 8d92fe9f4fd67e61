/*
 * Keys of the review queue: j and k, or the arrows, go from one review to the next; Enter follows the link,
 * which has the focus then. Without this the same is done by Tab.
 */
(() => {
  "use strict";

  const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const busy = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing;
    if (!step || busy || event.target.closest("input, select, textarea, summary, dialog")) return;
    const items = [...document.querySelectorAll("[data-queue-item]")];
    if (items.length === 0) return;
    const at = items.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step;
    if (next < 0 || next >= items.length) return;
    event.preventDefault();
    items[next].focus();
    items[next].scrollIntoView({ block: "nearest" });
  });
})();
