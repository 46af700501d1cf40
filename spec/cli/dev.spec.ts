import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'chai'
import { dev, stopAll, typed } from './typed.ts'

const root = join(import.meta.dirname, '../..')

describe('perdure dev', function () {
  this.timeout(30_000)
  let folder: string

  before(() => {
    mkdirSync(join(root, 'coverage'), { recursive: true })
    folder = mkdtempSync(join(root, 'coverage/dev-'))
  })

  // One that failed must not keep the others waiting for its service to end.
  afterEach(stopAll)

  after(() => rmSync(folder, { recursive: true }))

  function write(name: string, text: string): string {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }

  const workflow = (second: string) =>
    `import { driver, step, wait } from 'perdure'
     export function* order() {
       yield* step('charge', () => 42)
       yield* ${second}
       return 'sent'
     }
     export const handler = driver.lambdaHandler(order)
    `

  it('goes on at the next start where it was ended', async () => {
    const file = write('kept.ts', workflow(`wait('cooling-off', '1d')`))
    const args = [file, '--store', join(folder, 'kept.db'), '--clock', 'hand', '--json']
    const first = await dev(...args)
    await first.type('invoke', 'kept', '--async', '--name', 'k-1')
    await first.typing.says('"kind":"suspended"')
    const ended = await first.stop()

    const second = await dev(...args)
    await second.type('time', 'next')
    await second.typing.says('"kind":"ended"')
    const { out } = await second.stop()

    expect({ code: ended.code, err: ended.err }).to.deep.equal({
      code: 0,
      err: 'Ending; what runs goes on at the next start. Ctrl-C again ends at once.\n',
    })
    const last = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as object
    expect(last).to.deep.include({ execution: 'k-1', status: 'SUCCEEDED', function: 'kept' })
  })

  it('takes up changed code, and tells of executions that would diverge with it', async () => {
    const file = write('changed.ts', workflow(`wait('cooling-off', '1d')`))
    const beside = write('beside.mjs', 'export const handler = async () => 1')
    const service = await dev(file, beside, '--store', ':memory:', '--clock', 'hand', '--watch')
    await service.type('invoke', 'changed', '--async', '--name', 'c-1')
    await service.typing.says('suspended until')
    write('beside.mjs', 'export const handler = async () => 2')
    await service.typing.says('  beside  reloaded')

    write('changed.ts', workflow(`step('mail', () => 1)`))
    await service.typing.says('would diverge')
    const { out: result } = await service.type('invoke', 'changed')
    write('changed.ts', 'export const = 1')
    await service.typing.says('go on as they were')
    const { out } = await service.stop()

    const at = `at operation 2 the history has wait "cooling-off", the code step "mail"`
    expect(out).to.match(/ {2}changed {2}reloaded\n/)
    expect(out).to.include(`changed/c-1  would diverge with the new code: ${at}, at `)
    expect(out).to.match(/changed\.ts:4\b/)
    expect(result).to.equal('"sent"\n')
    expect(out.match(/ {2}changed {2}reloaded\n/g)).to.have.length(1)
  })

  it('hosts what it can when another module cannot be loaded', async () => {
    const broken = write('broken.ts', 'export const = 1')
    const plain = write('plain.mjs', 'export const handler = async () => process.env.GREETING')
    const named = `greet=${plain}#handler`
    const service = await dev(broken, named, '--store', ':memory:', '--env', 'GREETING=hello')
    const { out } = await service.type('invoke', 'greet')
    const { err } = await service.stop()

    expect(out).to.equal('"hello"\n')
    expect(err).to.match(/^\S+broken\.ts cannot be loaded: .*\n.*ERROR: Expected identifier/)
    expect(err).not.to.include('node_modules')
  })

  it('hosts programs that speak the Runtime API', async () => {
    const answer = 'process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/"'
    const program = write(
      'program.mjs',
      `const api = 'http://' + ${answer}
       for (;;) {
         const next = await fetch(api + 'next')
         const id = next.headers.get('lambda-runtime-aws-request-id')
         const body = JSON.stringify({ heard: await next.json() })
         await fetch(api + id + '/response', { method: 'POST', body })
       }`,
    )
    const command = `echo=${process.execPath} ${program}`
    const service = await dev('--function', command, '--plain', 'echo', '--store', ':memory:')
    const { out } = await service.type('invoke', 'echo', '--input', '[1]')
    await service.stop()

    expect(out).to.equal('{"heard":[1]}\n')
  })

  it('refuses a store that another one has, or two functions of one name', async () => {
    const plain = write('twice.mjs', 'export const handler = async () => 1')
    const store = ['--store', join(folder, 'held.db')]
    const service = await dev(plain, ...store)
    const locked = await typed(['dev', plain, '--port', '0', ...store])
    const twice = await typed(['dev', plain, plain, '--port', '0', '--store', ':memory:'])
    await service.stop()

    expect(locked.err).to.match(/is in use by another process.*\nAnother file: --store FILE/)
    expect(twice.err).to.match(/^Two functions are called twice: /)
    expect([locked.code, twice.code]).to.deep.equal([2, 2])
  })

  it('is a process that Ctrl-C ends well in the middle of an invocation, and keeps its state out of version control', async () => {
    const plain = write(
      'whole.mjs',
      'export const handler = () => new Promise(() => setInterval(() => {}, 9))',
    )
    const main = join(root, 'lib/cli/main.ts')
    const args = ['--import=tsx', '--conditions=source', main, 'dev', relative(folder, plain)]
    const child = spawn(process.execPath, [...args, '--port', '0'], { cwd: folder })
    let said = ''
    const ended = new Promise((resolve) => child.on('close', resolve))
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Ctrl-C ends it')) resolve()
      })
    })
    const [url = ''] = /http:\S+/.exec(said) ?? []
    const call = fetch(`${url}/2015-03-31/functions/whole/invocations`, { method: 'POST' })
    call.catch(() => {})
    const env = { AWS_ENDPOINT_URL_LAMBDA: url }
    while (!(await typed(['list', '--processes'], env)).out.includes('busy'));
    child.kill('SIGINT')

    expect(await ended).to.equal(0)
    expect(said).to.match(/ {2}state {2}\.perdure.state\.db\n/)
    expect(readFileSync(join(folder, '.perdure/.gitignore'), 'utf8')).to.equal('*\n')
  })
})
