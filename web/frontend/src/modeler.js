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
import { islands, load, savesInto } from './page.js';

async function edit(element) {
  const { xmlUrl, templatesUrl } = element.dataset;
  const [canvas, panel] = ['sccif-canvas', 'sccif-properties'].map((name) => {
    const part = document.createElement('div');
    part.className = name;
    return part;
  });
  element.replaceChildren(canvas, panel);
  const [xml, templates] = await Promise.all([load(xmlUrl), templatesUrl ? load(templatesUrl, 'json') : []]);

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
  const changed = savesInto(element, async () => (await modeler.saveXML({ format: true })).xml);
  await modeler.importXML(xml);
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  modeler.on('commandStack.changed', changed);
}

islands('[data-bpmn-modeler]', edit);
