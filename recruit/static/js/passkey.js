// Asks the device for a passkey, or to make one, and sends what it answers.
const form = document.querySelector("[data-passkey]");
const notices = ["asking", "failed", "known", "unsupported"];

function show(notice) {
  for (const name of notices) form.querySelector(`[data-${name}]`).hidden = name !== notice;
  form.querySelector("[data-again]").hidden = notice !== "failed";
}

async function answer(options) {
  if (form.dataset.passkey === "make") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function ask() {
  // Neither is there on an address that does not begin with https.
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return show("unsupported");
  show("asking");
  try {
    form.elements.credential.value = JSON.stringify(await answer(JSON.parse(form.dataset.options)));
    form.submit();
  } catch (error) {
    show(error.name === "InvalidStateError" ? "known" : "failed");
  }
}

form.querySelector("[data-again]").addEventListener("click", ask);
ask();
