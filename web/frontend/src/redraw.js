// Redraws part of a form on the server: <div data-redraw-url="…" data-redraw-on="key other">…</div>.
// Conditions are decided by the server only; without JavaScript they are shown in words instead.
import { initAll } from 'govuk-frontend';

export function redrawing(region) {
  const causes = new Set(region.dataset.redrawOn?.split(' '));
  let request = new AbortController();
  async function redraw() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    region.ariaBusy = 'true';
    const html = await ask(region, signal);
    if (signal.aborted) return;
    if (html !== null) swap(region, html);
    region.ariaBusy = null;
  }
  region.addEventListener('change', ({ target }) => {
    if (isCause(causes, target.name)) redraw();
  });
  redraw(); // the page comes with every question, for those without JavaScript
}

/** A date is three boxes, named after its key. */
function isCause(causes, name) {
  return causes.size === 0 || causes.has(name) || causes.has(name.replace(/-(day|month|year)$/, ''));
}

/** The region's HTML for the answers so far; null when asking failed, which leaves the page as it was. */
async function ask(region, signal) {
  const answers = new FormData(region.closest('form'));
  for (const [key, value] of [...answers]) if (value instanceof File) answers.delete(key);
  try {
    const response = await fetch(region.dataset.redrawUrl, { method: 'POST', body: answers, signal });
    return response.ok ? await response.text() : null;
  } catch (error) {
    if (error.name === 'AbortError' || error instanceof TypeError) return null;
    throw error;
  }
}

function swap(region, html) {
  const focused = document.activeElement?.id;
  // Read before the new fields come: a radio loses its choice to one of the same name that enters its form.
  const old = new Map([...region.querySelectorAll('input, textarea, select')].map((field) => [field.id, state(field)]));
  region.innerHTML = html;
  for (const field of region.querySelectorAll('input, textarea, select')) keep(old.get(field.id), field);
  initAll({ scope: region });
  if (focused) document.getElementById(focused)?.focus();
}

function state(field) {
  const { type, value, checked } = field;
  return { type, value, checked, field };
}

/** What was typed or chosen while the request was under way outlives it. */
function keep(before, after) {
  if (before === undefined || before.type !== after.type) return;
  if (after.type === 'file') after.replaceWith(before.field);
  else if (after.type === 'checkbox' || after.type === 'radio') after.checked = before.checked;
  else if (after.type !== 'hidden') after.value = before.value;
}
