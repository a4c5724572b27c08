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

/** The text to edit: what the page brought in the field named by `data-input`, else the file at `url`. */
export async function textOf(element, url) {
  return document.getElementById(element.dataset.input)?.value || load(url);
}

/**
 * Shows the parts of the page that only make sense with a running editor, and lets its buttons
 * <button data-editor-show="<id>"> lead to an element by `select(id)`.
 */
export function guides(element, select) {
  for (const part of document.querySelectorAll('[data-editor-controls], [data-editor-show]')) part.hidden = false;
  for (const button of document.querySelectorAll('[data-editor-show]')) {
    button.addEventListener('click', () => {
      element.scrollIntoView({ block: 'nearest' });
      select(button.dataset.editorShow);
    });
  }
}

/**
 * Puts `serialise()` into the hidden field named by `data-input` whenever its form is sent, and warns before
 * unsaved work is left. Returns a function to call on every change; `data-changed` says there was one before.
 */
export function savesInto(element, serialise) {
  const field = document.getElementById(element.dataset.input);
  let changed = 'changed' in element.dataset;
  let filled = false;
  if (field === null) return () => {};
  window.addEventListener('beforeunload', (event) => {
    if (changed && !filled) event.preventDefault();
  });
  // A page that the browser brings back after it was sent is edited on.
  window.addEventListener('pageshow', () => filled = false);
  field.form.addEventListener('submit', async (event) => {
    if (filled) return;
    event.preventDefault();
    // Leaving the focused box commits what was typed there, and only after this event may a form be sent again.
    document.activeElement?.blur();
    await new Promise((nextTurn) => setTimeout(nextTurn));
    field.value = await serialise();
    filled = true;
    field.form.requestSubmit(event.submitter);
    setTimeout(() => filled = false, 1000); // sending may fail, and what is changed after that must count
  });
  return () => {
    changed = true;
  };
}
