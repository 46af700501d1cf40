import { join } from 'node:path'
import { expect } from 'chai'
import type { Workflow } from 'perdure'
import { stepThrough, type Scenario, type Stepper } from 'perdure/testing'
import { sampleFiles } from '../../support/sample-files.ts'
import { agent } from '../../../samples/agent.ts'
import { approveExpense } from '../../../samples/approval.ts'
import { checkout } from '../../../samples/checkout.ts'
import { book } from '../../../samples/child-context.ts'
import { deliver } from '../../../samples/deadline.ts'
import { publish } from '../../../samples/fan-out.ts'
import { hello } from '../../../samples/hello.ts'
import { makeReport } from '../../../samples/polling.ts'
import { collect } from '../../../samples/reminders.ts'
import { buy } from '../../../samples/retries.ts'
import { bookTrip } from '../../../samples/trip.ts'

const workflows: Readonly<Record<string, Workflow<never>>> = {
  agent,
  approval: approveExpense,
  checkout,
  'child-context': book,
  deadline: deliver,
  'fan-out': publish,
  hello,
  polling: makeReport,
  reminders: collect,
  retries: buy,
  trip: bookTrip,
}

/** Answers that are of use where a sample looks at them. */
const values: Readonly<Record<string, unknown>> = {
  'turn 1': { text: '', calls: [{ tool: 'stock', argument: 'pens' }] },
  'turn 2': { text: 'done', calls: [] },
  finished: { state: 'done', percent: 100 },
  Ada: { takes: false },
}

const folder = join(import.meta.dirname, '../../../samples')

for (const [name, workflow] of Object.entries(workflows)) {
  describe(`the sample ${name}, stepped through`, () => {
    let run: Stepper
    /** After each answer: where it stood, and what was on record. */
    let stands: { standing: unknown; records: Stepper['records'] }[]

    before(async () => {
      const sample = (await import(join(folder, `${name}.ts`))) as { scenario: Scenario }
      run = stepThrough(workflow, { input: sample.scenario.input as never })
      stands = [{ standing: standingOf(run), records: run.records }]
      while (run.operation) {
        answer(run)
        stands.push({ standing: standingOf(run), records: run.records })
      }
    })

    it('comes to its end', () => {
      expect(run.outcome.status).to.be.oneOf(['returned', 'threw'])
    })

    it('stands where it stood, whenever it is taken back', () => {
      for (const [point, { standing }] of stands.entries()) {
        expect(standingOf(run.goTo(point)), `point ${point}`).to.deep.equal(standing)
      }
    })

    it('stands where it stood, once what was on record then has been gone over', () => {
      for (const [point, { standing, records }] of stands.entries()) {
        // What is to run at most once and was under way counts as interrupted.
        if (run.goTo(point).name === 'notify') continue
        const replayed = stepThrough(workflow, { history: records })
        while (replayed.answered === 'record') replayed.next()
        expect(standingOf(replayed), `point ${point}`).to.deep.equal(standing)
      }
    })
  })
}

describe('the samples that are stepped through', () => {
  it('are all there are', () => {
    const names = sampleFiles.map((file) => file.replace(/\.ts$/, ''))

    expect(Object.keys(workflows)).to.have.members(names)
  })
})

function answer(run: Stepper): void {
  if (run.operation?.kind === 'wait') run.next()
  else run.succeed(values[run.name ?? ''] ?? { ok: true })
}

/** All that does not depend on how the run came here. */
function standingOf(run: Stepper): unknown {
  return {
    open: run.open.map(({ id, words, path }) => ({ id, words, path })),
    outcome: run.outcome.status === 'returned' ? run.outcome : run.outcome.status,
  }
}
