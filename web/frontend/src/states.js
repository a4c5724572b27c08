// Colours a case's progress on its diagram. The words beside the colours are on the page as text.

/**
 * `states`: { elements: { <element id>: { states: ["done" | "current" | "coming" | "incident" | "late"],
 * badge?: string } } }. Ids that this diagram does not show (a collapsed sub-process) are skipped.
 */
export function mark(viewer, { elements }) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  for (const [id, { states, badge }] of Object.entries(elements)) {
    if (registry.get(id) === undefined) continue;
    for (const state of states) canvas.addMarker(id, `sccif-${state}`);
    if (badge) addBadge(viewer.get('overlays'), id, states, badge);
  }
}

function addBadge(overlays, id, states, text) {
  const html = document.createElement('span');
  html.className = `sccif-badge ${states.map((state) => `sccif-badge--${state}`).join(' ')}`;
  html.textContent = text;
  overlays.add(id, 'state', { position: { top: -12, right: 12 }, html });
}
