import { expect } from 'chai'
import {
  createCallback,
  childContext,
  driver,
  fork,
  invoke,
  retry,
  step,
  wait,
  waitForCallback,
  type Workflow,
} from '../../lib/index.ts'
import type { ForkRequest } from '../../lib/service/api.ts'
import { MemoryStore } from '../../lib/service/memory-store.ts'
import { Embedded } from '../../lib/testing/embedded.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'

const ids = (events: readonly { EventType: string; Id?: string }[]) =>
  events.map(({ EventType, Id }) => (/^[0-9-]+$/.test(Id ?? '') ? `${EventType} ${Id}` : EventType))

class Stage {
  readonly embedded = new Embedded({ clock: new VirtualClock() })

  host(name: string, workflow: Workflow<never>): this {
    this.embedded.register(name, driver.lambdaHandler(workflow))
    return this
  }

  async run(name: string, input: unknown = null): Promise<string> {
    const { DurableExecutionArn = '' } = await this.embedded.service.invoke({
      FunctionName: name,
      InvocationType: 'Event',
      Payload: JSON.stringify(input),
    })
    return DurableExecutionArn
  }

  async fork(arn: string, OperationId: string, more: Partial<ForkRequest> = {}): Promise<string> {
    const forked = await this.embedded.service.forkDurableExecution({
      DurableExecutionArn: arn,
      OperationId,
      ...more,
    })
    return forked.DurableExecutionArn
  }

  async result(arn: string): Promise<unknown> {
    await this.embedded.service.ended(arn)
    const { Result, Error } = await this.embedded.service.getDurableExecution({
      DurableExecutionArn: arn,
    })
    return Result === undefined ? Error?.ErrorMessage : JSON.parse(Result)
  }

  async events(DurableExecutionArn: string) {
    const page = await this.embedded.service.getDurableExecutionHistory({ DurableExecutionArn })
    return page.Events
  }
}

describe('an execution forked from another', () => {
  it('goes on from the changed answer of a step, and runs nothing before it again', async () => {
    const ran: string[] = []
    const body = (name: string) => () => void ran.push(name)
    const stage = new Stage().host('order', function* (input: number) {
      yield* step('load', body('load'))
      const price = yield* step('price', () => input)
      yield* wait('a while', '1h')
      yield* step('ship', body('ship'))
      return `sold at ${price}`
    })
    const first = await stage.run('order', 5)
    expect(await stage.result(first)).to.equal('sold at 5')
    ran.length = 0

    const second = await stage.fork(first, '2', { IsAnswered: true, Result: '7' })

    expect(await stage.result(second)).to.equal('sold at 7')
    expect(ran).to.deep.equal(['ship'])
    expect(await stage.result(first)).to.equal('sold at 5')
    expect(ids(await stage.events(second))).to.deep.equal([
      'ExecutionStarted',
      'StepStarted 1',
      'StepSucceeded 1',
      'StepStarted 2',
      'StepSucceeded 2',
      'WaitStarted 3',
      'InvocationCompleted',
      'WaitSucceeded 3',
      'StepStarted 4',
      'StepSucceeded 4',
      'InvocationCompleted',
      'ExecutionSucceeded',
    ])
  })

  it('begins the operation anew where it is given no answer', async () => {
    let works = false
    let loads = 0
    const stage = new Stage().host('order', function* () {
      yield* step('load', () => (loads += 1))
      return yield* childContext('pay', function* () {
        yield* step('reserve', () => 1)
        return yield* step('charge', () => (works ? 'paid' : Promise.reject(new Error('away'))), {
          retry: retry.none,
        })
      })
    })
    const first = await stage.run('order')
    expect(await stage.result(first)).to.equal('away')
    works = true

    const second = await stage.fork(first, '2-2')

    expect(await stage.result(second)).to.equal('paid')
    expect(loads).to.equal(1)
  })

  it('gives a callback that was open an id of its own, and its whole time', async () => {
    const submitted: string[] = []
    const stage = new Stage().host('order', function* () {
      const asked = yield* createCallback<string>('asked', { timeout: '2h' })
      yield* step('rate', () => 1)
      yield* wait('a while', '1h')
      yield* waitForCallback('other', (id) => void submitted.push(id), { timeout: '1d' })
      return yield* asked.result
    })
    const first = await stage.run('order')
    expect(await stage.result(first)).to.match(/timed out/i)

    const second = await stage.fork(first, '2', { IsAnswered: true, Result: '2' })
    const [started, ...others] = (await stage.events(second)).filter(
      ({ EventType }) => EventType === 'CallbackStarted',
    )
    expect(others).to.deep.equal([])
    const CallbackId = started?.CallbackStartedDetails?.CallbackId ?? ''
    await stage.embedded.service.sendDurableExecutionCallbackSuccess({ CallbackId, Result: 'yes' })
    stage.embedded.clock.startTimer(7_200_000, () => {
      void stage.embedded.service.sendDurableExecutionCallbackSuccess({
        CallbackId: submitted.at(-1) ?? '',
      })
    })

    expect(await stage.result(second)).to.equal('yes')
  })

  it('begins steps anew that were retried or under way at that point', async () => {
    const attempts: number[] = []
    const stage = new Stage().host('order', function* () {
      const slow = yield* fork(
        step(
          'slow',
          ({ attempt }) => {
            attempts.push(attempt)
            if (attempt < 3) throw new Error('not yet')
          },
          { retry: retry.fixed({ maxAttempts: 3, delay: '1h' }) },
        ),
      )
      yield* wait('30m')
      yield* step('rate', () => 1)
      yield* slow
      return yield* step('end', () => 'done')
    })
    const early: Promise<string>[] = []
    stage.embedded.clock.startTimer(2_700_000, () => early.push(stage.fork(first, '3')))
    const first = await stage.run('order')
    expect(await stage.result(first)).to.equal('done')
    const [whilePending = ''] = await Promise.all(early)
    expect(await stage.result(whilePending)).to.equal('done')
    expect(attempts).to.have.members([1, 1, 2, 2, 3, 3])
    attempts.length = 0

    const second = await stage.fork(first, '3', { IsAnswered: true, Result: '2' })

    expect(ids(await stage.events(second))).to.deep.equal([
      'ExecutionStarted',
      'WaitStarted 2',
      'WaitSucceeded 2',
      'StepStarted 3',
      'StepSucceeded 3',
    ])
    expect(await stage.result(second)).to.equal('done')
    expect(attempts).to.deep.equal([1, 2, 3])
  })

  it('answers an operation that is still open, and leaves the source alone', async () => {
    const stage = new Stage().host('order', function* () {
      return yield* (yield* createCallback<string>('asked')).result
    })
    const first = await stage.run('order')
    await new Promise(setImmediate)

    const second = await stage.fork(first, '1', { IsAnswered: true, Result: 'yes' })

    expect(await stage.result(second)).to.equal('yes')
    const source = await stage.embedded.service.getDurableExecution({ DurableExecutionArn: first })
    expect(source.Status).to.equal('RUNNING')
  })

  it('can fail what succeeded: a step, an invoke, a context', async () => {
    const stage = new Stage()
      .host('double', function* (n: number) {
        return yield* step(() => n * 2)
      })
      .host('order', function* () {
        const told: string[] = []
        const tell = (error: unknown) => void told.push((error as Error).message)
        try {
          yield* step('one', () => 1)
        } catch (error) {
          tell(error)
        }
        try {
          yield* invoke('double', 4)
        } catch (error) {
          tell(error)
        }
        try {
          yield* childContext(
            'inner',
            step('two', () => 2),
          )
        } catch (error) {
          tell(error)
        }
        return told
      })
    const first = await stage.run('order')
    expect(await stage.result(first)).to.deep.equal([])

    for (const id of ['1', '2', '3']) {
      const Error = { ErrorType: 'Error', ErrorMessage: `no ${id}` }
      const second = await stage.fork(first, id, { Error })
      expect(await stage.result(second)).to.deep.equal([`no ${id}`])
    }
  })

  it('is refused for an operation that never was, a wait that fails, a name that is taken', async () => {
    const stage = new Stage().host('order', function* () {
      yield* wait('1h')
    })
    const first = await stage.run('order')
    await stage.result(first)
    const { DurableExecutionName: name } = await stage.embedded.service.getDurableExecution({
      DurableExecutionArn: first,
    })
    const refusal = async (id: string, more: Partial<ForkRequest> = {}) => {
      const error: unknown = await stage.fork(first, id, more).catch((thrown: unknown) => thrown)
      return `${(error as Error).name}: ${(error as Error).message}`
    }

    expect(await refusal('7')).to.equal(
      'ResourceNotFoundException: The execution has no operation 7.',
    )
    expect(await refusal('1', { Error: {} })).to.equal(
      'InvalidParameterValueException: A WAIT cannot fail.',
    )
    expect(await refusal('1', { DurableExecutionName: name })).to.equal(
      `DurableExecutionAlreadyStartedException: A durable execution named ${name} was already started.`,
    )
  })

  it('is invoked by a service that is restarted before it ever was', async () => {
    const store = new MemoryStore()
    const never = () => new Promise<never>(() => {})
    const made = (answers: boolean) => {
      const embedded = new Embedded({ clock: new VirtualClock(), store })
      const workflow = function* () {
        yield* step('one', () => 1)
        return yield* step('two', () => 2)
      }
      embedded.register('order', answers ? driver.lambdaHandler(workflow) : never)
      return embedded
    }
    const before = made(true)
    const { DurableExecutionArn: arn = '' } = await before.service.invoke({
      FunctionName: 'order',
    })
    const silent = made(false)
    const { DurableExecutionArn } = await silent.service.forkDurableExecution({
      DurableExecutionArn: arn,
      OperationId: '2',
    })
    const kept = [...store.load()].find(({ facts }) => facts.arn === DurableExecutionArn)
    if (!kept) throw new Error('Nothing was kept of it.')
    const { invocation: _inFlight, ...progress } = kept.progress
    store.save([{ arn: DurableExecutionArn, progress, operations: [], events: [] }])

    const after = made(true)
    after.service.resume()
    await after.service.ended(DurableExecutionArn)

    const { Result } = await after.service.getDurableExecution({ DurableExecutionArn })
    expect(Result).to.equal('2')
  })
})
