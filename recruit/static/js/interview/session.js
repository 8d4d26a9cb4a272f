// Who is signed in, and the token against forged requests that goes with that session.

export class Session {
  constructor(form) {
    this.form = form;
    this.person = Number(form.dataset.person);
  }

  get token() {
    return this.form.elements.namedItem("csrf_token").value;
  }

  // Fetch a fresh token. Returns "same", "another" or "nobody"; throws without a network.
  async refresh() {
    const answer = await fetch(this.form.dataset.session, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (found.person === null) return "nobody";
    if (found.person !== this.person) return "another";
    this.form.elements.namedItem("csrf_token").value = found.csrf_token;
    return "same";
  }
}

// Called when somebody may have signed in again in another window.
export function whenSignedInAgain(check) {
  if (window.BroadcastChannel) new BroadcastChannel("recruit-session").addEventListener("message", check);
  window.addEventListener("focus", check);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") check();
  });
}
