import { expect } from 'chai'
import { driver, poll, retry, step, waitForCondition, type Workflow } from 'perdure'
import { Embedded } from '../../lib/testing/embedded.ts'
import { odds } from '../support/odds.ts'
import { Stage } from '../support/stage.ts'

const away = (): never => {
  throw new Error('away')
}

function* charge() {
  yield* step('charge', away, { retry: retry.exponential({ maxAttempts: 4, jitter: 'full' }) })
}

function* checking() {
  yield* waitForCondition('ready', (checks: number) => checks + 1, {
    initialState: 0,
    strategy: poll.exponential({ until: (checks) => checks === 4, jitter: 'half' }),
  })
}

/** The delays that the service was asked for, in seconds, by a driver with this chance. */
async function delays(workflow: Workflow<never>, ...fractions: number[]) {
  const asked: number[] = []
  const embedded = new Embedded({
    random: odds(...fractions),
    between: (service) => ({
      ...service,
      checkpoint: (request) => {
        for (const { Action, StepOptions } of request.Updates ?? []) {
          if (Action === 'RETRY') asked.push(StepOptions?.NextAttemptDelaySeconds ?? 0)
        }
        return service.checkpoint(request)
      },
    }),
  })
  embedded.register('f', driver.lambdaHandler(workflow))
  const { DurableExecutionArn = '' } = await embedded.service.invoke({
    FunctionName: 'f',
    Qualifier: '$LATEST',
    InvocationType: 'Event',
    Payload: 'null',
  })
  await embedded.service.ended(DurableExecutionArn)
  return asked
}

describe('the jitter of a ready-made strategy', () => {
  for (const [what, workflow] of Object.entries({ charge, checking })) {
    it(`is drawn from the driver's chance, so that a run can be repeated: ${what}`, async () => {
      const seed = [0.9, 0.1, 0.5]
      const first = await delays(workflow, ...seed)

      expect(first).to.have.length(3)
      expect(await delays(workflow, ...seed)).to.deep.equal(first)
      expect(await delays(workflow, 0.3, 0.8, 0.2)).to.not.deep.equal(first)
    })
  }

  it('is that of the driver within a strategy that asks a ready-made one', () => {
    const patient = retry.exponential({ initialDelay: '20s' })
    const either = (error: unknown, attempt: number) =>
      error instanceof TypeError ? ('1s' as const) : patient(error, attempt)
    const stage = new Stage(
      function* () {
        yield* step('charge', away, { retry: either })
      },
      { random: odds(0.5) },
    )

    expect(stage.run().take().at(-1)).to.equal('RETRY 1 +10s')
  })

  it("is that of the driver for the driver's own strategy", () => {
    const stage = new Stage(
      function* () {
        yield* step('charge', away)
      },
      { retry: retry.exponential(), random: odds(0.8) },
    )

    expect(stage.run().take().at(-1)).to.equal('RETRY 1 +4s')
  })

  it("is the system's again outside of the driver, also after a strategy that threw", () => {
    const strategy = retry.fixed({ delay: '366d', jitter: 'full' })
    const stage = new Stage(
      function* () {
        yield* step('charge', away, {
          retry: () => {
            throw new Error('no strategy')
          },
        })
      },
      { random: odds(0) },
    )
    stage.run()
    const drawn = new Set(
      [1, 2, 3, 4, 5].map((attempt) => JSON.stringify(strategy(new Error(), attempt))),
    )

    expect(drawn.size).to.be.greaterThan(1)
  })
})
