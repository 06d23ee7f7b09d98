/*
 * Rauk: the little script there is. Every page works without it.
 *
 *   stepper      minus and plus, put beside a number field
 *   day          a calendar behind the button of a date
 *   failure      a note when a request did not come through, and a way to try again
 *   submit       a pressed button shows that it works, and a second press does nothing
 *   download     a link to a file says that it is being made, until it comes
 *   menu         the header's links on small screens
 *   choices      the button under radio cards repeats the choice
 *   counts       the button beside a number repeats the number
 *   selection    select all, select a group, sum of what is selected
 *   keys         J K X G A E F N L Å ? in a queue, unless switched off
 *   panel        stays in sight beside a long queue
 *   scrolling    a table that is wider than its place can be reached by keyboard
 *   focus        to the error summary, and to [data-focus] after HTMX has swapped
 */
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const KEYS_OFF = "rauk-keys-off";

  /* stepper: numbers as the page's language types them */

  const isEnglish = document.documentElement.lang === "en";
  function numberIn(input) {
    const text = input.value.replace(/\s/g, "").replace("\u2212", "-");
    return Number(isEnglish ? text.replace(/,/g, "") : text.replace(",", "."));
  }
  function typed(number) {
    const text = String(Math.round(number * 1000) / 1000);
    return isEnglish ? text : text.replace(".", ",");
  }

  function addSteps(stepper) {
    const input = stepper.querySelector("input");
    const name = input.getAttribute("aria-label");
    const [less, more] = document.getElementById("stepper").content.cloneNode(true).children;
    [less, more].forEach((button) => {
      if (name) button.setAttribute("aria-label", `${button.getAttribute("aria-label")}: ${name}`);
    });
    input.before(less);
    input.after(more);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    const before = input.value;
    const { least = "0", most = "Infinity", by = "1" } = input.dataset;
    const next = input.value === "" ? Number(least) : numberIn(input) + button.dataset.step * by;
    if (!Number.isNaN(next)) input.value = typed(Math.min(Math.max(next, least), most));
    if (input.value === before) return;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* the arrow down from the search field: to how many of the first match, where Enter puts it in the basket */

  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.target.id !== "q") return;
    const first = document.querySelector("#lagg-till [data-stepper] input");
    if (!first) return;
    event.preventDefault();
    first.focus();
    first.select();
  });

  /* day: a typed date, and the browser's calendar behind a button */

  document.addEventListener("click", (event) => {
    const day = event.target.closest(".day__open")?.closest("[data-day]");
    if (!day) return;
    const [typed, calendar] = day.querySelectorAll("input");
    calendar.value = typed.value;
    calendar.min = typed.getAttribute("min") || "";
    calendar.max = typed.getAttribute("max") || "";
    calendar.showPicker?.();
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".day__native")) return;
    const typed = event.target.closest("[data-day]").querySelector("input");
    typed.value = event.target.value;
    typed.dispatchEvent(new Event("change", { bubbles: true }));
    typed.focus();
  });

  /* submit: one press, one request */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
    if (form.method !== "post") {
      if (event.submitter) showBusy(event.submitter);
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (!button || button.dataset.download !== undefined) {
      window.setTimeout(() => delete form.dataset.sent, 1500);
      return;
    }
    showBusy(button);
  });
  function showBusy(button) {
    window.setTimeout(() => {
      button.classList.add("is-busy");
      button.setAttribute("aria-busy", "true");
    }, 600);
  }
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
    all(".is-busy").forEach(calm);
  });
  function calm(button) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.target.closest("form")?.querySelector("button:not([type=button])");
    if (button && event.target.matches("form")) button.classList.add("is-busy");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    all(".is-busy", event.target).forEach(calm);
    const status = event.detail.xhr?.status;
    if ((status === 409 || status === 422) && event.target.matches("form:has([data-stepper])")) event.target.reset();
  });

  /* download: the server takes the cookie away when the file comes */

  const AWAITED = "rauk-download";
  const isAwaited = () => document.cookie.split("; ").some((each) => each.startsWith(`${AWAITED}=`));
  const forget = () => (document.cookie = `${AWAITED}=; max-age=0; path=/; samesite=lax`);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-making]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.getAttribute("aria-busy")) {
      event.preventDefault();
      return;
    }
    document.cookie = `${AWAITED}=yes; max-age=1800; path=/; samesite=lax`;
    link.setAttribute("aria-busy", "true");
    const words = document.createElement("span");
    words.className = "making";
    words.setAttribute("role", "status");
    link.after(words);
    const began = Date.now();
    const watch = window.setInterval(() => {
      if (!isAwaited()) {
        window.clearInterval(watch);
        link.removeAttribute("aria-busy");
        words.remove();
      } else if (!words.textContent && Date.now() - began > 600) words.textContent = link.dataset.making;
    }, 200);
  });
  window.addEventListener("pagehide", forget);

  /* failure: what did not come through is said where notes are, the old values stand again, and it can be tried once more */

  function failed(event) {
    const { elt, requestConfig, xhr } = event.detail;
    const form = elt.closest("form");
    const tried = form && [...form.elements].filter((field) => field.name && !field.disabled).map((field) => [field, field.value, field.checked]);
    const submitter = requestConfig?.triggeringEvent?.submitter;
    all(".is-busy", form || document).forEach(calm);
    if (form?.matches(":has([data-stepper])")) form.reset();
    const note = document.getElementById("failure").content.firstElementChild.cloneNode(true);
    const when = xhr?.status ? "refused" : "offline";
    all("[data-when]", note).forEach((text) => text.dataset.when !== when && text.remove());
    note.querySelector("[data-retry]").addEventListener("click", () => {
      note.remove();
      tried?.forEach(([field, value, checked]) => {
        if (field.isConnected && field.type !== "checkbox" && field.type !== "radio" && field.type !== "hidden") field.value = value;
        else if (field.isConnected) field.checked = checked;
      });
      if (submitter?.isConnected) submitter.click();
      else if (form?.isConnected) form.requestSubmit();
      else if (elt.isConnected) elt.click();
    });
    const place = document.getElementById("messages");
    all(".note[role=alert]", place).forEach((old) => old.remove());
    place.append(note);
    note.scrollIntoView({ block: "nearest" });
  }
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, failed));

  /* menu, and the list behind the person's name */

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-menu]");
    if (toggle) {
      const open = toggle.getAttribute("aria-expanded") !== "true";
      toggle.setAttribute("aria-expanded", String(open));
      document.getElementById(toggle.getAttribute("aria-controls"))?.classList.toggle("is-open", open);
    }
    all("details[data-dropdown][open]").forEach((details) => {
      if (!details.contains(event.target)) details.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details[data-dropdown][open]").forEach((details) => {
      details.open = false;
      details.querySelector("summary").focus();
    });
    const toggle = document.querySelector('[data-menu][aria-expanded="true"]');
    if (toggle) {
      toggle.click();
      toggle.focus();
    }
  });

  /* print */

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* password */

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (!button) return;
    const input = document.getElementById(button.dataset.showPassword);
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    button.firstChild.textContent = show ? button.dataset.hide : button.dataset.show;
  });

  /* choices: the button says what will happen */

  function repeatChoice(form) {
    const button = form?.querySelector("[data-repeats-choice]");
    const chosen = form?.querySelector("input[data-button]:checked");
    if (!button || !chosen) return;
    const number = chosen.closest(".choice")?.querySelector('[data-stepper] input');
    button.textContent = chosen.dataset.button.replace("#", number ? number.value : "");
  }
  ["change", "input"].forEach((name) =>
    document.addEventListener(name, (event) => repeatChoice(event.target.form)),
  );

  /* counts: the button says how many */

  function repeatCount(button) {
    const count = button.form?.elements[button.dataset.repeatsCount]?.value || "0";
    const words = count === "1" ? button.dataset.one : button.dataset.many;
    button.firstElementChild.textContent = words.replace("#", count);
  }
  document.addEventListener("input", (event) => {
    if (event.target.form) all("[data-repeats-count]", event.target.form).forEach(repeatCount);
  });

  /* selection in a queue */

  const boxes = (root) => all('[data-line] input[type="checkbox"]', root);
  function showSelection() {
    all("[data-queue]").forEach((queue) => {
      const chosen = boxes(queue).filter((box) => box.checked);
      all("[data-group]", queue).forEach((group) => mark(group.querySelector("[data-select-group]"), boxes(group)));
      mark(queue.querySelector("[data-select-all]"), boxes(queue));
      const bar = queue.querySelector("[data-selection-bar]");
      if (!bar) return;
      bar.hidden = chosen.length === 0;
      const count = bar.querySelector("[data-selected-count]");
      if (count) count.textContent = chosen.length === 1 ? count.dataset.one : count.dataset.many.replace("#", chosen.length);
      const sum = bar.querySelector("[data-selected-sum]");
      if (sum) {
        const total = chosen.reduce((part, box) => part + Number(box.closest("[data-line]").dataset.amount || 0), 0);
        sum.textContent = total.toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "sv-SE", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) + "\u00a0kr";
      }
      all("[data-count-label]", bar).forEach((button) => {
        button.textContent = button.dataset.countLabel.replace("#", chosen.length);
      });
    });
  }
  function mark(box, inner) {
    if (!box) return;
    const chosen = inner.filter((each) => each.checked).length;
    box.checked = chosen > 0 && chosen === inner.length;
    box.indeterminate = chosen > 0 && chosen < inner.length;
  }
  document.addEventListener("change", (event) => {
    const group = event.target.closest("[data-select-group]");
    const every = event.target.closest("[data-select-all]");
    if (group) boxes(group.closest("[data-group]")).forEach((box) => (box.checked = group.checked));
    if (every) boxes(every.closest("[data-queue]")).forEach((box) => (box.checked = every.checked));
    if (event.target.closest("[data-queue]")) showSelection();
  });
  document.addEventListener("reset", () => window.setTimeout(showSelection));

  /* keys */

  const keysOff = () => {
    try {
      return window.localStorage.getItem(KEYS_OFF) === "yes";
    } catch {
      return false;
    }
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    try {
      if (event.target.checked) window.localStorage.removeItem(KEYS_OFF);
      else window.localStorage.setItem(KEYS_OFF, "yes");
    } catch {
      /* a browser that keeps nothing: the keys stay on */
    }
  });

  const lines = () => all("[data-queue] [data-line]");
  const current = () => document.querySelector("[data-line].is-current") || document.querySelector("[data-line].is-open");
  function go(step) {
    const rows = lines();
    if (!rows.length) return;
    const at = rows.indexOf(current());
    const next = rows[Math.min(Math.max(at < 0 ? 0 : at + step, 0), rows.length - 1)];
    rows.forEach((row) => row.classList.toggle("is-current", row === next));
    next.querySelector('input[type="checkbox"]')?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  function take(radio) {
    radio.click();
    if (radio.type !== "radio") return;
    const field = radio.closest(".choice").querySelector(".choice__body :is(input:not([type=hidden]), textarea, select)");
    (field || radio).focus();
    field?.select?.();
  }
  function choose(key) {
    const row = current();
    const panelRadio = document.querySelector(`[data-choice-key="${key}"]`);
    if (panelRadio && (!row || row.classList.contains("is-open"))) {
      take(panelRadio);
      return;
    }
    const open = row?.querySelector("[data-open]");
    if (!open) return;
    try {
      window.sessionStorage.setItem("rauk-choice", key);
    } catch {
      /* the panel opens, and the choice is made there */
    }
    open.click();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form[method=post]:not(#queue-form)") || document.querySelector("#panel form[method=post]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-repeats-choice]") || undefined);
  });
  const press = (root, key) => root?.querySelector(`[data-key="${key}"]`)?.click();
  const acts = {
    j: () => go(1),
    k: () => go(-1),
    x: () => current()?.querySelector('input[type="checkbox"]')?.click(),
    g: () => press(current(), "g"),
    G: () => press(current()?.closest("[data-group]"), "G"),
    a: () => choose("a"),
    e: () => choose("e"),
    f: () => choose("f"),
    n: () => choose("n"),
    l: () => choose("l"),
    "\u00e5": () => press(document, "\u00e5"),
    u: () => press(document, "\u00e5"),
    "?": () => document.querySelector("[data-shortcuts] a")?.click(),
  };
  // What is pressed while an approval is on its way is done when the list has come back; other keys wait for eyes.
  const pressed = [];
  const isUnderWay = () => document.querySelector("#queue-page .htmx-request");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || !document.querySelector("[data-queue]")) return;
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field && field.type !== "checkbox") return;
    if (event.key === "Enter" && field) {
      event.preventDefault();
      field.closest("[data-line]")?.querySelector("[data-open][hx-get]")?.click();
      return;
    }
    const key = event.shiftKey && event.key === "G" ? "G" : event.key.toLowerCase();
    if (!acts[key]) return;
    event.preventDefault();
    const under = isUnderWay();
    if (!under) acts[key]();
    else if (under.id === "queue-form") pressed.push(key);
  });
  document.addEventListener("htmx:afterSettle", () => {
    while (pressed.length && !isUnderWay()) acts[pressed.shift()]();
  });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, () => (pressed.length = 0)));

  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-open][hx-get]")?.closest("[data-line]");
    if (row) lines().forEach((each) => each.classList.toggle("is-open", each === row));
  });

  /* the panel beside a queue: as tall as it is, and stuck where its end can be seen */

  function place(panel) {
    panel.style.maxHeight = "none";
    panel.style.top = `${Math.min(16, window.innerHeight - panel.offsetHeight - 16)}px`;
  }
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => place(entry.target)));
  window.addEventListener("resize", () => all(".panel").forEach(place));

  /* focus and first look */

  function scrollable() {
    all(".table-wrap").forEach((wrap) => {
      const scrolls = wrap.scrollWidth > wrap.clientWidth + 1;
      wrap.toggleAttribute("tabindex", false);
      if (!scrolls) return;
      wrap.tabIndex = 0;
      wrap.setAttribute("role", "region");
      wrap.setAttribute("aria-label", wrap.querySelector("caption")?.textContent.trim() || document.title);
    });
  }
  window.addEventListener("resize", scrollable);

  function ready(root) {
    all("[data-stepper]:not(:has(button))").forEach(addSteps);
    showSelection();
    scrollable();
    all(".panel").forEach((panel) => sizes.observe(panel));
    all("form").forEach(repeatChoice);
    all("[data-repeats-count]").forEach(repeatCount);
    root.querySelector?.("[data-focus]")?.focus();
  }
  function remembered() {
    let key = null;
    try {
      key = window.sessionStorage.getItem("rauk-choice");
      window.sessionStorage.removeItem("rauk-choice");
    } catch {
      return;
    }
    const radio = key && document.querySelector(`[data-choice-key="${key}"]`);
    if (radio) take(radio);
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    ready(event.target);
    remembered();
  });
  window.addEventListener("load", () => {
    // The browser does it by itself where it heeds autofocus on what is no field.
    if (document.activeElement === document.body) document.querySelector("[data-error-summary]")?.focus();
  });
  document.addEventListener("DOMContentLoaded", () => {
    all("[data-keys-switch]").forEach((box) => (box.checked = !keysOff()));
    ready(document);
    remembered();
  });
})();
