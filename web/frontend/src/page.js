// What every diagram, table and form island needs from the page around it.

/** Runs `start(element)` for each match and says in the page, not the console, when one fails. */
export function islands(selector, start) {
  for (const element of document.querySelectorAll(selector)) {
    start(element).then(
      () => element.dataset.ready = 'true',
      (error) => explain(element, error),
    );
  }
}

function explain(element, error) {
  const note = document.createElement('p');
  note.className = 'govuk-body sccif-island-error';
  note.setAttribute('role', 'alert');
  note.textContent = `This could not be shown: ${error.message}`;
  element.replaceChildren(note);
  element.dataset.ready = 'failed';
  throw error;
}

export async function load(url, kind = 'text') {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response[kind]();
}

/**
 * Puts `serialise()` into the hidden field named by `data-input` whenever its form is sent, and warns before
 * unsaved work is left. Returns a function to call on every change.
 */
export function savesInto(element, serialise) {
  const field = document.getElementById(element.dataset.input);
  let changed = false;
  if (field === null) return () => {};
  window.addEventListener('beforeunload', (event) => {
    if (changed) event.preventDefault();
  });
  field.form.addEventListener('submit', async (event) => {
    if (field.dataset.filled) return;
    event.preventDefault();
    // Leaving the focused box commits what was typed there, and only after this event may a form be sent again.
    document.activeElement?.blur();
    await new Promise((nextTurn) => setTimeout(nextTurn));
    field.value = await serialise();
    field.dataset.filled = 'true';
    changed = false;
    field.form.requestSubmit(event.submitter);
  });
  return () => {
    changed = true;
  };
}
