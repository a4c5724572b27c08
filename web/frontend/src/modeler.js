// Draws a diagram in the Camunda 8 dialect:
// <div data-bpmn-modeler data-xml-url="…" data-templates-url="…" data-input="id of a hidden field"></div>.
import Modeler from 'bpmn-js/lib/Modeler';
import ElementTemplateChooserModule from '@bpmn-io/element-template-chooser';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from 'bpmn-js-create-append-anything';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'bpmn-js-element-templates/dist/assets/element-templates.css';
import '@bpmn-io/element-template-chooser/dist/element-template-chooser.css';

import './modeler.css';
import { guides, islands, load, savesInto, textOf } from './page.js';
import { zoomButtons } from './zoom.js';

async function edit(element) {
  const { xmlUrl, templatesUrl } = element.dataset;
  const [canvas, panel] = ['sccif-canvas', 'sccif-properties'].map((name) => {
    const part = document.createElement('div');
    part.className = name;
    return part;
  });
  element.replaceChildren(canvas, panel);
  const [xml, templates] = await Promise.all([textOf(element, xmlUrl), templatesUrl ? load(templatesUrl, 'json') : []]);

  const modeler = new Modeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule,
      ElementTemplateChooserModule,
      CreateAppendAnythingModule,
      CreateAppendElementTemplatesModule,
      ZeebeBehaviorsModule,
    ],
  });
  modeler.get('elementTemplatesLoader').setTemplates(templates);
  await modeler.importXML(xml);
  const fit = () => fitBesidePalette(modeler.get('canvas'));
  fit();
  element.before(zoomButtons(modeler, fit));
  modeler.on('commandStack.changed', savesInto(element, async () => (await modeler.saveXML({ format: true })).xml));
  guides(element, (id) => select(modeler, id));
}

const PALETTE = 120; // pixels

/** Shows the whole diagram to the right of the palette, which lies over the canvas. */
function fitBesidePalette(canvas) {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min((outer.width - PALETTE - 10) / inner.width, outer.height / inner.height, 1);
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({ x: inner.x - PALETTE / scale, y: inner.y - (height - inner.height) / 2, width, height });
}

/** Selects an element by id; a process stands for its pool, or for the whole diagram. */
function select(modeler, id) {
  const [registry, canvas] = [modeler.get('elementRegistry'), modeler.get('canvas')];
  const shape = registry.get(id) ?? registry.find(({ businessObject }) => businessObject?.processRef?.id === id);
  if (shape === undefined) return;
  canvas.setRootElement(canvas.findRoot(shape));
  if (shape.parent) canvas.scrollToElement(shape);
  modeler.get('selection').select(shape);
}

islands('[data-bpmn-modeler]', edit);
