// What the modellers' own libraries say of model files: warnings on opening, what bpmnlint tells, and the file
// as it is saved again. Usage: node modeller.mjs FILE…; answers {file: {warnings, lint, saved}} as JSON.
import { readFileSync } from 'node:fs'
import { BpmnModdle } from 'bpmn-moddle'
import { Linter } from 'bpmnlint'
import NodeResolver from 'bpmnlint/lib/resolver/node-resolver.js'
import { DmnModdle } from 'dmn-moddle'
import modeler from 'modeler-moddle/resources/modeler.json' with { type: 'json' }
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }

// A linter for each file, as rules remember what they have seen; Camunda's by the version the file is pinned to.
function linterOf(definitions) {
  const [major, minor] = definitions.get('modeler:executionPlatformVersion').split('.')
  return new Linter({
    config: {
      extends: ['bpmnlint:recommended', `plugin:camunda-compat/camunda-cloud-${major}-${minor}`],
      // Two of its warnings are off: our engine joins inclusive gateways, and merges flows where BPMN says so.
      rules: { 'no-inclusive-gateway': 'off', 'fake-join': 'off' },
    },
    resolver: new NodeResolver(),
  })
}

async function opened(file) {
  const isDiagram = file.endsWith('.bpmn')
  const moddle = isDiagram ? new BpmnModdle({ zeebe, modeler }) : new DmnModdle()
  const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, 'utf8'))
  const reports = isDiagram ? await linterOf(rootElement).lint(rootElement) : {}
  const { xml } = await moddle.toXML(rootElement, { format: true })
  return {
    warnings: warnings.map(warning => warning.message),
    lint: Object.entries(reports).flatMap(([rule, found]) => found.map(({ id, message }) => `${rule}: ${id}: ${message}`)),
    saved: xml,
  }
}

const answers = {}
for (const file of process.argv.slice(2)) answers[file] = await opened(file)
process.stdout.write(JSON.stringify(answers))
