import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { step, wait, type Coroutine } from '../../lib/index.ts'
import type { Verification } from '../../lib/testing/verify/verify.ts'
import { record, type Recorded } from '../testing/verify/support.ts'

const root = join(import.meta.dirname, '../..')

interface Answer {
  readonly status: number | null
  readonly output: string
  readonly errors: string
}

describe('perdure verify', function () {
  this.timeout(30_000)
  let folder: string
  let whole: Recorded

  before(async () => {
    const cache = join(root, 'node_modules/.cache')
    mkdirSync(cache, { recursive: true })
    folder = mkdtempSync(join(cache, 'perdure-verify-'))
    whole = await record(function* (): Coroutine<unknown> {
      yield* step('charge', () => 'ch-1')
      yield* wait('1h')
      return 'done'
    })
    const door = pathToFileURL(join(root, 'lib/index.ts')).href
    writeFileSync(
      join(folder, 'orders.mjs'),
      `import { driver, step, wait } from '${door}'
       const never = () => { throw new Error('A body was run.') }
       export function* order() { yield* step('charge', never); yield* wait('1h'); return 'done' }
       export function* longer() { const done = yield* order(); yield* step('thank', never); return done }
       export function* renamed() { yield* step('charge-card', never); yield* wait('1h'); return 'done' }
       export const handler = driver.lambdaHandler(order)
       export const late = async () => 'no handler'
       export const forty = 42
      `,
    )
  })

  after(() => rmSync(folder, { recursive: true }))

  /** A file of histories, by its path from the root. */
  function file(name: string, text: string): string {
    writeFileSync(join(folder, name), text)
    return relative(root, join(folder, name))
  }

  const named = (name: string) => `${relative(root, join(folder, 'orders.mjs'))}#${name}`

  it('shows that all is well and exits with 0', async () => {
    const one = file('one.json', JSON.stringify(whole, null, 2))
    const lines = file('many.jsonl', `${JSON.stringify(whole)}\n${JSON.stringify(whole)}\n`)
    const { status, output, errors } = await perdure(one, lines, '--workflow', named('order'))

    expect(output.trimEnd().split('\n')).to.deep.equal([
      `identical      ${one} (2 operations, SUCCEEDED)`,
      `identical      ${lines} #1 (2 operations, SUCCEEDED)`,
      `identical      ${lines} #2 (2 operations, SUCCEEDED)`,
      '',
      '3 identical',
    ])
    expect({ status, errors }).to.deep.equal({ status: 0, errors: '' })
  })

  it('takes the handler where no export is named', async () => {
    const one = file('one.json', JSON.stringify(whole))
    const [module = ''] = named('').split('#')
    const { status, output } = await perdure(one, '--workflow', module)

    expect(output).to.match(/\n1 identical\n$/)
    expect(status).to.equal(0)
  })

  it('exits with 0 where the code only goes on past the end', async () => {
    const one = file('one.json', JSON.stringify(whole))
    const { status, output } = await perdure(one, '--workflow', named('longer'))

    expect(output).to.include('  goes on with 3 step "thank"\n')
    expect(status).to.equal(0)
  })

  it('shows both sides and the line where code and records part, and exits with 1', async () => {
    const one = file('one.json', JSON.stringify(whole))
    const { status, output } = await perdure(one, '--workflow', named('renamed'))

    expect(output).to.include(`diverges       ${one}`)
    expect(output).to.include('  > 1 step "charge"   step "charge-card"\n')
    expect(output).to.match(/ {2}code at \S*orders\.mjs:5:\d+\n/)
    expect(status).to.equal(1)
  })

  it('shows the line, too, where the code brings its own copy of perdure', async () => {
    cpSync(join(root, 'lib'), join(folder, 'copy'), { recursive: true })
    writeFileSync(
      join(folder, 'bundled.mjs'),
      `import { step, wait } from './copy/index.ts'
       const never = () => { throw new Error('A body was run.') }
       export function* renamed() {
         yield* step('charge-card', never)
       }
       export function* longer() { yield* step('charge', never); yield* wait('1h'); return 'done' }
      `,
    )
    const one = file('one.json', JSON.stringify(whole))
    const bundled = (name: string) => `${relative(root, join(folder, 'bundled.mjs'))}#${name}`
    const renamed = await perdure(one, '--workflow', bundled('renamed'))
    const longer = await perdure(one, '--workflow', bundled('longer'))

    expect(renamed.output).to.match(/ {2}code at \S*bundled\.mjs:4:\d+\n/)
    expect(renamed.status).to.equal(1)
    expect(longer.output)
      .to.match(/^identical/)
      .and.not.to.include('never yielded')
  })

  it('exits with 1 where a history cannot be read, and says what to do', async () => {
    const cut = file('cut.json', JSON.stringify({ ...whole, NextMarker: 'm' }))
    const none = file('none.json', '[]')
    const { status, output } = await perdure(cut, none, '--workflow', named('order'))

    expect(output).to.match(
      /unreadable {5}\S*cut\.json\n {2}The last page of Events has a NextMarker/,
    )
    expect(output).to.match(/unreadable {5}\S*none\.json\n/)
    expect(status).to.equal(1)
  })

  it('writes JSON for other programs', async () => {
    const one = file('one.json', JSON.stringify(whole))
    const { status, output } = await perdure(one, '--workflow', named('renamed'), '--json')
    const { histories, counts, isSafe } = JSON.parse(output) as Verification

    expect({ isSafe, diverges: counts.diverges }).to.deep.equal({ isSafe: false, diverges: 1 })
    expect(histories[0]?.differences[0]).to.include({ id: '1', journal: 'step "charge"' })
    expect(status).to.equal(1)
  })

  it('writes the report to a file', async () => {
    const one = file('one.json', JSON.stringify(whole))
    const out = relative(root, join(folder, 'report.md'))
    const { output } = await perdure(one, '--workflow', named('order'), '--out', out)
    const page = readFileSync(join(root, out), 'utf8')

    expect(page).to.match(/^# Recorded executions against the code\n\n1 history\. All of them may/)
    expect(page).to.include(`\`\`\`text\n${output}\`\`\`\n`)
  })

  describe('on what it cannot verify', () => {
    const refusals: readonly { of: string; args: () => readonly string[]; says: RegExp }[] = [
      {
        of: 'no file',
        args: () => ['nowhere.json', '--workflow', named('order')],
        says: /^nowhere\.json cannot be read: ENOENT/,
      },
      {
        of: 'no workflow',
        args: () => ['package.json'],
        says: /^Name the workflow: --workflow MODULE#EXPORT/,
      },
      {
        of: 'no history',
        args: () => ['--workflow', named('order')],
        says: /^Name files with histories, or executions: /,
      },
      {
        of: 'no such module',
        args: () => ['package.json', '--workflow', 'nowhere.mjs#order'],
        says: /^There is no file nowhere\.mjs\.\n$/,
      },
      {
        of: 'no such export',
        args: () => ['package.json', '--workflow', named('forty')],
        says: /exports no function forty; it exports .*\nName what it exports: --workflow \S+#NAME\n$/,
      },
      {
        of: 'a function that is neither',
        args: () => ['package.json', '--workflow', named('late')],
        says: /#late is nothing to verify\. Expected `workflow` to be a workflow/,
      },
      {
        of: 'a report that cannot be written',
        args: () => ['package.json', '--workflow', named('order'), '--out', 'nowhere/report.md'],
        says: /^nowhere\/report\.md cannot be written: ENOENT/,
      },
    ]
    for (const { of, args, says } of refusals) {
      it(`explains itself and exits with 2: ${of}`, async () => {
        const { status, output, errors } = await perdure(...args())

        expect(errors).to.match(says)
        expect({ status, output }).to.deep.equal({ status: 2, output: '' })
      })
    }
  })
})

function perdure(...args: readonly string[]): Promise<Answer> {
  const flags = ['--import=tsx', '--conditions=source', 'lib/cli/main.ts', 'verify']
  const child = spawn(process.execPath, [...flags, ...args], { cwd: root })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, output, errors }))
  })
}
