// Builds what the browser gets into the folder named by OUT: our bundles, the GOV.UK and MOJ styles, images.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const out = process.env.OUT ?? '../static/dist';
const govuk = 'node_modules/govuk-frontend/dist/govuk';
const moj = 'node_modules/@ministryofjustice/frontend/moj';

rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}/images`, { recursive: true });

// The GDS Transport typeface, the crown and the crest are for gov.uk domains only: neither shipped nor named.
function withoutCrownProperty(css) {
  return css
    .replace(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,', '')
    .replaceAll('"GDS Transport",', '')
    .replace(/url\(\/assets\/images\/govuk-crest\.svg\)/g, 'none')
    .replaceAll('url(/assets/images/', 'url(images/')
    .replace(/\n?\/\*# sourceMappingURL=.*?\*\//g, '');
}

for (const path of [`${moj}/moj-frontend.min.css`, `${govuk}/govuk-frontend.min.css`]) {
  const css = withoutCrownProperty(readFileSync(path, 'utf8'));
  writeFileSync(`${out}/${path.split('/').pop()}`, css);
}
for (const image of readdirSync(`${moj}/assets/images`)) {
  if (image.startsWith('icon-')) cpSync(`${moj}/assets/images/${image}`, `${out}/images/${image}`);
}
cpSync('src/favicon.svg', `${out}/images/favicon.svg`);

const { metafile } = await build({
  entryPoints: ['site', 'viewer', 'modeler', 'dmn', 'form'].map((name) => `src/${name}.js`),
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'linked',
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'fonts/[name]-[hash]',
  loader: { '.woff': 'file', '.woff2': 'file', '.svg': 'file', '.ttf': 'file', '.eot': 'file' },
  jsx: 'automatic',
  jsxImportSource: '@bpmn-io/properties-panel/preact',
  logLevel: 'warning',
  metafile: true,
});

// The licences of everything bundled travel with it.
const packages = new Set([govuk, moj, ...Object.keys(metafile.inputs)]
  .map((path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return `${name} ${version} (${license ?? 'see below'})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8') : ''}`;
});
writeFileSync(`${out}/licences.txt`, licences.join('\n\n========\n\n'));
