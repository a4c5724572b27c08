// Decision tables: <div data-dmn-viewer data-xml-url="…" data-decision="id" data-rules="id id"></div> shows one,
// with the matched rules marked; <div data-dmn-modeler data-xml-url="…" data-input="hidden field"></div> edits.
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';

import './dmn.css';
import { islands, load, savesInto } from './page.js';

async function show(element) {
  const { default: Viewer } = await import('dmn-js/lib/NavigatedViewer');
  const xml = await load(element.dataset.xmlUrl);
  const viewer = new Viewer({ container: element });
  await viewer.importXML(xml);
  await openDecision(viewer, element.dataset.decision);
  for (const rule of element.dataset.rules?.split(' ') ?? []) {
    for (const cell of element.querySelectorAll(`[data-row-id="${CSS.escape(rule)}"]`)) {
      cell.classList.add('sccif-matched');
    }
  }
}

async function edit(element) {
  const { default: Modeler } = await import('dmn-js/lib/Modeler');
  const xml = await load(element.dataset.xmlUrl);
  const modeler = new Modeler({ container: element });
  const changed = savesInto(element, async () => (await modeler.saveXML({ format: true })).xml);
  await modeler.importXML(xml);
  await openDecision(modeler, element.dataset.decision);
  modeler.on('views.changed', ({ activeView }) => watch(modeler.getActiveViewer(), activeView, changed));
  watch(modeler.getActiveViewer(), modeler.getActiveView(), changed);
}

function watch(viewer, view, changed) {
  if (viewer && view) viewer.on('elements.changed', changed);
}

/** Opens the named decision, else the first table: people come for the rows, not for the requirements graph. */
async function openDecision(dmn, id) {
  const views = dmn.getViews();
  const view = views.find((each) => each.element.id === id) ?? views.find((each) => each.type === 'decisionTable');
  if (view) await dmn.open(view);
}

islands('[data-dmn-viewer]', show);
islands('[data-dmn-modeler]', edit);
