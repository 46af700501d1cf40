import { expect } from 'chai'
import { executionView } from '../../../lib/cli/views/execution-view.ts'
import { formatShow } from '../../../lib/cli/views/show.ts'
import { wantsColours } from '../../../lib/cli/views/text.ts'
import { flat } from '../../../lib/cli/views/view.ts'
import { cutAfter, executionOf, type Given } from './samples.ts'
import { wide } from './wide.ts'

const noon = Date.parse('2026-01-02T12:00:00Z')
const at = (given: unknown, now = noon) => executionView(given, { now })

describe('the view of an execution', () => {
  let checkout: Given
  let retries: Given
  let deadline: Given

  before(async () => {
    checkout = await executionOf('checkout')
    retries = await executionOf('retries')
    deadline = await executionOf('deadline')
  })

  it('has its facts, and its operations as a tree', () => {
    const { execution, operations, invocations, activity } = at(checkout)

    expect(execution).to.include({
      name: 'checkout',
      function: 'workflow:$LATEST',
      status: 'SUCCEEDED',
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-02T02:00:00.000Z',
      milliseconds: 26 * 3_600_000,
      input: '{"id":"order-17","amount":4200}',
    })
    expect(operations.map(({ words }) => words)).to.deep.equal([
      'step "charge"',
      'wait "cooling-off"',
      'waitForCallback "approve"',
      'invoke "shipping"',
    ])
    expect(operations[2]?.children.map(({ words, id }) => [id, words])).to.deep.equal([
      ['3-1', 'callback'],
      ['3-2', 'submitter of "approve"'],
    ])
    expect(invocations.map(({ error }) => error?.type)).to.deep.equal([
      'Runtime.ExitError',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(activity).to.equal(undefined)
  })

  it('has each attempt of a step with its error and the next', () => {
    const [charge] = at(retries).operations

    expect(
      charge?.attempts.map(({ number, error, nextAt }) => [number, error?.message, nextAt]),
    ).to.deep.equal([
      [1, 'The gateway is away', '2026-01-01T00:00:02.000Z'],
      [2, 'The gateway is away', '2026-01-01T00:00:12.000Z'],
      [3, undefined, undefined],
    ])
  })

  it('is the same from JSON text, from pages in any order, and with times in seconds', () => {
    const { Events, ...facts } = checkout
    const inSeconds = Events.map((event) => ({
      ...event,
      EventTimestamp: event.EventTimestamp.getTime() / 1000,
    }))
    const pages = [{ Events: inSeconds.slice(9) }, facts, { Events: inSeconds.slice(0, 12) }]

    expect(at(JSON.stringify(checkout))).to.deep.equal(at(checkout))
    expect(at(JSON.stringify(pages))).to.deep.equal(at(checkout))
  })

  it('takes no delay and a delay of nothing for the same', () => {
    const Events = retries.Events.map((event) =>
      event.StepSucceededDetails
        ? {
            ...event,
            StepSucceededDetails: {
              ...event.StepSucceededDetails,
              RetryDetails: { CurrentAttempt: 3, NextAttemptDelaySeconds: 0 },
            },
          }
        : event,
    )

    expect(at({ ...retries, Events }).operations[0]).to.include({ status: 'SUCCEEDED' })
  })

  it('does without the data of a history, and says that it did', () => {
    const Events = checkout.Events.map((event) => ({
      ...event,
      [`${event.EventType}Details`]: { Result: { Truncated: true }, Input: { Truncated: true } },
    }))
    const { totals, operations } = at({ ...checkout, Events })

    expect(totals).to.include({ isDataLeftOut: true, payloadBytes: 0, operations: 6 })
    expect(operations).to.have.length(4)
  })

  it('knows what nobody waits for any longer', () => {
    const running = at(cutAfter(deadline, 15))
    const standings = [...flat(running.operations)].map(({ id, standing }) => [id, standing])

    expect(Object.fromEntries(standings)).to.include({
      '1-1-1': 'left', // the race is over, and has no record around its members
      '1-1-1-1': 'left',
      '2-1-1': 'open',
      '2-1-1-1': 'open',
    })
  })

  it('says what it is at, after every event', () => {
    const kinds = checkout.Events.slice(0, -1).map((_, index) => {
      const { activity } = at(cutAfter(checkout, index + 1), Date.parse('2026-01-01T00:00:00Z'))
      return `${checkout.Events[index]?.EventType ?? ''}: ${activity?.kind ?? 'none'}`
    })

    expect(kinds.filter((kind) => !kind.endsWith('running'))).to.deep.equal([
      'InvocationCompleted: failing',
      'InvocationCompleted: suspended',
      'InvocationCompleted: suspended',
      'InvocationCompleted: suspended',
    ])
  })
})

describe('an execution shown', () => {
  it('is a tree in columns', async () => {
    const lines = formatShow(at(await executionOf('checkout')))

    expect(lines[0]).to.equal(
      'SUCCEEDED  checkout  of workflow:$LATEST  took 1 d 2 h  6 operations  5 invocations',
    )
    expect(lines.slice(-6)).to.deep.equal([
      '  step "charge" (1)               succeeded  at 0 ms     took 0 ms  {"id":"pay-order-17","amount":4200}',
      '  wait "cooling-off" (2)          succeeded  at 0 ms     took 1 d',
      '  waitForCallback "approve" (3)   succeeded  at 1 d      took 2 h   {"ok":true,"by":"Alex"}',
      '    callback (3-1)                succeeded  at 1 d      took 2 h   {"ok":true,"by":"Alex"}',
      '    submitter of "approve" (3-2)  succeeded  at 1 d      took 0 ms',
      '  invoke "shipping" (4)           succeeded  at 1 d 2 h  took 0 ms  {"tracking":"track-order-17"}',
    ])
  })

  it('marks what is open, and counts attempts', async () => {
    const lines = formatShow(at(cutAfter(await executionOf('retries'), 7), Date.UTC(2026, 0, 1)))

    expect(lines.join('\n')).to.match(
      /step "charge" \(1\) {2}to be retried .* attempt 2 {2}next at 2026-01-01 00:00:12Z, after Error: The gateway is away/,
    )
  })

  it('folds what is wide, but for what went otherwise', () => {
    const lines = formatShow(at(wide({ items: 5000, failed: [4000], open: [4500] })))

    expect(lines).to.have.length.below(25)
    expect(lines.filter((line) => line.includes('…')).map((line) => line.trim())).to.deep.equal([
      '… 3,989 more succeeded',
      '… 499 more succeeded',
      '… 500 more succeeded',
    ])
    expect(lines.filter((line) => /item "item-4[05]00"/.test(line))).to.have.length(2)
  })

  it('cuts what is deep and what is long, and shows what could move a cursor as its code', () => {
    const deep = formatShow(at(wide({ depth: 3000 })))
    const long = formatShow(at(wide({ items: 1, name: 'x'.repeat(200), error: 'a\u001b[2Jb\nc' })))

    expect(deep.at(-1)).to.match(/… 2,980 operations further in$/)
    expect(long.join('\n')).to.include('x'.repeat(50))
    expect(Math.max(...long.map((line) => line.length))).to.be.below(240)
    expect(long.join('\n')).to.include('a\\u001b[2Jb c')
  })

  it('is coloured only where a terminal wants it', async () => {
    const view = at(await executionOf('hello'))
    const plain = formatShow(view).join('\n')
    const coloured = formatShow(view, { isColoured: true }).join('\n')

    // eslint-disable-next-line no-control-regex -- the codes of colours
    expect(coloured.replace(/\u001b\[\d+m/g, '')).to.equal(plain)
    expect(coloured).not.to.equal(plain)
    expect(wantsColours({ isTTY: true }, {})).to.equal(true)
    expect(wantsColours({ isTTY: true }, { NO_COLOR: '1' })).to.equal(false)
    expect(wantsColours({ isTTY: false }, {})).to.equal(false)
    expect(wantsColours({ isTTY: true }, { TERM: 'dumb' })).to.equal(false)
    expect(wantsColours({}, { FORCE_COLOR: '1' })).to.equal(true)
  })
})
