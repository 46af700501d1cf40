import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { sampleFiles } from '../support/sample-files.ts'
import {
  crashEverywhere,
  expectGolden,
  exploreOrders,
  graph,
  play,
  run,
  stepThrough,
  verify,
  type Bodies,
  type RunResult,
} from 'perdure/testing'
import { watchTime, type WatchedTime } from '../support/watched-time.ts'
import { samples, type Sample } from './all.ts'

/** The check of determinism traps clocks while workflow code is on the stack, and nothing else does. */
const driver = { determinism: 'off' } as const

describe('the whole kit, on the samples', () => {
  let golden: string
  let time: WatchedTime
  let before: unknown[]

  beforeEach(() => {
    golden = mkdtempSync(join(tmpdir(), 'golden-'))
    time = watchTime()
    before = time.standing()
  })

  afterEach(() => {
    time.end()
    rmSync(golden, { recursive: true })
  })

  it('is tried on all of them', () => {
    expect(Object.keys(samples).map((name) => `${name}.ts`)).to.have.members(sampleFiles)
  })

  for (const [name, sample] of Object.entries(samples)) {
    it(`puts nothing in the place of timers and clocks, and never sleeps: ${name}`, async () => {
      await everything(sample, join(golden, 'history.json'))

      expect(time.replaced).to.deep.equal([])
      expect(time.standing()).to.deep.equal(before)
      expect(time.slept).to.deep.equal([])
      expect(time.left).to.equal(0)
    })

    it(`has timers and clocks in bodies as they are, also where determinism is checked: ${name}`, async () => {
      const { handler, scenario } = sample
      const seen: unknown[][] = []
      const steps = looking(await run(handler, scenario), () => seen.push(time.standing()))
      const { status } = await run(handler, { ...scenario, steps })

      expect(status).to.equal('SUCCEEDED')
      expect(seen).to.have.length.above(0)
      for (const one of [...seen, time.standing()]) expect(one).to.deep.equal(before)
      expect(time.slept).to.deep.equal([])
      expect(time.left).to.equal(0)
    })
  }
})

async function everything({ workflow, handler, scenario }: Sample, golden: string) {
  const result = await run(handler, { ...scenario, crashes: [], driver })
  const history = { DurableExecutionArn: result.executionArn, Events: result.events }
  const order = 'by-operation'
  expectGolden(result, golden, { order, env: {} })

  const verification = await verify(handler, [history], { driver })
  expect(verification.isSafe).to.equal(true)

  const stepper = stepThrough(workflow, { history, driver })
  while (stepper.answered === 'record') stepper.next()
  const talk = play(workflow, undefined, { history, driver })
  while (talk.run.answered === 'record') talk.run.next()
  expect(stepper.outcome).to.deep.equal({ status: 'returned', value: result.value })
  talk.returns(result.value)

  const { unused } = graph(workflow, { history, driver, maxRuns: 20, maxAnswers: 50 })
  expect(unused).to.deep.equal([])

  const { input } = scenario
  const crashes = await crashEverywhere(handler, input, { ...scenario, driver, throws: false })
  const orders = await exploreOrders(handler, input, { ...scenario, driver, bound: 10 })
  expect([crashes.undisturbed.status, orders.ok]).to.deep.equal(['SUCCEEDED', true])
}

/** Bodies that answer what those of a run have answered, and take a look first. */
function looking(result: RunResult, look: () => void): Bodies {
  const answers = new Map<string, (() => unknown)[]>()
  for (const { name, type, subType, result: value, error } of result.operations()) {
    if (name === undefined || !(type === 'STEP' || subType === 'WaitForCallback')) continue
    const answer = () => {
      if (error && type === 'STEP') throw error
      return value
    }
    answers.set(name, [...(answers.get(name) ?? []), answer])
  }
  const bodies: Record<string, () => unknown> = {}
  for (const [name, inTurn] of answers) {
    const last = inTurn.at(-1)
    bodies[name] = () => {
      look()
      return (inTurn.shift() ?? last)?.()
    }
  }
  return bodies
}
