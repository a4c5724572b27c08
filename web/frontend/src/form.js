// Edits a form: <div data-form-editor data-schema-url="…" data-input="id of a hidden field"></div>.
import { FormEditor } from '@bpmn-io/form-js-editor';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';

import './form.css';
import { islands, load, savesInto } from './page.js';

async function edit(element) {
  const schema = await load(element.dataset.schemaUrl, 'json');
  const editor = new FormEditor({ container: element });
  const changed = savesInto(element, async () => JSON.stringify(editor.saveSchema(), null, 2));
  await editor.importSchema(schema);
  editor.on('changed', changed);
}

islands('[data-form-editor]', edit);
