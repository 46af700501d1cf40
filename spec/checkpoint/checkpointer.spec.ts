import { expect } from 'chai'
import { Checkpointer } from '../../lib/checkpoint/checkpointer.ts'
import type { ServiceFailure } from '../../lib/checkpoint/failures.ts'
import type {
  CheckpointRequest,
  CheckpointResponse,
  DurableService,
  StateRequest,
} from '../../lib/checkpoint/port.ts'
import type { OperationRecord } from '../../lib/journal/record.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import type { Clock } from '../../lib/kernel/clock.ts'
import { odds } from '../support/odds.ts'

const start = (Id: string): OperationUpdate => ({ Id, Type: 'STEP', Action: 'START' })
const record = (Id: string): OperationRecord => ({
  Id,
  Type: 'STEP',
  Status: 'STARTED',
  StartTimestamp: 0,
})

/** A service that answers when told to, and keeps what it was asked. */
class SlowService implements DurableService {
  readonly requests: CheckpointRequest[] = []
  readonly pages: StateRequest[] = []
  readonly #answers: {
    resolve: (response: CheckpointResponse) => void
    reject: (error: unknown) => void
  }[] = []

  checkpoint(request: CheckpointRequest): Promise<CheckpointResponse> {
    this.requests.push(request)
    return new Promise((resolve, reject) => void this.#answers.push({ resolve, reject }))
  }

  getExecutionState(request: StateRequest) {
    this.pages.push(request)
    return Promise.resolve({
      Operations: [record(`paged-${this.pages.length}`)],
      NextMarker: this.pages.length < 2 ? 'm2' : undefined,
    })
  }

  answer(response: CheckpointResponse): void {
    this.#answers.shift()?.resolve(response)
  }

  refuse(error: unknown): void {
    this.#answers.shift()?.reject(error)
  }

  /** Each call as `token: ids`. */
  get words(): string[] {
    return this.requests.map(
      ({ CheckpointToken, Updates = [] }) =>
        `${CheckpointToken}: ${Updates.map(({ Id }) => Id).join(' ')}`,
    )
  }
}

/** A clock on which no time passes: it tells what was waited for, and fires at once. */
function hastyClock(words: string[]): Clock {
  return {
    now: () => 0,
    startTimer(milliseconds, fire) {
      words.push(`wait ${milliseconds}`)
      queueMicrotask(fire)
      return { cancel: () => undefined }
    },
  }
}

function build(options: { remaining?: () => number; fraction?: number } = {}) {
  const service = new SlowService()
  const waits: string[] = []
  const checkpointer = new Checkpointer({
    service,
    executionArn: 'arn',
    token: 't0',
    clock: hastyClock(waits),
    random: odds(options.fraction ?? 0),
    remaining: options.remaining ?? (() => Infinity),
    isOver: () => false,
  })
  return { service, waits, checkpointer }
}

const ok = (CheckpointToken: string, ...records: OperationRecord[]) => ({
  CheckpointToken,
  NewExecutionState: { Operations: records },
})

const throttled = (headers?: Record<string, string>) =>
  Object.assign(new Error('slow down'), {
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
    ...(headers === undefined ? {} : { $response: { headers } }),
  })

/** Lets everything that is settled be heard. */
const quiet = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('a checkpointer', () => {
  it('has nothing to flush where there is nothing to say', () => {
    const { checkpointer, service } = build()

    expect([checkpointer.isIdle, checkpointer.flush(), service.words]).to.deep.equal([
      true,
      undefined,
      [],
    ])
  })

  it('answers with what has become durable and what is new', async () => {
    const { checkpointer, service } = build()
    checkpointer.add([start('1'), start('2')])
    const call = checkpointer.flush()
    service.answer(ok('t1', record('1')))

    expect(await call).to.deep.equal({ count: 2, records: [record('1')] })
    expect([checkpointer.isIdle, checkpointer.isHalted]).to.deep.equal([true, false])
  })

  it('keeps one call in flight, and joins what comes meanwhile to the next', async () => {
    const { checkpointer, service } = build()
    checkpointer.add([start('1')])
    const first = checkpointer.flush()
    checkpointer.add([start('2')])
    checkpointer.add([start('3')])
    const second = checkpointer.flush()
    service.answer(ok('t1'))
    await first
    const third = checkpointer.flush()
    service.answer(ok('t2'))
    await third
    checkpointer.add([start('4')])
    void checkpointer.flush()

    expect(second).to.equal(undefined)
    expect(service.words).to.deep.equal(['t0: 1', 't1: 2 3', 't2: 4'])
  })

  it('is not idle while something is being said', async () => {
    const { checkpointer, service } = build()
    checkpointer.add([start('1')])
    const queued = checkpointer.isIdle
    const call = checkpointer.flush()
    const inFlight = checkpointer.isIdle
    service.answer(ok('t1'))
    await call

    expect([queued, inFlight, checkpointer.isIdle]).to.deep.equal([false, false, true])
  })

  it('leaves for later what does not fit one call', async () => {
    const { checkpointer, service } = build()
    checkpointer.add(Array.from({ length: 260 }, (_, i) => start(`${i}`)))
    const first = checkpointer.flush()
    service.answer(ok('t1'))
    const { count } = (await first) ?? {}
    void checkpointer.flush()

    expect([count, service.requests[1]?.Updates?.length]).to.deep.equal([250, 10])
  })

  it('does not change what it was handed', () => {
    const { checkpointer } = build()
    const updates = [start('1')]
    checkpointer.add(updates)
    checkpointer.add([start('2')])

    expect(updates).to.deep.equal([start('1')])
  })

  it('marks each call with a token of its own', async () => {
    const { checkpointer, service } = build()
    for (const id of ['1', '2']) {
      checkpointer.add([start(id)])
      const call = checkpointer.flush()
      service.answer(ok('t'))
      await call
    }

    expect(service.requests.map(({ ClientToken }) => ClientToken)).to.deep.equal([
      'uuid-1',
      'uuid-2',
    ])
  })

  it('reads the pages of what is new, with the new token', async () => {
    const { checkpointer, service } = build()
    checkpointer.add([start('1')])
    const call = checkpointer.flush()
    service.answer({
      CheckpointToken: 't1',
      NewExecutionState: { Operations: [record('1')], NextMarker: 'm1' },
    })
    const { records = [] } = (await call) ?? {}

    expect(records.map(({ Id }) => Id)).to.deep.equal(['1', 'paged-1', 'paged-2'])
    expect(service.pages.map((page) => [page.CheckpointToken, page.Marker])).to.deep.equal([
      ['t1', 'm1'],
      ['t1', 'm2'],
    ])
  })

  for (const answer of [
    {},
    { CheckpointToken: 't1' },
    { CheckpointToken: 't1', NewExecutionState: {} },
  ]) {
    it(`takes ${JSON.stringify(answer)} to say that nothing is new`, async () => {
      const { checkpointer, service } = build()
      checkpointer.add([start('1')])
      const call = checkpointer.flush()
      service.answer(answer)

      expect(await call).to.deep.equal({ count: 1, records: [] })
    })
  }
})

describe('an answer without a token', () => {
  it('halts the checkpointer: what is said later is not sent', async () => {
    const { checkpointer, service } = build()
    checkpointer.add([start('1')])
    const call = checkpointer.flush()
    service.answer({
      NewExecutionState: { Operations: [record('1')], NextMarker: 'm1' },
    })
    const answer = await call
    checkpointer.add([start('2')])

    expect(answer).to.deep.equal({ count: 1, records: [record('1')] })
    expect([checkpointer.isHalted, checkpointer.flush()]).to.deep.equal([true, undefined])
    expect([service.words, service.pages]).to.deep.equal([['t0: 1'], []])
  })
})

describe('a throttled call', () => {
  it('is made again as the very same, after ever longer pauses', async () => {
    const { checkpointer, service, waits } = build()
    checkpointer.add([start('1')])
    const call = checkpointer.flush()
    for (let tries = 1; tries < 8; tries++) {
      service.refuse(throttled())
      await quiet()
    }
    service.answer(ok('t1'))
    await call

    expect(waits).to.deep.equal([
      'wait 100',
      'wait 200',
      'wait 400',
      'wait 800',
      'wait 1600',
      'wait 3200',
      'wait 5000',
    ])
    expect(new Set(service.requests.map((request) => JSON.stringify(request))).size).to.equal(1)
  })

  it('spreads the second half of each pause', async () => {
    const { checkpointer, service, waits } = build({ fraction: 0.5 })
    checkpointer.add([start('1')])
    const call = checkpointer.flush()
    service.refuse(throttled())
    await quiet()
    service.answer(ok('t1'))
    await call

    expect(waits).to.deep.equal(['wait 150'])
  })

  it('waits for as long as the service asks', async () => {
    const { checkpointer, service, waits } = build()
    checkpointer.add([start('1')])
    const call = checkpointer.flush()
    service.refuse(throttled({ 'retry-after': '7' }))
    await quiet()
    service.answer(ok('t1'))
    await call

    expect(waits).to.deep.equal(['wait 7000'])
  })

  it('is given up after eight tries', async () => {
    const { checkpointer, service } = build()
    checkpointer.add([start('1')])
    const failure = caught(checkpointer.flush())
    for (let tries = 1; tries <= 8; tries++) {
      service.refuse(throttled())
      await quiet()
    }

    expect((await failure).scope).to.equal('throttled')
    expect(service.requests).to.have.length(8)
  })

  it('is given up where the invocation would end before the next try', async () => {
    let remaining = 1_000
    const { checkpointer, service, waits } = build({ remaining: () => (remaining -= 300) })
    checkpointer.add([start('1')])
    const failure = caught(checkpointer.flush())
    for (let tries = 1; tries <= 3; tries++) {
      service.refuse(throttled())
      await quiet()
    }

    expect((await failure).scope).to.equal('throttled')
    expect(waits).to.deep.equal(['wait 100', 'wait 200'])
  })
})

describe('any other failure of a call', () => {
  it('is not tried again', async () => {
    const { checkpointer, service, waits } = build()
    checkpointer.add([start('1')])
    const failure = caught(checkpointer.flush())
    service.refuse(Object.assign(new Error('gone'), { $metadata: { httpStatusCode: 500 } }))

    expect(await failure).to.include({
      message: 'CheckpointDurableExecution failed: gone',
      scope: 'invocation',
    })
    expect([service.requests.length, waits]).to.deep.equal([1, []])
  })
})

async function caught(call: Promise<unknown> | undefined): Promise<ServiceFailure> {
  try {
    await call
  } catch (error) {
    return error as ServiceFailure
  }
  throw new Error('Expected a failure.')
}
