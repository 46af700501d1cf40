import { expect } from 'chai'
import { expected } from './support/expected.ts'
import { judgeDurableFirst } from './support/judge-durable-first.ts'
import { breaches, deviations } from './support/laws.ts'
import type { Deed, Plan, StepDeed } from './support/plan.ts'
import { run, runAll, type Run } from './support/run.ts'
import type { Entry } from './support/transcript.ts'
import type { Setting } from './support/world.ts'

// Corners that chance seldom gets to, and what chance has once found.

const where: Setting = { mode: 'batched', latency: 20, pageItems: 3 }

const plain: StepDeed = {
  kind: 'step',
  semantics: 'at-least-once',
  fails: 0,
  tries: 1,
  thrown: { as: 'error', message: 'declined' },
  value: { is: 'json', json: 1 },
  reading: 'json',
  turns: 0,
}
const oneSecond: Deed = { kind: 'wait', seconds: 1 }
const unwritable: Deed = {
  kind: 'try',
  body: [{ kind: 'invoke', callee: 'echo', input: { is: 'bigint' } }],
  rethrows: false,
  cleanUp: [],
}

function planOf(...deeds: readonly Deed[]): Plan {
  return { deeds, returns: 'notes' }
}

function context(body: Plan, rest: { readonly virtual?: boolean } = {}): Deed {
  return { kind: 'context', virtual: false, mapped: false, reading: 'json', body, ...rest }
}

async function breaksNothing(plan: Plan, setting: Setting = where): Promise<readonly Entry[]> {
  const done = await run(plan, setting)
  const expectation = expected(plan)

  expect(breaches(done, expectation, setting, [])).to.deep.equal([])
  expect(deviations(done, expectation)).to.deep.equal([])
  return done.entries
}

function callsOf(entries: readonly Entry[]): number[] {
  return entries.flatMap((entry) => (entry.what === 'sent' ? [entry.updates.length] : []))
}

describe('a workflow in optimistic mode', () => {
  const plan = planOf(plain, plain, plain)

  it('begins at-least-once bodies before the results before them are durable', async () => {
    const { entries } = await run(plan, { ...where, mode: 'optimistic' })
    const { places } = expected(plan)

    expect(judgeDurableFirst(entries, { mode: 'optimistic', places }).hasty).to.equal(2)
    expect(judgeDurableFirst(entries, { mode: 'batched', places }).faults).to.have.length(2)
  })

  it('waits before at-most-once bodies as in any other', async () => {
    const careful = planOf(plain, { ...plain, semantics: 'at-most-once' })
    const { entries } = await run(careful, { ...where, mode: 'optimistic' })
    const { places } = expected(careful)

    expect(judgeDurableFirst(entries, { mode: 'batched', places }).faults).to.deep.equal([])
  })
})

describe('a workflow that says more at once than one call may carry', () => {
  it('fills calls up to the count, in order', async () => {
    const empty = context({ deeds: [], returns: 'nothing' })
    const entries = await breaksNothing(planOf({ kind: 'loop', times: 300, body: [empty] }))

    expect(callsOf(entries)).to.deep.equal([250, 250, 100])
  })

  it('fills calls up to the bytes', async () => {
    const large = { ...plain, value: { is: 'text', length: 400_000 } } as const
    const entries = await breaksNothing(planOf(large, large, oneSecond), {
      ...where,
      mode: 'optimistic',
    })

    expect(callsOf(entries)).to.deep.equal([3, 2])
  })
})

describe('a workflow whose result is too large for the response', () => {
  const plan: Plan = { deeds: [plain, plain], returns: 'most' }

  it('ends its execution by the last update of the last call', async () => {
    const entries = await breaksNothing(plan)
    const last = entries.findLast((entry) => entry.what === 'sent')

    expect(last?.what === 'sent' && last.updates.at(-1)?.Type).to.equal('EXECUTION')
  })

  it('ends the same when the answer to that call is lost', async () => {
    const calm = await run(plan, where)
    const index = calm.places.call - 1
    const disturbed = await run(plan, where, [{ at: 'call', index, what: { kind: 'lost-answer' } }])

    expect(deviations(disturbed, expected(plan), calm)).to.deep.equal([])
  })
})

describe('a call that the service throttles', () => {
  const plan = planOf(plain, oneSecond, plain)
  const throttled = (times: number, retryAfter?: number) =>
    run(plan, where, [{ at: 'call', index: 0, what: { kind: 'throttled', times, retryAfter } }])
  const invocations = ({ entries }: Run) => entries.filter(({ what }) => what === 'invoked').length

  it('is made again by the same invocation', async () => {
    const calm = await run(plan, where)
    const disturbed = await throttled(3)

    expect(invocations(disturbed)).to.equal(invocations(calm))
    expect(disturbed.places.call).to.equal(calm.places.call + 3)
  })

  it('is left to another invocation when that does not help', async () => {
    const calm = await run(plan, where)
    const disturbed = await throttled(8)

    expect(invocations(disturbed)).to.equal(invocations(calm) + 1)
    expect(disturbed.end).to.deep.equal(calm.end)
  })

  it('waits as long as the service asks for', async () => {
    const took = ({ execution: { events } }: Run) => (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)
    const calm = await run(plan, { ...where, latency: 0 })
    const disturbed = await run(plan, { ...where, latency: 0 }, [
      { at: 'call', index: 0, what: { kind: 'throttled', times: 2, retryAfter: 30 } },
    ])

    expect(took(disturbed) - took(calm)).to.equal(60_000)
  })
})

describe('a body that fails before the answer to its own START is there', () => {
  it('is not taken for one that has crashed', async () => {
    const entries = await breaksNothing(planOf({ ...plain, turns: 1, fails: 1, tries: 2 }))

    expect(entries.filter(({ what }) => what === 'began')).to.have.length(2)
  })
})

describe('a context that is rebuilt because its result is large', () => {
  it('fails again what had failed without a record', async () => {
    await breaksNothing(planOf(context({ deeds: [unwritable], returns: 'much' }), oneSecond))
  })

  it('tells the same time again', async () => {
    const body: Plan = { deeds: [{ kind: 'now' }, plain, { kind: 'now' }], returns: 'much' }

    await breaksNothing(planOf(oneSecond, context(body), oneSecond), { ...where, latency: 700 })
  })
})

describe('a callback that is answered while the workflow does something else', () => {
  it('leaves the time at which it was made as it was', async () => {
    await breaksNothing(
      planOf({
        kind: 'callback',
        answer: { how: 'succeed', text: '1', after: 1 },
        reading: 'lenient',
        between: [{ kind: 'now' }, { kind: 'wait', seconds: 3 }, { kind: 'now' }],
        awaited: 1,
      }),
    )
  })
})

describe('code that ends where the journal goes on', () => {
  const later = { ...plain, name: 'later' }
  const cut: readonly { readonly what: string; readonly before: Deed; readonly at: string }[] = [
    { what: 'at the next place', before: later, at: '1' },
    { what: 'past a place without a record', before: unwritable, at: '2' },
    {
      what: 'past an empty virtual context',
      before: context({ deeds: [], returns: 'nothing' }, { virtual: true }),
      at: '2',
    },
    {
      what: 'inside a virtual context',
      before: context(planOf(later), { virtual: true }),
      at: '1-1',
    },
  ]
  for (const { what, before, at } of cut) {
    it(`has diverged, ${what}`, async () => {
      const plan = planOf(before, later, oneSecond)
      const { end } = await runAll((n) => (n === 1 ? plan : planOf()), where)

      expect(end).to.deep.equal({ status: 'DIVERGED', at })
    })
  }
})
