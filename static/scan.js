/*
 * Scanning: a code that a scanner types into a search field is ordered, and a phone's camera reads codes where it can.
 *
 *   search    Enter after a complete code posts it instead of searching; the button still searches
 *   field     is empty and ready for the next code when one is taken, and selected when none has it
 *   camera    nothing is shown where the browser reads no codes
 */
(() => {
  "use strict";

  const FORMATS = ["ean_13", "ean_8", "upc_a", "code_128", "data_matrix", "qr_code"];
  const PAUSE = 200;
  const SAME_AGAIN = 2500;

  /* a complete code: a GTIN with its check digit, or a label's elements */

  function isGtin(text) {
    if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return false;
    const digits = [...text].reverse().map(Number);
    const sum = digits.slice(1).reduce((part, digit, place) => part + digit * (place % 2 ? 1 : 3), 0);
    return (10 - (sum % 10)) % 10 === digits[0];
  }
  function isCode(text) {
    return isGtin(text) || /^(?:\][A-Za-z]\d|\u001d|\(\d{2,4}\))./.test(text) || (/^01\d{14}/.test(text) && isGtin(text.slice(2, 16)));
  }

  const form = () => document.querySelector("form[data-scan]");
  const field = () => document.getElementById(form()?.dataset.scan || "code");

  document.addEventListener("keydown", (event) => {
    const search = event.target;
    if (event.key !== "Enter" || !form()?.dataset.scan || search !== field() || !isCode(search.value.trim())) return;
    event.preventDefault();
    window.htmx.trigger(search.form, "htmx:abort");
    search.form.dataset.scanned = "yes";
    form().elements.kod.value = search.value.trim();
    form().elements.rader.value = [...document.querySelectorAll("[id^='artikel-']")].map((row) => row.id).join(" ");
    form().requestSubmit();
  });
  document.addEventListener("input", (event) => {
    if (event.target.form) delete event.target.form.dataset.scanned;
  });
  /* what was typed is ordered, so the search that typing began is of no use */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.dataset.scanned) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.matches("form[data-scan]")) return;
    const typed = field();
    if (event.detail.successful) typed.value = "";
    typed.focus();
    typed.select();
    if (event.detail.successful) navigator.vibrate?.(60);
  });

  /* camera */

  async function camera() {
    const place = document.querySelector("[data-camera]");
    if (!place || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
    const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    const formats = FORMATS.filter((format) => known.includes(format));
    if (!formats.length) return;
    const detector = new window.BarcodeDetector({ formats });
    const toggle = place.querySelector("[data-camera-switch]");
    const view = place.querySelector("video");
    const status = place.querySelector("[data-camera-status]");
    const words = { on: toggle.textContent, off: toggle.dataset.off };
    let stream = null;
    let last = { code: "", at: 0 };

    function close() {
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
      view.srcObject = null;
      view.hidden = true;
      toggle.textContent = words.on;
      toggle.setAttribute("aria-pressed", "false");
    }
    function take(code) {
      const now = Date.now();
      if (code === last.code && now - last.at < SAME_AGAIN) {
        last.at = now;
        return;
      }
      last = { code, at: now };
      form().elements.kod.value = code;
      form().requestSubmit();
    }
    async function read(of) {
      if (stream !== of) return;
      const [found] = view.readyState >= 2 ? await detector.detect(view).catch(() => []) : [];
      if (found?.rawValue && stream === of) take(found.rawValue);
      window.setTimeout(() => read(of), PAUSE);
    }
    toggle.addEventListener("click", async () => {
      if (stream) {
        close();
        status.textContent = "";
        return;
      }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch {
        status.textContent = status.dataset.refused;
        return;
      }
      view.srcObject = stream;
      view.hidden = false;
      await view.play().catch(() => {});
      toggle.textContent = words.off;
      toggle.setAttribute("aria-pressed", "true");
      status.textContent = status.dataset.reading;
      read(stream);
    });
    window.addEventListener("pagehide", close);
    document.addEventListener("visibilitychange", () => document.hidden && close());
    place.hidden = false;
  }
  document.addEventListener("DOMContentLoaded", camera);
})();
