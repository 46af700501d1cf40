import { expect } from 'chai'
import { driver } from 'perdure'
import {
  checkConfiguration,
  checkEndpoint,
  checkNode,
  checkQualified,
  type EndpointAnswer,
} from '../../../lib/cli/views/doctor/environment.ts'
import { formatFindings } from '../../../lib/cli/views/doctor/finding.ts'
import { checkModule } from '../../../lib/cli/views/doctor/handlers.ts'
import { checkPermissions } from '../../../lib/cli/views/doctor/permissions.ts'

function* workflow() {
  return 1
}
const handler = driver.lambdaHandler(workflow)

describe('the doctor', () => {
  for (const [version, verdict] of [
    ['v18.20.0', 'mistake'],
    ['v20.18.1', 'mistake'],
    ['v20.19.0', 'warning'],
    ['v22.12.0', 'ok'],
    ['v24.1.0', 'ok'],
  ] as const) {
    it(`finds Node ${version} to be a case of ${verdict}`, () => {
      expect(checkNode(version).verdict).to.equal(verdict)
    })
  }

  for (const [what, answer, verdict] of [
    ['a Lambda', { kind: 'answer', status: 200, body: { Functions: [{}] } }, 'ok'],
    ['another program', { kind: 'answer', status: 200, body: '<html>' }, 'mistake'],
    ['a refusal', { kind: 'answer', status: 403 }, 'warning'],
    ['nobody', { kind: 'none', reason: 'ECONNREFUSED' }, 'mistake'],
  ] as const satisfies readonly (readonly [string, EndpointAnswer, string])[]) {
    it(`knows ${what} at the endpoint`, async () => {
      const ask = () => Promise.resolve(answer)

      expect((await checkEndpoint('http://127.0.0.1:3001', { ask })).verdict).to.equal(verdict)
    })
  }

  it('wants an endpoint that is a URL, and misses one that is not set', async () => {
    const ask = () => Promise.reject(new Error('not to be asked'))

    expect((await checkEndpoint('localhost', { ask })).verdict).to.equal('mistake')
    expect((await checkEndpoint(undefined, { ask })).verdict).to.equal('warning')
  })

  for (const [what, module, found] of [
    ['a handler', { handler, workflow }, [['ok', 'exports the handler handler']]],
    ['no export', {}, [['mistake', 'exports nothing']]],
    ['others', { a: 1, b: 2 }, [['mistake', 'exports no handler, only a, b']]],
    [
      'a workflow',
      { checkout: workflow },
      [['mistake', 'checkout is a workflow, and Lambda needs a handler for it']],
    ],
    [
      'an async generator',
      { handler: async function* () {} },
      [['mistake', 'handler is an async generator']],
    ],
    [
      'a default',
      { default: handler },
      [
        ['ok', 'exports the handler default'],
        ['warning', 'exports its handler as default only'],
      ],
    ],
    [
      'a plain function',
      { handler: () => 1 },
      [['warning', 'handler does not look durable: no driver of perdure made it']],
    ],
    [
      'a promise',
      { handler: Promise.resolve() },
      [['mistake', 'handler is no function but a promise']],
    ],
  ] as const) {
    it(`looks at a module that exports ${what}`, async () => {
      const findings = await checkModule('order.ts', { load: () => Promise.resolve(module) })

      expect(findings.map(({ verdict, found: text }) => [verdict, text])).to.deep.equal(found)
    })
  }

  it('looks at a module that throws', async () => {
    const load = () => Promise.reject(new TypeError('no env'))
    const [finding] = await checkModule('order.ts', { load })

    expect(finding?.found).to.equal('throws when it is imported: TypeError: no env')
  })

  it('knows what a role needs, and what it lacks', () => {
    const allowed = ['lambda:*Durable*', 'logs:*']
    const findings = checkPermissions({ invokes: ['shipping', 'shipping'] }, allowed)

    expect(
      findings.filter(({ verdict }) => verdict !== 'ok').map(({ found }) => found),
    ).to.deep.equal(['the role lacks lambda:InvokeFunction on shipping, it invokes shipping'])
    expect(findings).to.have.length(6)
  })

  it('wants a qualifier', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:order'
    const verdicts = ['order', arn, 'order:$LATEST', `${arn}:live`, 'a b'].map(
      (one) => checkQualified(one).verdict,
    )

    expect(verdicts).to.deep.equal(['mistake', 'mistake', 'warning', 'ok', 'mistake'])
  })

  it('looks for a durable configuration', () => {
    const durable = { ExecutionTimeout: 60, RetentionPeriodInDays: 7 }
    const verdicts = (configuration: object) =>
      checkConfiguration({ FunctionName: 'f', ...configuration }).map(({ verdict }) => verdict)

    expect(verdicts({ Runtime: 'nodejs24.x' })).to.deep.equal(['mistake'])
    expect(verdicts({ Runtime: 'nodejs22.x', DurableConfig: durable })).to.deep.equal(['ok'])
    expect(verdicts({ Runtime: 'nodejs20.x', Timeout: 900, DurableConfig: durable })).to.deep.equal(
      ['ok', 'warning', 'mistake'],
    )
  })

  it('says what it found, with its advice below it', () => {
    expect(formatFindings([checkNode('v24.1.0'), checkQualified('order')])).to.deep.equal([
      'ok       Node: v24.1.0',
      'mistake  function order: has no qualifier, and Lambda refuses to start a durable execution without one',
      '         Name a version or an alias: order:live; order:$LATEST while you try things out.',
      '',
      '1 mistake, 0 warnings, 1 in order',
    ])
  })
})
