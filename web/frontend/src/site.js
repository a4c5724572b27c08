// Every page: the GOV.UK components, and forms that redraw when an answer changes what is asked.
import { initAll } from 'govuk-frontend';
import './site.css';
import { redrawing } from './redraw.js';

initAll();
for (const region of document.querySelectorAll('[data-redraw-url]')) redrawing(region);
