import { expect } from 'chai'
import type { Environment } from '../../lib/driver/environment.ts'
import type { Job } from '../../lib/driver/parking.ts'
import { Position } from '../../lib/driver/position.ts'
import { Workshop } from '../../lib/driver/workshop.ts'
import { PerdureError, step, type StepContext } from '../../lib/index.ts'
import type { Clock } from '../../lib/kernel/clock.ts'
import type { Log } from '../../lib/kernel/logger.ts'
import { errorWords } from '../support/stage.ts'

/** A workshop whose clock is moved by hand, and whose transcript is `words`. */
function aWorkshop() {
  const words: string[] = []
  const timers = new Set<() => void>()
  const clock: Clock = {
    now: () => 0,
    startTimer(milliseconds, fire) {
      words.push(`timer ${milliseconds}`)
      timers.add(fire)
      return { cancel: () => void timers.delete(fire) }
    },
    hold() {
      words.push('hold')
      return () => void words.push('release')
    },
  }
  const at = (level: string) => (message: string) => void words.push(`${level} ${message}`)
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const env = {
    executionArn: 'arn',
    clock,
    log: (fields: object) => {
      words.push(`log with ${JSON.stringify(fields)}`)
      return log
    },
  } as Partial<Environment> as Environment
  const observer = {
    attempting: ({ id }: Position, attempt: number) => void words.push(`begin ${id}#${attempt}`),
    attempted: ({ id }: Position, attempt: number) => void words.push(`end ${id}#${attempt}`),
    dropped: ({ id }: Position, attempt: number) => void words.push(`drop ${id}#${attempt}`),
  }
  const workshop = new Workshop(env, observer, (_job, outcome) => {
    words.push(outcome.ok ? `settled ${JSON.stringify(outcome.value)}` : errorWords(outcome.error))
  })
  const begin = (call: (context: StepContext) => unknown, timeout?: number, name?: string) => {
    const position = new Position('3-1', '3', { type: 'STEP', subType: 'Step' }, name)
    const work = { position, attempt: { number: 2, timeout }, call }
    const job = { work } as Partial<Job> as Job
    workshop.begin(job)
    return job
  }
  const fire = () => {
    for (const timer of timers) timer()
  }
  return { words, workshop, begin, fire, timers }
}

const quiet = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('a body', () => {
  it('that answers at once is settled at once, and no clock is started', () => {
    const { words, begin } = aWorkshop()
    begin(() => 5, 1000)

    expect(words).to.deep.equal(['begin 3-1#2', 'end 3-1#2', 'settled 5'])
  })

  it('that throws at once has failed at once', () => {
    const { words, begin } = aWorkshop()
    begin(() => {
      throw new TypeError('broken')
    })

    expect(words).to.deep.equal(['begin 3-1#2', 'end 3-1#2', 'TypeError: broken'])
  })

  it('that takes its time holds the clock until it is done', async () => {
    const { words, begin, timers } = aWorkshop()
    begin(() => Promise.resolve(5), 1000)
    await quiet()

    expect(words).to.deep.equal([
      'begin 3-1#2',
      'hold',
      'timer 1000',
      'release',
      'end 3-1#2',
      'settled 5',
    ])
    expect(timers.size).to.equal(0)
  })

  it('that takes longer than it may has failed, before its signal is aborted', async () => {
    const { words, begin, fire } = aWorkshop()
    begin(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            words.push(`aborted ${errorWords(signal.reason)}`)
            resolve('in the nick of time')
          })
        }),
      9000,
      'slow',
    )
    fire()
    await quiet()
    const timeout =
      'STEP_TIMED_OUT: Attempt 2 of step "slow" (operation 3-1) was not done within 9 seconds.'

    expect(words.slice(3)).to.deep.equal(['release', 'end 3-1#2', timeout, `aborted ${timeout}`])
  })

  it('that asks for its signal too late finds it aborted', async () => {
    const { words, begin, fire } = aWorkshop()
    let go: () => void = () => undefined
    begin(async (context) => {
      await new Promise<void>((resolve) => (go = resolve))
      words.push(`aborted: ${context.signal.aborted}`)
    }, 1000)
    fire()
    go()
    await quiet()

    expect(words.at(-1)).to.equal('aborted: true')
  })

  it('that is dropped is left to itself, and that is told, once', async () => {
    const { words, workshop, begin, timers } = aWorkshop()
    const job = begin(() => Promise.resolve(5), 1000)
    workshop.drop(job)
    workshop.drop(job)
    await quiet()

    expect(words.slice(3)).to.deep.equal(['drop 3-1#2', 'release'])
    expect(timers.size).to.equal(0)
  })

  it('that is abandoned is told so, and not heard any more', async () => {
    const { words, workshop, begin, timers } = aWorkshop()
    let reason: unknown
    begin(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason
            reject(new Error('too late'))
          })
        }),
      1000,
    )
    workshop.abandon()
    await quiet()

    expect(words.slice(3)).to.deep.equal(['release'])
    expect([timers.size, reason instanceof PerdureError && reason.code]).to.deep.equal([
      0,
      'CANCELLED',
    ])
  })

  it('is handed the facts of its attempt', () => {
    const { words, begin } = aWorkshop()
    const told: unknown[] = []
    const look = (context: StepContext) => {
      const { attempt, operationId, name, executionArn, signal } = context
      told.push({ attempt, operationId, name, executionArn, aborted: signal.aborted })
    }
    begin(look, undefined, 'charge')
    begin(look)
    begin(({ log }) => void log.info('hello'), undefined, 'charge')
    const facts = { attempt: 2, operationId: '3-1', executionArn: 'arn', aborted: false }

    expect(told).to.deep.equal([
      { ...facts, name: 'charge' },
      { ...facts, name: undefined },
    ])
    expect(words.filter((word) => /log|info/.test(word))).to.deep.equal([
      'log with {"operationId":"3-1","operationName":"charge","attempt":2}',
      'info hello',
    ])
  })

  it('is handed the same key at every attempt of its operation', () => {
    const { begin } = aWorkshop()
    const keys: string[] = []
    for (let i = 0; i < 2; i++) begin(({ idempotencyKey }) => void keys.push(idempotencyKey))

    expect(keys[0]).to.match(/^[0-9a-f]{32}$/)
    expect(keys[1]).to.equal(keys[0])
  })

  it('that builds an operation is warned of', async () => {
    const { words, begin } = aWorkshop()
    begin(() => void step('inner', () => 1), undefined, 'outer')
    await quiet()

    expect(words.at(-1)).to.equal(
      'warn The body of step "outer" built step "inner", which nothing carries out: operations ' +
        'are yielded by the workflow, not used inside a body.',
    )
  })
})
