// Every page: the GOV.UK components, and forms that redraw when an answer changes what is asked.
import { initAll } from 'govuk-frontend';
import './site.css';
import { redrawing } from './redraw.js';

initAll();
for (const region of document.querySelectorAll('[data-redraw-url]')) redrawing(region);
for (const field of document.querySelectorAll('input[name=_page]')) keepNumber(field);

/**
 * Who goes back to a page gets it anew from the server, with what they typed: it must not count as another page,
 * or what they send again because no answer came would be done twice.
 */
function keepNumber(field) {
  if (history.state?.page) field.value = history.state.page;
  else history.replaceState({ ...history.state, page: field.value }, '');
}
