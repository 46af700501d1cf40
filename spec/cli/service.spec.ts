import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'chai'
import { dev, typed, type Dev } from './typed.ts'

const root = join(import.meta.dirname, '../..')
const order = ['--input', '{"id":"o-1","amount":42}']

describe('the command line, with a local service', function () {
  this.timeout(30_000)
  let service: Dev
  // Inside the package, so that modules in it find `perdure` by its name.
  let folder: string

  before(async () => {
    mkdirSync(join(root, 'coverage'), { recursive: true })
    folder = mkdtempSync(join(root, 'coverage/cli-'))
    service = await dev(
      ...['samples/checkout.ts', 'samples/shipping.ts', 'samples/hello.ts'],
      ...['--store', ':memory:', '--clock', 'hand'],
    )
  })

  after(async () => {
    await service.stop()
    rmSync(folder, { recursive: true })
  })

  const said = async (...args: string[]) => (await service.type(...args)).out.trimEnd()
  const json = async (...args: string[]) =>
    JSON.parse(await said(...args, '--json')) as Record<string, unknown>

  it('says what is hosted, and what to type next', () => {
    const out = service.typing.out()

    expect(out).to.match(/ {2}checkout +durable +samples\/checkout\.ts#handler\n/)
    expect(out).to.match(/ {2}shipping +plain +samples\/shipping\.ts#handler\n/)
    expect(out).to.include(`perdure invoke checkout --endpoint ${service.url} --input '{}'`)
  })

  it('takes a newcomer from the start of an execution to its result', async () => {
    const invoked = service.start('invoke', 'checkout', ...order, '--name', 'first')
    await invoked.says('waits for wait "cooling-off" (2)')

    expect(await said('time', '+1d')).to.match(/^It is .*\n {2}.*Z {2}first {2}wait "cooling-off"$/)
    await invoked.says('perdure callback')
    const [, hint] = /\n {2}(perdure callback .*)\n/.exec(invoked.err()) ?? []
    expect(hint).to.equal(`perdure callback succeed first --result '{}' --endpoint ${service.url}`)
    expect(
      await said('callback', 'succeed', 'first', '--result', '{"ok":true,"by":"Alex"}'),
    ).to.equal('Callback "approve" of first: answered.')

    const { code, out } = await invoked.ended
    expect(JSON.parse(out)).to.deep.equal({
      payment: 'pay-o-1',
      tracking: 'track-o-1',
      approvedBy: 'Alex',
    })
    expect(code).to.equal(0)
    const told = service.typing
      .out()
      .split('\n')
      .filter((line) => line.includes('checkout/first') && !line.includes('| '))
      .map((line) => line.slice(16).replace(/\d{4}-\S+ \S+Z/, 'TIME'))
    expect(told).to.deep.equal([
      'checkout/first  started with {"id":"o-1","amount":42}',
      'checkout/first  suspended until TIME for wait "cooling-off"',
      `checkout/first  waits for callback "approve": ${hint}`,
      'checkout/first  suspended for invoke "shipping"',
      'checkout/first  SUCCEEDED after 1 d  {"payment":"pay-o-1","tracking":"track-o-1","approvedBy":"Alex"}',
    ])
  })

  it('shows an execution in all its ways', async () => {
    expect(await said('list', 'checkout')).to.match(/^SUCCEEDED {2}first {2}checkout .* took 1 d$/)
    expect(await said('list', '--status', 'failed')).to.equal('')
    expect(await said('show', 'first')).to.match(/\n {2}step "charge" \(1\) +succeeded/)
    expect(await said('history', 'fir')).to.match(/^ 1 .*ExecutionStarted/)
    expect(await said('explain', 'first')).to.match(/^first succeeded at .*, after 1 d, with /)
    expect(await said('logs', 'first')).to.include('"message":"charged"')
    expect(await said('logs', 'checkout', '--platform')).to.include('START RequestId')
    expect(await said('logs', 'checkout')).not.to.include('START RequestId')
    expect(await said('list', '--functions')).to.match(/^checkout .*\nhello .*\nshipping +plain/)
    const { execution } = await json('show', 'last')
    expect(execution).to.deep.include({ name: 'first', status: 'SUCCEEDED' })
  })

  it('counts what it cost', async () => {
    const cost = await json('cost', 'first', '--memory', '256')

    expect(cost).to.deep.include({ invocations: 4, memoryMegabytes: 256, billedOperations: 7 })
    expect(cost['checkpointCalls']).to.deep.include({ isCounted: true })
  })

  it('forks an execution, with another answer to a callback by its name', async () => {
    const { arn } = await json(
      ...['fork', 'first', '--from', 'approve', '--answer', '{"ok":false,"by":"Kim"}'],
      ...['--name', 'declined'],
    )
    const { out } = await service.type('invoke', 'checkout', ...order, '--name', 'declined')

    expect(arn).to.include('/durable-execution/declined/')
    expect(JSON.parse(out)).to.deep.include({ refunded: true, reason: 'declined by Kim' })
  })

  it('verifies executions against the code that is hosted', async () => {
    const { code, out } = await service.type('verify', '--function', 'checkout')

    expect(out).to.match(/^identical +declined .*\nidentical +first .*\n\n2 identical\n$/)
    expect(code).to.equal(0)
  })

  it('saves an execution as a spec, and writes over none', async () => {
    const out = relative(process.cwd(), join(folder, 'first.spec.ts'))
    const saved = await service.type('save', 'first', '--out', out)
    const again = await service.type('save', 'first', '--out', out)

    expect(saved.out.split('\n')).to.deep.equal([out, out.replace('.spec.ts', '.history.json'), ''])
    expect(readFileSync(out, 'utf8')).to.include(
      `import { handler } from '../../samples/checkout.ts'`,
    )
    expect(again.err).to.match(/are there already: name another with --out, or --force\.\n$/)
    expect(again.code).to.equal(2)
  })

  it('draws a workflow, and the way that an execution took', async () => {
    const choices = join(folder, 'choices.json')
    writeFileSync(
      choices,
      '{"charge":[{"succeed":{"id":"p"}}],"approve":[{"succeed":{"ok":true,"by":"A"}},"timeout"],"x":["timeout"]}',
    )
    const drawn = await service.type(
      ...['graph', 'samples/checkout.ts', '--choices', choices, '--execution', 'first'],
    )

    expect(drawn.err).to.equal('No operation has the name of these choices: x\n')
    expect(drawn.out).to.match(/^flowchart TD\n/)
    expect(drawn.out).to.include('-->|"timeout"|')
    expect(drawn.out).to.include('classDef visited')
  })

  it('stops an execution, with an error of its own', async () => {
    await service.type('invoke', 'checkout', ...order, '--name', 'stopped', '--async')

    expect(await said('stop', 'stopped', '--error', 'Sold: out of stock')).to.equal(
      'stopped is stopped.',
    )
    expect(await said('explain', 'stopped')).to.match(/was stopped .*, with Sold: out of stock/)
  })

  it('leaves an execution at Ctrl-C, and says how to look again', async () => {
    const invoked = service.start('invoke', 'checkout', ...order, '--name', 'left')
    await invoked.says('cooling-off')
    invoked.pressCtrlC()
    const { code, err } = await invoked.ended

    expect(err).to.include(`left goes on. Look again: perdure explain left`)
    expect(code).to.equal(1)
    expect(await json('show', 'left')).to.have.nested.property('execution.status', 'RUNNING')
  })

  it('follows the logs until Ctrl-C, with what is written meanwhile', async () => {
    const logs = service.start('logs', 'checkout', '--follow')
    await logs.says(' first ')
    await service.type('invoke', 'checkout', ...order, '--name', 'later', '--async')
    await logs.says(' later ')
    logs.pressCtrlC()

    const { code, out } = await logs.ended
    expect(code).to.equal(0)
    expect(out.match(/ first /g)).to.have.length(1)
  })

  it('calls plain functions, and says how they failed', async () => {
    const { code, out } = await service.type('invoke', 'shipping', '--input', '{"id":7}')
    const failed = await service.type('invoke', 'shipping', '--input', 'null')

    expect({ code, out }).to.deep.equal({ code: 0, out: '{"tracking":"track-7"}\n' })
    expect(failed.err).to.match(/^FAILED {2}TypeError: /)
    expect(failed.code).to.equal(1)
  })

  it('exits with 1 for an execution that failed, with its error', async () => {
    const { code, err, out } = await service.type('invoke', 'checkout', '--input', '{}')

    expect(err).to.match(/\nFAILED {2}InvalidInputError: .*id.*\n$/)
    expect({ code, out }).to.deep.equal({ code: 1, out: '' })
  })

  it('has faults befall calls, and takes them away', async () => {
    expect(await said('chaos', 'delay', '--milliseconds', '1', '--call', 'Invoke')).to.match(
      /^Fault 1 {2}delay {2}Invoke {2}for 1 ms\. Take it away: perdure chaos clear 1$/,
    )
    expect(await said('chaos', 'list')).to.equal('1  delay  Invoke  for 1 ms')
    expect(await said('chaos', 'clear', '1')).to.equal('1 fault less.')
    expect(await said('chaos', 'crash', '--function', 'hello')).to.equal('0 processes were killed.')
  })

  it('completes commands, options, functions and executions', async () => {
    const words = async (...args: string[]) => (await said('complete', '--', ...args)).split('\n')

    expect(await words('ex')).to.deep.equal(['explain'])
    expect(await words('callback', '')).to.deep.equal(['succeed', 'fail', 'heartbeat'])
    expect(await words('invoke', 's')).to.deep.equal(['shipping'])
    expect(await words('invoke', 'shipping', '--as')).to.deep.equal(['--async'])
    expect(await words('show', 'decl')).to.deep.equal(['declined'])
    expect(await words('verify', '--execution', 'fi')).to.deep.equal(['first'])
    expect(await words('show', 'arn:')).to.satisfy((found: string[]) =>
      found.every((one) => one.includes(':function:checkout:$LATEST/durable-execution/')),
    )
  })

  it('examines functions and what they need', async () => {
    const { out } = await service.type('doctor', '--function', 'checkout:$LATEST')

    expect(out).to.match(/ok +endpoint: http\S+ answers: with 3 functions\n/)
    expect(out).to.include('the role needs lambda:InvokeFunction on shipping')
  })

  describe('used by mistake', () => {
    const mistakes: readonly { type: string[]; says: RegExp }[] = [
      { type: ['invoke', 'chekout'], says: /^There is no function chekout; there are checkout, / },
      { type: ['list', 'chekout'], says: /^There is no function chekout; there are checkout, / },
      { type: ['invoke', 'hello', '--input', 'hi'], says: /^--input is not JSON: hi\n(.*\n)Text / },
      { type: ['show', 'frist'], says: /^There is no execution "frist". Did you mean\n {2}first / },
      { type: ['show', 'l'], says: /^"l" may be 2 executions; say more/ },
      {
        type: ['callback', 'succeed', 'first'],
        says: /^first, which is SUCCEEDED, waits for no c/,
      },
      { type: ['callback', 'succeed', 'first', '--result', 'yes'], says: /^--result is not JSON/ },
      { type: ['callback', 'fail', 'A'.repeat(80)], says: /^\w+Exception: .*callback/i },
      {
        type: ['fork', 'first', '--from', 'aprove'],
        says: /has no operation "aprove"\.\n {2}1 {2}s/,
      },
      { type: ['time', '2d'], says: /Did you mean \+2d\?\n$/ },
      { type: ['chaos', 'clear', '99'], says: /^There is no fault 99\.\n$/ },
      { type: ['logs', 'first', '--aws'], says: /works with the local service only/ },
      { type: ['list', '--status', 'done'], says: /^--status takes RUNNING, .*, got DONE\.\n$/ },
      { type: ['list', '--endpoint', 'here'], says: /^The endpoint is to be a URL such as/ },
      { type: ['verify'], says: /^Name files with histories, or executions/ },
      { type: ['show'], says: /^error: missing required argument 'execution'/ },
      {
        type: ['dev', 'nowhere.ts'],
        says: /^There is no file nowhere\.ts\.\nThere is nothing to /,
      },
      {
        type: ['dev', 'lib/kernel/version.ts'],
        says: /exports no handler; .*\nExport one: export/,
      },
      {
        type: ['dev', 'samples/hello.ts', '--clock', 'fast'],
        says: /^--clock takes real, hand, or/,
      },
      {
        type: ['dev', '--function', 'x=true', '--plain', 'y'],
        says: /^There is no function y to be/,
      },
    ]

    for (const { type, says } of mistakes) {
      it(`says what to do, and exits with 2: ${type.join(' ').slice(0, 60)}`, async () => {
        const { code, err, out } = await service.type(...type)

        expect(err).to.match(says)
        expect(err).not.to.match(/^ +at /m)
        expect({ code, out }).to.deep.equal({ code: 2, out: '' })
      })
    }

    it('says that no service runs, or none there', async () => {
      const { code, err } = await typed(['list'], { AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1' })

      expect(err).to.match(/^No local service answers at http:\/\/127\.0\.0\.1:1\.\nStart one: npx/)
      expect(code).to.equal(2)
    })

    it('says that the port is taken', async () => {
      const port = new URL(service.url).port
      const store = ['--store', ':memory:']
      const { code, err } = await typed(['dev', '--function', 'x=true', '--port', port, ...store])

      expect(err).to.match(/^Cannot listen on .*\nAnother port: --port NUMBER/)
      expect(code).to.equal(2)
    })
  })
})
