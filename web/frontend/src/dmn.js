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
import { guides, islands, load, savesInto, textOf } from './page.js';

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
  const xml = await textOf(element, element.dataset.xmlUrl);
  element.replaceChildren();
  const modeler = new Modeler({ container: element });
  await modeler.importXML(xml);
  await openDecision(modeler, element.dataset.decision);
  const changed = savesInto(element, async () => (await modeler.saveXML({ format: true })).xml);
  modeler.on('views.changed', ({ activeView }) => watch(modeler.getActiveViewer(), activeView, changed));
  watch(modeler.getActiveViewer(), modeler.getActiveView(), changed);
  guides(element, (id) => select(modeler, element, id));
}

/** Opens the decision that an id names or stands in, and goes to the row or cell of that id. */
async function select(modeler, container, id) {
  const view = modeler.getViews().find((each) => holds(each.element, id));
  if (view === undefined) return;
  await modeler.open(view);
  const name = CSS.escape(id);
  const place = container.querySelector(`[data-element-id="${name}"], [data-row-id="${name}"]`);
  place?.scrollIntoView({ block: 'center', inline: 'center' });
  place?.querySelector('[contenteditable]')?.focus();
}

function holds(decision, id) {
  const { decisionLogic: logic = {} } = decision;
  const rules = logic.rule ?? [];
  const parts = [...(logic.input ?? []), ...(logic.output ?? []), ...rules];
  const cells = rules.flatMap(({ inputEntry = [], outputEntry = [] }) => [...inputEntry, ...outputEntry]);
  return [decision, logic, ...parts, ...cells].some((each) => each.id === id);
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
