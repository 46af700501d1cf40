import { expect } from 'chai'
import { driver, retry, step, waitForCallback, type Workflow } from 'perdure'
import {
  cloudRunner,
  Embedded,
  run,
  type CloudCalls,
  type OperationHandle,
  type RunResult,
} from 'perdure/testing'

function* order(id: string) {
  yield* step('charge', () => Promise.reject(new TypeError(`no card for ${id}`)), {
    retry: retry.none,
  })
}

function* approved(id: string) {
  const paid = yield* step('charge', () => `ch_${id}`)
  const answer = yield* waitForCallback('approve', () => undefined, { timeout: '1h' })
  return { paid, answer }
}

const callbacks = { approve: { succeed: { ok: true }, after: '20s' } } as const

/** The same workflow on virtual time, and as a deployed function seen through a client. */
async function both(workflow: Workflow<string>) {
  const embedded = new Embedded()
  const { service } = embedded
  embedded.register('orders', driver.lambdaHandler(workflow))
  const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)
  const client: CloudCalls = {
    invoke: async (request) => service.invoke({ ...request, Payload: text(request.Payload) }),
    getDurableExecution: async (request) => service.getDurableExecution(request),
    getDurableExecutionHistory: async (request) => service.getDurableExecutionHistory(request),
    sendDurableExecutionCallbackSuccess: async ({ CallbackId, Result }) =>
      service.sendDurableExecutionCallbackSuccess({ CallbackId, Result: text(Result) }),
    sendDurableExecutionCallbackFailure: async (request) =>
      service.sendDurableExecutionCallbackFailure(request),
    sendDurableExecutionCallbackHeartbeat: async (request) =>
      service.sendDurableExecutionCallbackHeartbeat(request),
    stopDurableExecution: async (request) => service.stopDurableExecution(request),
  }
  const runner = cloudRunner({
    client,
    functionName: 'orders',
    qualifier: '$LATEST',
    clock: embedded.clock,
  })
  return [
    await run(workflow, { input: 'o-1', callbacks }),
    await runner.run('o-1', { callbacks }),
  ] as RunResult[]
}

/** What can be asked of a handle, but for when it was and what the service calls things. */
function handleOf(handle: OperationHandle): object {
  const { id, name, type, subType, status, result, attempts, words, children } = handle
  const details = Object.keys(handle.details).sort()
  const times = [handle.startedAt, handle.endedAt].map((time) => time instanceof Date)
  const error = handle.error && [handle.error.name, handle.error.message]
  const ids = children.map((child) => child.id)
  return { id, name, type, subType, status, result, error, attempts, words, details, times, ids }
}

function surfaceOf(result: RunResult): object {
  const { status, payload, errorRecord, unanswered, waitsFor } = result
  return {
    members: membersOf(result),
    status,
    payload,
    errorRecord: errorRecord && { ...errorRecord, StackTrace: undefined },
    error: result.error && [result.error.name, result.error.message],
    value: status === 'SUCCEEDED' ? result.value : undefined,
    unanswered,
    waitsFor,
    unused: Object.keys(result.unused).sort(),
    operations: result.operations().map(handleOf),
    succeeded: result.operations({ status: 'SUCCEEDED' }).length,
    invocations: result.invocations.map((one) => [one.number, one.hasDied, membersOf(one)]),
    // Ids and names of executions are the service's.
    events: result.events.map((event) => [
      event.EventType,
      event.ParentId,
      Object.keys(event).sort(),
    ]),
    printed: result.print().replace(/\d+(\.\d+)?(ms|s|m)\b/g, '<time>'),
  }
}

function membersOf(value: object): string[] {
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(value) as object)
  return [...Object.keys(value), ...inherited].sort()
}

describe('the surface of a cloud run', () => {
  for (const workflow of [approved, order]) {
    it(`is that of a run on virtual time: ${workflow.name}`, async () => {
      const [here, there] = (await both(workflow)).map(surfaceOf)

      expect(there).to.deep.equal(here)
    })
  }

  it('does not tell what its invocations did, as no history has that', async () => {
    const [here, there] = await both(approved)

    expect(here?.invocations.map(({ ran }) => ran.length)).to.deep.equal([2, 0])
    expect(there?.invocations.map(({ ran }) => ran.length)).to.deep.equal([0, 0])
  })
})
