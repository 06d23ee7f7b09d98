/*
 * Passkeys: a form with data-passkey asks the browser for one before it is sent.
 *
 *   data-passkey    "get" an old one, or "create" a new one
 *   data-question   what the server asks; without it the form's address is asked for it
 */
(() => {
  "use strict";

  async function questionOf(form) {
    if (form.dataset.question) return JSON.parse(form.dataset.question);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return answer.json();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-passkey]");
    if (!form || form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const failure = form.querySelector("[data-passkey-failure]");
    failure.hidden = true;
    questionOf(form)
      .then((question) => window.webauthnJSON[form.dataset.passkey](question))
      .then((credential) => {
        form.elements.credential.value = JSON.stringify(credential);
        form.requestSubmit();
      })
      .catch(() => (failure.hidden = false));
  }, true);
})();
