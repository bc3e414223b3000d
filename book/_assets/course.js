/* What CSS and HTML cannot do: names for the widgets' parts, and one meeting point of two libraries. Runs without either. */
(() => {
  "use strict";
  // Writes only what differs, so that watching the page for changes comes to rest.
  const set = (element, name, value) => {
    if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  // The widget manager names no slider handle, no play button and no chosen button; screen readers need all three.
  const textOf = (box, selector) => box?.querySelector(selector)?.textContent.trim() ?? "";
  function nameWidgets() {
    for (const explorer of document.querySelectorAll(".tw-explore")) {
      set(explorer, "role", "group");
      set(explorer, "aria-label", textOf(explorer, ".tw-explore-title") || "Interactive");
    }
    for (const label of document.querySelectorAll('.widget-label[title="null"]')) label.removeAttribute("title");
    for (const box of document.querySelectorAll(".widget-slider")) {
      const handle = box.querySelector("[role=slider]"), readout = box.querySelector(".widget-readout");
      set(handle, "aria-label", textOf(box, ".widget-label") || "Value");
      if (!readout) continue;
      set(handle, "aria-valuetext", readout.textContent);
      set(readout, "contenteditable", "false");  // the slider says its value itself
      set(readout, "aria-hidden", "true");
    }
    for (const play of document.querySelectorAll(".widget-play")) {
      const name = textOf(play.closest(".tw-explore-play"), ".widget-label");
      const [start, stop, repeat] = play.querySelectorAll("button");
      set(start, "aria-label", `${start?.querySelector(".fa-pause") ? "Pause" : "Play"} ${name}`.trim());
      set(stop, "aria-label", `Back to the start ${name}`.trim());
      set(repeat, "aria-label", `Repeat ${name}`.trim());
    }
    for (const box of document.querySelectorAll(".widget-toggle-buttons")) {
      const group = box.querySelector(":scope > div") ?? box;
      set(group, "role", "group");
      set(group, "aria-label", textOf(box, ".widget-label"));
      for (const button of box.querySelectorAll("button")) {
        set(button, "aria-pressed", String(button.classList.contains("mod-active")));
      }
    }
    for (const box of document.querySelectorAll(".widget-dropdown")) {
      set(box.querySelector("select"), "aria-label", textOf(box, ".widget-label"));
    }
    for (const frames of document.querySelectorAll(".tw-explore-frames")) set(frames, "aria-live", "polite");
  }

  // The widget manager speaks to MathJax 2; the book has version 3. Text with no formula needs no typesetting.
  function meetMathJax() {
    const math = window.MathJax;
    if (!math || math.Hub) return;
    math.Hub = { Queue: ([, , element]) => {
      if (!element || !/\\\(|\\\[|\$/.test(element.textContent)) return;
      math.startup.promise.then(() => math.typesetPromise([element])).catch((error) => console.warn(error));
    } };
  }

  // Code that is wider than its box can be scrolled: let the keyboard reach it.
  function reachScrollers() {
    for (const box of document.querySelectorAll(".bd-article pre, .bd-article div.math, .bd-article mjx-container[display], .tw-scroll")) {
      if (box.scrollWidth > box.clientWidth + 1) set(box, "tabindex", "0");
      else if (!box.classList.contains("tw-scroll")) box.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", meetMathJax);
  addEventListener("load", () => {
    meetMathJax();
    window.MathJax?.startup?.promise.then(reachScrollers);
    nameWidgets();
    reachScrollers();
    const live = document.querySelectorAll(".tw-live");
    const watcher = new MutationObserver(nameWidgets);
    for (const part of live) watcher.observe(part, { childList: true, subtree: true, characterData: true, attributeFilter: ["class", "aria-valuenow", "aria-valuetext"] });
  });
  addEventListener("resize", reachScrollers);
})();
