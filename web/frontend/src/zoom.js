// Buttons that move a diagram without a mouse wheel.
import './zoom.css';

export function zoomButtons(viewer, fit = () => viewer.get('canvas').zoom('fit-viewport', 'auto')) {
  const canvas = viewer.get('canvas');
  const bar = document.createElement('div');
  bar.className = 'sccif-zoom';
  const actions = {
    'Zoom in': () => canvas.zoom(canvas.zoom() * 1.25),
    'Zoom out': () => canvas.zoom(canvas.zoom() * 0.8),
    'Whole diagram': fit,
  };
  for (const [label, act] of Object.entries(actions)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'govuk-button govuk-button--secondary sccif-zoom__button';
    button.textContent = label;
    button.addEventListener('click', act);
    bar.append(button);
  }
  return bar;
}
