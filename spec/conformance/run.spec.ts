import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect } from 'chai'

import { TemporaryFolder } from './temporary-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Ended {
  code: number | null
  output: string
  errors: string
}

/** Runs the command as `npm run conformance` does. */
function conformance(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=source', 'spec/conformance/run.ts', ...args],
      { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } },
    )
    const ended: Ended = { code: null, output: '', errors: '' }
    child.stdout.on('data', (chunk: Buffer) => (ended.output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (ended.errors += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}

const greeting = `
description: A greeting
Input: ada
ExpectedResult: { ExecutionStatus: SUCCEEDED, Result: 'Hello, ada!' }
`

const handlers = `
  import { step, wait, type WorkflowContext } from 'perdure'
  import { create, string } from 'superstruct'
  import { greeting } from './greeting.ts'

  function* crash() {
    return yield* step(() => process.exit(0), { semantics: 'at-most-once' })
  }
  function* greet(input: unknown, { log }: WorkflowContext) {
    log.info('about to greet')
    console.log('this is not for the terminal')
    const name: string = create(input, string())
    yield* wait('1h')
    return yield* step(() => greeting(name))
  }
  setInterval(() => {}, 1000)
  export const handlers = { '1-1': { workflow: greet }, '1.2': { workflow: greet }, '2-2': { workflow: crash } }
`

describe('the conformance command', function () {
  this.timeout(60_000)

  const folder = new TemporaryFolder({
    'requirements/step/1-1.yaml': greeting,
    'requirements/step/1-2.yaml': greeting.replace('Hello', 'Goodbye'),
    'requirements/step/1-3.yaml': greeting,
    'requirements/wait/2-1.yaml': greeting,
    'handlers/step.ts': handlers,
    'handlers/greeting.ts': 'export const greeting = (name: string): string => `Hello, ${name}!`\n',
    'crashing/wait/2-2.yaml': greeting,
    'broken/step.ts': 'export const handlers = { "1-1": 7 }\n',
  })
  after(() => folder.dispose())

  const at = (path: string) => join(folder.path, path)

  it('runs handlers from outside the package, and tells failed from uncovered', async () => {
    const { code, output, errors } = await conformance(
      at('requirements'),
      '--handlers',
      at('handlers'),
    )

    expect(errors).to.equal('')
    expect(output.split('\n')).to.deep.equal([
      'id   title       suite  outcome    first difference',
      '1-1  A greeting  step   PASSED',
      '1-2  A greeting  step   FAILED     expected Result to be "Goodbye, ada!", got "Hello, ada!"',
      '1-3  A greeting  step   UNCOVERED',
      '2-1  A greeting  wait   UNCOVERED',
      '',
      '4 requirements: 1 passed, 1 failed, 2 uncovered',
      '',
    ])
    expect(code).to.equal(1)
  })

  it('plays over HTTP where asked to', async () => {
    const { code, output, errors } = await conformance(
      at('requirements/step'),
      '--http',
      '--handlers',
      at('handlers'),
    )

    expect(errors).to.equal('')
    expect(output).to.contain('3 requirements: 1 passed, 1 failed, 1 uncovered')
    expect(code).to.equal(1)
  })

  it('exits with 0 where all passed, though a handler keeps the process busy', async () => {
    const { code } = await conformance(
      at('requirements/step/1-1.yaml'),
      '--handlers',
      at('handlers'),
    )

    expect(code).to.equal(0)
  })

  it('exits with 3 where ids are merely uncovered, unless that is allowed', async () => {
    const args = [at('requirements'), '--suite', 'wait', '--handlers', at('handlers')]
    const [strict, lenient] = await Promise.all([
      conformance(...args),
      conformance(...args, '--allow-uncovered'),
    ])

    expect([strict.code, lenient.code]).to.deep.equal([3, 0])
    expect(lenient.output).to.contain('1 requirement: 0 passed, 0 failed, 1 uncovered')
  })

  it('exits with its own code where a handler exits with another', async () => {
    const { code, output } = await conformance(at('crashing'), '--handlers', at('handlers'))

    expect(output).to.contain('1 requirement: 0 passed, 1 failed')
    expect(code).to.equal(1)
  })

  it('takes the folder also after the suites', async () => {
    const { code, output } = await conformance(
      '--handlers',
      at('handlers'),
      '--suite',
      'wait',
      at('requirements'),
    )

    expect(code).to.equal(3)
    expect(output).to.contain('1 requirement: 0 passed')
  })

  it('shows histories and output where asked to', async () => {
    const { output } = await conformance(
      at('requirements/step/1-2.yaml'),
      '--verbose',
      '--handlers',
      at('handlers'),
    )

    expect(output).to.contain('  event     {"EventId":1,"EventType":"ExecutionStarted"')
    expect(output).to.contain('  output    this is not for the terminal')
  })

  const refused: [title: string, args: () => string[], message: RegExp][] = [
    ['no folder', () => [], /Expected a folder of requirement files/],
    ['a folder that is not there', () => [at('nowhere')], /no file or folder .*nowhere/],
    [
      'a suite that is not there',
      () => [at('requirements'), '--suite', 'step', 'map'],
      /no suite "map" in .*It holds: step, wait/,
    ],
    [
      'broken handlers',
      () => [at('requirements'), '--handlers', at('broken')],
      /broken\/step\.ts: handler 1-1: expected an object with a `workflow`, got number/,
    ],
    ['an unknown option', () => [at('requirements'), '--fast'], /unknown option '--fast'/],
  ]
  for (const [title, args, message] of refused) {
    it(`exits with 2 and says so for ${title}`, async () => {
      const { code, errors, output } = await conformance(...args())

      expect(errors).to.match(message)
      expect(output).to.equal('')
      expect(code).to.equal(2)
    })
  }
})
