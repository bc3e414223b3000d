/* Starts a deck, and makes each slide's picture or interactive as small as its screen asks. */
(() => {
  "use strict";
  const fit = () => {
    const slide = Reveal.getCurrentSlide()?.querySelector(".tw-slide"), output = slide?.querySelector(".tw-slide-output");
    if (!output) return;
    output.style.zoom = 1;
    const scale = Reveal.getScale(), edge = slide.getBoundingClientRect().bottom / scale - 20;
    const top = output.getBoundingClientRect().top / scale;
    const parts = [...output.querySelectorAll("*")].filter((part) => part.checkVisibility() && !part.closest("svg g"));
    const bottom = Math.max(top, ...parts.map((part) => part.getBoundingClientRect().bottom / scale));
    if (bottom > edge) output.style.zoom = ((edge - top) / (bottom - top)).toFixed(3);
  };
  Reveal.initialize({
    width: 1280, height: 720, margin: 0.04, center: false, hash: true, slideNumber: "c/t", transition: "none",
    plugins: [RevealNotes],
    // Arrow keys belong to a slider while it has the focus.
    keyboardCondition: (event) => !event.target.closest(".jupyter-widgets"),
  });
  for (const event of ["ready", "slidechanged", "resize"]) Reveal.on(event, fit);
  // The widget manager draws an interactive a moment after the page is there.
  const watcher = new MutationObserver(fit);
  for (const part of document.querySelectorAll(".tw-live")) watcher.observe(part, { childList: true, subtree: true });
})();
