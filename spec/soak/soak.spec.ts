import { expect } from 'chai'
import { removeTemporaryFiles, temporaryFile } from '../support/temporary-file.ts'
import { judge, type Evidence, type Final, type HistoryEvent } from './judge.ts'
import { soak } from './soak.ts'
import type { Line } from './ledger.ts'

const seed = Number(process.env['PERDURE_SEED'] ?? 1)

describe(`a local service that is killed under load (PERDURE_SEED=${seed})`, () => {
  before(function () {
    if (process.platform === 'win32') this.skip()
  })
  afterEach(removeTemporaryFiles)

  it('loses nothing, does nothing twice, and leaves no process', async function () {
    this.timeout(120_000)
    const report = await soak({ seed, kills: 2, load: 12, store: temporaryFile() })

    expect(report.breaches).to.deep.equal([])
    expect(report.executions).to.be.at.least(12)
    expect(report.acknowledged).to.be.above(0)
  })
})

const arn =
  'arn:aws:lambda:us-east-1:123456789012:function:soak-main:$LATEST/durable-execution/e1/x'

/** A single execution of two steps as it should be, but for what a case changes in it. */
function evidence({
  events = wholeHistory,
  ledger = wholeLedger,
  result = 7,
}: {
  events?: readonly HistoryEvent[]
  ledger?: readonly Line[]
  result?: unknown
}): Evidence {
  const final: Final = { arn, status: 'SUCCEEDED', result, events }
  return {
    crowd: {
      known: new Map([['e1', { input: { id: 'e1', kind: 'steps' }, arn }]]),
      callbacks: new Map(),
      refusals: [],
    },
    finals: new Map([[arn, final]]),
    ledger,
  }
}

const wholeHistory: readonly HistoryEvent[] = [
  'ExecutionStarted',
  'StepStarted',
  'StepSucceeded',
  'ExecutionSucceeded',
].map((EventType, i) => ({
  EventId: i + 1,
  EventType,
  EventTimestamp: i,
  Id: EventType.startsWith('Step') ? '1' : 'x',
}))

const body = { what: 'body', execution: 'e1', step: '1', attempt: 1, atMostOnce: true } as const
const acknowledged = { what: 'acknowledged', arn, updates: [['1', 'SUCCEED']] } as const
const wholeLedger: readonly Line[] = [
  { ...body, server: 1 },
  { ...acknowledged, server: 1 },
]

describe('the judge of a soak', () => {
  const cases: [string, Parameters<typeof evidence>[0], RegExp | undefined][] = [
    ['finds nothing in what went well', {}, undefined],
    ['sees a wrong result', { result: 8 }, /ended SUCCEEDED with 8/],
    [
      'sees that an acknowledged record is missing',
      { events: wholeHistory.filter(({ EventType }) => EventType !== 'StepSucceeded') },
      /1 end: acknowledged 1, recorded 0/,
    ],
    [
      'sees an attempt that began twice',
      { ledger: [...wholeLedger, { ...body, server: 2 }] },
      /e1 1 attempt 1 began 2 times/,
    ],
    [
      'sees a body that began before its start was on record',
      { ledger: [...wholeLedger, { ...body, attempt: 2, server: 2 }] },
      /2 bodies began, fewer starts on record/,
    ],
    [
      'sees a process at work after its server was followed by another',
      { ledger: [{ ...acknowledged, server: 2 }, ...wholeLedger.slice(0, 1)] },
      /is of server 1, after 2/,
    ],
    [
      'sees time that goes back',
      { events: wholeHistory.map((one) => ({ ...one, EventTimestamp: -one.EventId })) },
      /time goes back/,
    ],
  ]
  for (const [title, changes, breach] of cases) {
    it(title, () => {
      const found = judge(evidence(changes))
      if (breach) expect(found.join('\n')).to.match(breach)
      else expect(found).to.deep.equal([])
    })
  }
})
