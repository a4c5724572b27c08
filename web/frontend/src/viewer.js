// Shows a diagram: <div data-bpmn-viewer data-xml-url="…" data-state-url="…" data-name="…"></div>.
// A click on an element goes to its text, #element-<id>; <button data-bpmn-show="<id>"> goes the other way.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import './viewer.css';
import { islands, load } from './page.js';
import { mark } from './states.js';
import { zoomButtons } from './zoom.js';

async function show(element) {
  const { xmlUrl, stateUrl, name = 'the process' } = element.dataset;
  const canvasElement = document.createElement('div');
  canvasElement.className = 'sccif-canvas';
  element.replaceChildren(canvasElement);
  const [xml, states] = await Promise.all([load(xmlUrl), stateUrl ? load(stateUrl, 'json') : { elements: {} }]);

  // The wheel scrolls the page, as everywhere else; the buttons and dragging move the diagram.
  const viewer = new NavigatedViewer({ container: canvasElement, zoomScroll: { enabled: false } });
  await viewer.importXML(xml);
  mark(viewer, states);
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  element.prepend(zoomButtons(viewer));
  describe(canvasElement, name);
  linkToText(viewer);
  linkFromText(viewer, element);
}

function describe(canvasElement, name) {
  const svg = canvasElement.querySelector('svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `Diagram of ${name}. The same is written as text on this page.`);
}

function linkToText(viewer) {
  viewer.on('element.click', ({ element }) => {
    const text = document.getElementById(`element-${element.id}`);
    if (text === null) return;
    text.setAttribute('tabindex', '-1');
    text.scrollIntoView({ block: 'center' });
    text.focus();
  });
}

function linkFromText(viewer, container) {
  for (const button of document.querySelectorAll('[data-bpmn-show]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const shape = viewer.get('elementRegistry').get(button.dataset.bpmnShow);
      if (shape === undefined) return;
      container.scrollIntoView({ block: 'nearest' });
      viewer.get('canvas').scrollToElement(shape);
      viewer.get('selection').select(shape);
    });
  }
}

islands('[data-bpmn-viewer]', show);
