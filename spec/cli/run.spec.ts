import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '../..')

interface Answer {
  readonly status: number | null
  readonly output: string
  readonly errors: string
}

describe('perdure run', function () {
  this.timeout(30_000)
  // Inside the package, so that modules in it find `perdure` by its name.
  let folder: string

  before(() => {
    const cache = join(root, 'node_modules/.cache')
    mkdirSync(cache, { recursive: true })
    folder = mkdtempSync(join(cache, 'perdure-run-'))
  })

  after(() => rmSync(folder, { recursive: true }))

  /** A module of its own for one spec; what it says of the world is `scenario`. */
  function workflow(name: string, body: string): string {
    const file = join(folder, `${name}.mjs`)
    const door = relative(folder, join(root, 'lib/index.ts'))
    writeFileSync(
      file,
      `import { driver, retry, step, wait, waitForCallback, createCallback } from '${door}'
       export function* workflow(input) { ${body} }
       export const handler = driver.lambdaHandler(workflow)
       export const forty = 42
      `,
    )
    return relative(root, file)
  }

  describe('without an argument', () => {
    it('runs the checkout from start to end, and through a crash', async () => {
      const { status, output, errors } = await perdure('run')

      const lines = output.split('\n')
      expect(lines[0]).to.equal('samples/checkout.ts with {"id":"order-17","amount":4200}')
      expect(lines).to.include('  crashed    when 1 step "charge" was done and not yet recorded')
      expect(lines.filter((line) => line.startsWith('invocation'))).to.have.length(5)
      expect(lines.at(-2)).to.equal(
        'SUCCEEDED  {"payment":"pay-order-17","tracking":"track-order-17","approvedBy":"Alex"}',
      )
      expect({ status, errors }).to.deep.equal({ status: 0, errors: '' })
    })
  })

  describe('told what the world is like', () => {
    it('takes another file and another input', async () => {
      const { status, output } = await perdure(
        'run',
        'samples/hello.ts',
        '--input',
        '{"name":"Bo"}',
      )

      expect(output).to.match(/^samples\/hello\.ts with \{"name":"Bo"\}\n/)
      expect(output).to.match(/SUCCEEDED {2}\{"greeting":"Hello, Bo!","day":"2026-01-01"\}\n$/)
      expect(status).to.equal(0)
    })

    it('answers a callback otherwise than the scenario', async () => {
      const { output } = await perdure('run', '--callback', 'approve={"ok":false,"by":"Kim"}')

      expect(output).to.include('"refunded":true,"reason":"declined by Kim"')
    })

    it('leaves a callback open on demand', async () => {
      const { output, status } = await perdure('run', '--callback', 'approve=')

      expect(output).to.include('"refunded":true,"reason":"CALLBACK_TIMED_OUT"')
      expect(status).to.equal(0)
    })

    it('crashes where it is told, once at each', async () => {
      const file = workflow(
        'crashes',
        `yield* step('a', () => 1); return yield* step('b', () => 2)`,
      )
      const { output, status } = await perdure('run', file, '--crash', 'a', '--crash', 'b')

      expect(output.match(/crashed {4}when \d step "\w"/g)).to.deep.equal([
        'crashed    when 1 step "a"',
        'crashed    when 2 step "b"',
      ])
      expect(output).to.match(/SUCCEEDED {2}2\n$/)
      expect(status).to.equal(0)
    })

    it('points at crashes and answers that nothing came of', async () => {
      const { output } = await perdure('run', '--crash', 'chrage', '--callback', 'aprove=1')

      expect(output.split('\n').slice(-4, -2)).to.deep.equal([
        'No crash: no step "chrage" was done.',
        'No answer: no callback "aprove" was made.',
      ])
    })
  })

  describe('on a workflow that does not succeed', () => {
    it('shows the error and exits with 1', async () => {
      const file = workflow('fails', `throw new RangeError('too far')`)
      const { output, status } = await perdure('run', file)

      expect(output).to.match(/\nFAILED {2}RangeError: too far\n$/)
      expect(status).to.equal(1)
    })

    it('says which callback has no answer, and how to give one', async () => {
      const file = workflow('asks', `return yield* waitForCallback("the boss", () => {})`)
      const { output, status } = await perdure('run', file)

      expect(output.split('\n').slice(-3)).to.deep.equal([
        'RUNNING  nothing more can happen: callback "the boss" has no answer.',
        `Give it one: --callback 'the boss'='{"ok":true}'`,
        '',
      ])
      expect(status).to.equal(1)
    })

    it('calls a callback without a name by its id, and takes the answer by it', async () => {
      const file = workflow('unnamed', `return yield* (yield* createCallback()).result`)
      const open = await perdure('run', file)
      const answered = await perdure('run', file, '--callback', '1="yes"')

      expect(open.output).to.include('callback "1" has no answer')
      expect(answered.output).to.match(/SUCCEEDED {2}"yes"\n$/)
    })

    it('tells what an invocation died of, and gives up as the service does', async () => {
      const file = workflow('exits', `yield* step('leave', () => process.exit(3))`)
      const { output, status } = await perdure('run', file)

      const death = '  died       in 1 step "leave": Runtime exited with error: exit status 3'
      expect(output.split('\n').filter((line) => line === death)).to.have.length(4)
      expect(output).to.include('\nFAILED  Runtime.ExitError: ')
      expect(status).to.equal(1)
    })

    it('says so when a body waits for something that never comes', async () => {
      const file = workflow('hangs', `yield* step('hang', () => new Promise(() => {}))`)
      const { output, errors, status } = await perdure('run', file)

      expect(output).to.match(/\nRUNNING {2}a body waits for something that never comes/)
      expect({ errors, status }).to.deep.equal({ errors: '', status: 1 })
    })

    it('does not wait for ever', async () => {
      const file = workflow('loops', `for (;;) yield* wait('200d')`)
      const { output, status } = await perdure('run', file)

      expect(output).to.match(/\nRUNNING {2}nothing more has come of it within a virtual year\n$/)
      expect(status).to.equal(1)
    })
  })

  describe('on what it cannot run', () => {
    const refusals: readonly { args: readonly string[]; says: RegExp }[] = [
      { args: ['nowhere.ts'], says: /^There is no file nowhere\.ts\.\n$/ },
      { args: ['samples'], says: /^There is no file samples\.\n$/ },
      { args: ['README.md'], says: /^README\.md cannot be loaded|cannot load README\.md/ },
      {
        args: ['lib/kernel/version.ts'],
        says: /exports no function handler; it exports version\.\nExport the handler/,
      },
      {
        args: ['samples/hello.ts', '--handler', 'hello'],
        says: /^hello of samples\/hello\.ts is a workflow.*\n.*driver\.lambdaHandler\(hello\)\n$/,
      },
      { args: ['--input', '{bad'], says: /^--input takes JSON, such as .*, got \{bad\n/ },
      { args: ['--callback', 'approve'], says: /^--callback takes name=json, .*, got approve\n$/ },
      { args: ['--callback', 'approve=yes'], says: /^--callback takes JSON, .*, got yes\n/ },
      { args: ['--input'], says: /^error: option '--input <json>' argument missing\n/ },
      { args: ['--bogus'], says: /^error: unknown option '--bogus'\n\(--help shows/ },
      { args: ['samples/hello.ts', 'again'], says: /^error: too many arguments/ },
    ]

    let answers: readonly Answer[]

    before(async () => {
      answers = await Promise.all(refusals.map(({ args }) => perdure('run', ...args)))
    })

    for (const [i, { args, says }] of refusals.entries()) {
      it(`explains itself without a stack and exits with 2: ${args.join(' ')}`, () => {
        const { status, output, errors } = answers[i] as Answer

        expect(errors).to.match(says)
        expect({ status, output }).to.deep.equal({ status: 2, output: '' })
      })
    }

    it('explains without a stack what is wrong with a scenario', async () => {
      const file = workflow('slips', `yield* wait('1s')`)
      appendFileSync(join(root, file), 'export const scenario = { callbacks: { approve: true } }')
      const { status, errors } = await perdure('run', file)

      expect(errors).to.match(/^Expected `callbacks\.approve` to be .*, got true \(boolean\)\.\n$/)
      expect(status).to.equal(2)
    })

    it('shows the stack of a module that breaks while it is loaded', async () => {
      const file = join(folder, 'breaks.mjs')
      writeFileSync(file, `throw new Error('broken from the start')`)
      const { status, errors } = await perdure('run', file)

      expect(errors).to.match(
        /cannot be loaded: Error: broken from the start\n +at .*breaks\.mjs:1/,
      )
      expect(status).to.equal(2)
    })
  })
})

describe('perdure', function () {
  this.timeout(30_000)

  it('lists its options and exits with 0', async () => {
    const { status, output } = await perdure('run', '--help')

    expect(output).to.match(/^Usage: perdure run \[options\] \[file\]\n/)
    for (const option of ['--input', '--handler', '--callback', '--crash']) {
      expect(output).to.include(`  ${option} <`)
    }
    expect(status).to.equal(0)
  })

  it('knows its version', async () => {
    const { status, output } = await perdure('--version')

    expect({ status, output }).to.deep.equal({ status: 0, output: '0.1.0\n' })
  })

  it('refuses a command that it does not know', async () => {
    const { status, errors } = await perdure('walk')

    expect(errors).to.include(`unknown command 'walk'`)
    expect(status).to.equal(2)
  })
})

function perdure(...args: readonly string[]): Promise<Answer> {
  const flags = ['--import=tsx', '--conditions=source', 'lib/cli/main.ts']
  const child = spawn(process.execPath, [...flags, ...args], { cwd: root })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, output, errors }))
  })
}
