import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { expect } from 'chai'
import { saveSpec, type SavedSpec } from '../../../lib/cli/views/save/save-spec.ts'
import { UsageError } from '../../../lib/cli/usage-error.ts'
import { run } from '../../../lib/testing/runner/run.ts'
import type { Scenario } from '../../../lib/testing/scenario.ts'
import { cutAfter, executionOf, samples, type Given } from './samples.ts'
import * as troubles from './troubles.ts'

const root = join(import.meta.dirname, '../../..')

const troubleWorlds: Readonly<Record<string, Scenario>> = {
  overdrawn: { input: { amount: 3 } },
  bounced: {
    callbacks: { reply: { after: '2s', fail: { type: 'Bounced', message: "it's back" } } },
  },
  spread: {},
  asked: {
    functions: {
      stock: () => {
        throw new Error('no stock')
      },
    },
  },
  plainText: { callbacks: { word: { succeed: 'yes  ', serdes: { serialize: String } } } },
  thrice: { callbacks: { again: [{ succeed: 1 }, 'timeout', { after: '5s', succeed: 3 }] } },
  undoing: {},
}

describe('an execution saved as a spec', function () {
  this.timeout(120_000)
  // Inside the package, so that modules in it find `perdure` by its name; what is in there is nobody's.
  let folder: string

  before(() => {
    const outputs = join(root, 'coverage')
    mkdirSync(outputs, { recursive: true })
    folder = mkdtempSync(join(outputs, 'save-'))
  })

  after(() => rmSync(folder, { recursive: true }))

  function save(name: string, given: Given, subject: string): SavedSpec {
    const saved = saveSpec(given, {
      subject: subject.split(sep).join('/'),
      specFile: join(folder, `${name}.spec.ts`).split(sep).join('/'),
    })
    writeFileSync(saved.specFile, saved.specText)
    writeFileSync(saved.historyFile, saved.historyText)
    return saved
  }

  it('runs green, whichever sample it is of, and however it ended', async () => {
    for (const name of Object.keys(samples)) {
      save(name, await executionOf(name), join(root, 'samples', `${name}.ts#handler`))
    }
    save(
      'declined',
      await executionOf('retries', { input: { card: '9000', amount: 5 } }),
      join(root, 'samples/retries.ts#handler'),
    )
    save(
      'refused',
      await executionOf('checkout', { input: { id: 17 } }),
      join(root, 'samples/checkout.ts'),
    )
    for (const [name, scenario] of Object.entries(troubleWorlds)) {
      const handler = troubles[name as keyof typeof troubles]
      const { executionArn, events, status } = await run(handler, scenario)
      const given = {
        DurableExecutionArn: executionArn,
        DurableExecutionName: name,
        Status: status,
        Events: events,
      }
      save(name, given, join(root, `spec/cli/views/troubles.ts#${name}`))
    }

    const { passed, output } = await mocha(folder)

    const files = readdirSync(folder).filter((file) => file.endsWith('.spec.ts'))
    expect(passed, output).to.equal(files.length * 2)
  })
})

describe('saving', () => {
  const options = { subject: 'samples/checkout.ts#handler', specFile: 'spec/order.spec.ts' }

  it('imports the workflow from where the spec is to be', async () => {
    const { specText, historyFile } = saveSpec(await executionOf('checkout'), options)

    expect(specText).to.include(`import { handler } from '../samples/checkout.ts'`)
    expect(historyFile).to.equal('spec/order.history.json')
  })

  it('has an answer in place of each body, of a submitter by the name of what it is in', async () => {
    const { specText } = saveSpec(await executionOf('checkout'), options)

    expect(specText).to.match(/charge: \(\) => \(\{.*\}\),\n *approve: \(\) => undefined,/)
  })

  it('leaves out the run of an execution that is not over, and says so', async () => {
    const given = cutAfter(await executionOf('checkout'), 6)
    const { specText, remarks } = saveSpec(given, options)

    expect(specText).not.to.include('await run(')
    expect(specText).to.include(`verdict: 'identical'`)
    expect(remarks).to.deep.equal(['The execution was not over when it was saved: no run of it.'])
  })

  it('refuses a history without its data', async () => {
    const given = await executionOf('hello')
    const Events = given.Events.map((event) => ({
      ...event,
      ...(event.StepSucceededDetails && {
        StepSucceededDetails: { ...event.StepSucceededDetails, Result: { Truncated: true } },
      }),
      ...(event.ExecutionStartedDetails && {
        ExecutionStartedDetails: { ...event.ExecutionStartedDetails, Input: { Truncated: true } },
      }),
    }))

    expect(() => saveSpec({ ...given, Events }, options)).to.throw(UsageError, 'without its data')
  })
})

function mocha(folder: string): Promise<{ passed: number; output: string }> {
  const bin = join(root, 'node_modules/mocha/bin/mocha.js')
  const loader = ['--import', 'tsx', '--conditions=source']
  const options = ['--no-config', '--no-package', '--reporter', 'json']
  const child = spawn(
    process.execPath,
    [...loader, bin, ...options, `${relative(root, folder)}/*.spec.ts`],
    { cwd: root },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve) => {
    child.on('close', () => {
      const passes = /"passes": (\d+)/.exec(output)?.[1] ?? '0'
      const failures = [...output.matchAll(/"(?:fullTitle|message)": "(.*)"/g)].map(([, it]) => it)
      resolve({
        passed: Number(passes),
        output: process.env['WHOLE'] ? output : `${failures.join('\n')}\n${output.slice(0, 300)}`,
      })
    })
  })
}
