// Edits a form: <div data-form-editor data-schema-url="…" data-input="id of a hidden field"></div>.
import { FormEditor } from '@bpmn-io/form-js-editor';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';

import './form.css';
import { guides, islands, savesInto, textOf } from './page.js';

async function edit(element) {
  const schema = JSON.parse(await textOf(element, element.dataset.schemaUrl));
  element.replaceChildren();
  const editor = new FormEditor({ container: element });
  await editor.importSchema(schema);
  editor.on('changed', savesInto(element, async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`));
  guides(element, (id) => {
    const field = editor.get('formFieldRegistry').get(id);
    if (field) editor.get('selection').set(field);
  });
}

islands('[data-form-editor]', edit);
