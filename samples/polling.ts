import { driver, isPerdureError, poll, step, waitForCondition } from 'perdure'
import type { Scenario } from 'perdure/testing'

// A report is made by a service that has no callbacks, only a status to ask for. Between two checks
// the execution is suspended, so an hour of polling costs a few short invocations.

interface Request {
  report: string
}

interface Progress {
  state: 'running' | 'done' | 'broken'
  percent: number
}

export function* makeReport({ report }: Request) {
  const job = yield* step('start', () => reports.start(report))
  const started: Progress = { state: 'running', percent: 0 }
  try {
    const end = yield* waitForCondition('finished', () => reports.progress(job), {
      initialState: started,
      strategy: poll.exponential({
        until: ({ state }) => state !== 'running',
        initialDelay: '30s',
        maxDelay: '10m',
        jitter: 'none',
      }),
      timeout: '2h',
    })
    return { job, state: end.state }
  } catch (error) {
    if (!isPerdureError(error, 'CONDITION_EXHAUSTED')) throw error
    yield* step('give up', () => reports.cancel(job))
    return { job, state: 'cancelled' }
  }
}

export const handler = driver.lambdaHandler(makeReport)

// ---- what lies outside

/** Percent that a report gets on by each check; `stuck` never does. */
const speeds: Readonly<Record<string, number>> = { sales: 25, stock: 50, stuck: 0 }
const jobs = new Map<string, { speed: number; percent: number }>()

const reports = {
  async start(report: string): Promise<string> {
    const job = `job-${report}`
    jobs.set(job, { speed: speeds[report] ?? NaN, percent: 0 })
    return job
  },
  async progress(job: string): Promise<Progress> {
    const { speed = NaN, percent = 0 } = jobs.get(job) ?? {}
    if (Number.isNaN(speed)) return { state: 'broken', percent }
    const next = Math.min(100, percent + speed)
    jobs.set(job, { speed, percent: next })
    return { state: next === 100 ? 'done' : 'running', percent: next }
  },
  async cancel(job: string): Promise<void> {
    jobs.delete(job)
  },
}

export const scenario: Scenario = { input: { report: 'sales' } }
