import { expect } from 'chai'
import fc from 'fast-check'
import type { OperationRecord } from '../../lib/journal/record.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import { isPending } from '../../lib/service/execution.ts'
import { Refusal } from '../../lib/service/refusal.ts'
import type { Store, StoredExecution } from '../../lib/service/store.ts'
import { ByHand, rest } from './by-hand.ts'

const ids = ['1', '2', '3', '1-1', '1-2', '2-1', '1-1-1'] as const
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

/** Updates of which many make sense, and many do not. */
const anUpdate: fc.Arbitrary<OperationUpdate> = fc
  .record({
    Id: fc.constantFrom(...ids),
    kind: fc.constantFrom(
      ...([
        ['STEP', 'START'],
        ['STEP', 'SUCCEED'],
        ['STEP', 'FAIL'],
        ['STEP', 'RETRY'],
        ['CONTEXT', 'START'],
        ['CONTEXT', 'START'],
        ['CONTEXT', 'SUCCEED'],
        ['CONTEXT', 'FAIL'],
        ['WAIT', 'START'],
        ['WAIT', 'CANCEL'],
        ['CALLBACK', 'START'],
        ['CHAINED_INVOKE', 'START'],
        ['CHAINED_INVOKE', 'CANCEL'],
      ] as const),
    ),
    isChild: fc.boolean(),
    Payload: optional(fc.constantFrom('1', '"two"')),
    Error: optional(fc.constant({ ErrorType: 'Broken' })),
    seconds: fc.integer({ min: 0, max: 4 }),
    ReplayChildren: fc.boolean(),
    FunctionName: fc.constantFrom('price', 'ship', 'nobody'),
  })
  .map(({ Id, kind: [Type, Action], isChild, seconds, ReplayChildren, FunctionName, ...rest }) => ({
    Id,
    Type,
    Action,
    ...(isChild && Id.includes('-') ? { ParentId: Id.slice(0, Id.lastIndexOf('-')) } : {}),
    ...(Action === 'FAIL' || rest.Payload === undefined ? {} : { Payload: rest.Payload }),
    ...(Action === 'SUCCEED' || rest.Error === undefined ? {} : { Error: rest.Error }),
    ...(Type === 'WAIT' ? { WaitOptions: { WaitSeconds: seconds } } : {}),
    ...(Action === 'RETRY' ? { StepOptions: { NextAttemptDelaySeconds: seconds } } : {}),
    ...(Type === 'CALLBACK' ? { CallbackOptions: { TimeoutSeconds: seconds * 2 } } : {}),
    ...(Type === 'CONTEXT' ? { ContextOptions: { ReplayChildren } } : {}),
    ...(Type === 'CHAINED_INVOKE' ? { ChainedInvokeOptions: { FunctionName } } : {}),
  }))

/** What a handler sends at once. */
export const aBatch = fc.array(anUpdate, { maxLength: 4 })

/** One thing that happens to an execution. */
export type Move =
  | { readonly kind: 'batch'; readonly updates: OperationUpdate[] }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'call' | 'beat' | 'reject' | 'callee' }
  | { readonly kind: 'pending' | 'crash' | 'throw' | 'succeed' | 'end' | 'stop' }

export const aMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('batch' as const), updates: aBatch }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      seconds: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('call', 'beat', 'reject', 'callee') }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('pending', 'crash', 'throw') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('pending', 'succeed', 'end', 'stop') }),
  },
)

/** An execution under random moves, seen from its handler and from its store. */
export class Play<S extends Store = Store> {
  readonly stage: ByHand
  readonly store: S
  readonly #seen = new Map<string, OperationRecord>()
  readonly #view = new Map<string, string>()
  #viewOf: unknown
  arn = ''
  refusals = 0

  constructor(store: S) {
    this.store = store
    this.stage = new ByHand({ store, limits: { envelopeItems: 4, pageItems: 1000 } })
    this.register(this.stage)
  }

  register({ service }: ByHand): void {
    service.register({ name: 'orders', durable: { executionTimeoutSeconds: 60 } })
    service.register({ name: 'price' })
    service.register({ name: 'ship', durable: { executionTimeoutSeconds: 9 } })
  }

  async begin(): Promise<void> {
    this.arn = (await this.stage.start({ durable: { executionTimeoutSeconds: 60 } })).arn
    await this.#look()
  }

  stored(): StoredExecution[] {
    return [...this.store.load()]
  }

  async make(move: Move): Promise<void> {
    const mine = this.stage.invocations.filter(({ request }) => request.executionArn === this.arn)
    const latest = mine.at(-1)
    const { service } = this.stage
    switch (move.kind) {
      case 'batch': {
        const before = JSON.stringify(this.stored())
        try {
          const response = await latest?.checkpoint(...move.updates)
          for (const record of response?.NewExecutionState.Operations ?? []) {
            this.#view.set(record.Id, JSON.stringify(record))
          }
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          this.refusals += 1
          expect(JSON.stringify(this.stored())).to.equal(before)
        }
        break
      }
      case 'pass':
        await this.stage.pass(move.seconds)
        break
      case 'call':
      case 'reject':
      case 'beat': {
        const open = [...(this.stored()[0]?.operations ?? [])].find(
          ({ record }) => record.Type === 'CALLBACK' && record.Status === 'STARTED',
        )?.record
        const CallbackId = (open?.Type === 'CALLBACK' && open.CallbackDetails?.CallbackId) || 'AAAA'
        const call = {
          call: () => service.sendDurableExecutionCallbackSuccess({ CallbackId, Result: '1' }),
          reject: () => service.sendDurableExecutionCallbackFailure({ CallbackId }),
          beat: () => service.sendDurableExecutionCallbackHeartbeat({ CallbackId }),
        }[move.kind]
        await call().catch(allowRefusal)
        break
      }
      case 'callee':
        await this.stage.invocations
          .find(({ request }) => request.executionArn !== this.arn)
          ?.succeed('"done"')
        break
      case 'pending':
        await latest?.pending()
        break
      case 'crash':
        await latest?.crash()
        break
      case 'throw':
        await latest?.throw(new Error('it broke'))
        break
      case 'succeed':
        await latest?.succeed('"done"')
        break
      case 'end':
        await latest
          ?.checkpoint({ Id: 'x', Type: 'EXECUTION', Action: 'SUCCEED' })
          .catch(allowRefusal)
        break
      case 'stop':
        await service.stopDurableExecution({ DurableExecutionArn: this.arn })
    }
    await rest()
    await this.#look()
  }

  async check(): Promise<void> {
    const { Events } = await this.stage.service.getDurableExecutionHistory({
      DurableExecutionArn: this.arn,
      MaxItems: 1000,
    })
    const types = Events.map(({ EventType }) => EventType as string)
    expect(Events.map(({ EventId }) => EventId)).to.deep.equal(Events.map((_, index) => index + 1))
    const times = Events.map(({ EventTimestamp }) => EventTimestamp.getTime())
    expect(times).to.deep.equal([...times].sort((a, b) => a - b))
    expect(types.indexOf('ExecutionStarted')).to.equal(0)

    const [orders] = this.stored()
    if (!orders) throw new Error('The execution is not stored.')
    const { status, invocation, retryAt } = orders.progress
    const ends = types.filter((type) => /^Execution(?!Started)/.test(type))
    expect(ends).to.have.length(status === 'RUNNING' ? 0 : 1)
    if (status !== 'RUNNING') expect(types.at(-1)).to.equal(ends[0])
    const pending = orders.operations.some(({ record }) => isPending(record))
    const canGoOn = pending || invocation !== undefined || retryAt !== undefined
    expect(canGoOn || status !== 'RUNNING', 'can go on').to.equal(true)

    for (const { record } of orders.operations) {
      const seen = this.#seen.get(record.Id)
      if (seen?.EndTimestamp !== undefined) expect(record).to.deep.equal(seen)
      this.#seen.set(record.Id, record)
    }
  }

  /** What the handler holds: all there was when it was invoked, and what it was told since. */
  async #look(): Promise<void> {
    const [orders] = this.stored()
    const { invocation } = orders?.progress ?? {}
    const mine = this.stage.invocations.filter(({ request }) => request.executionArn === this.arn)
    const latest = mine.at(-1)
    if (!invocation || latest?.request.requestId !== invocation.requestId) return
    const state = async () =>
      (
        await this.stage.service.getDurableExecutionState({
          DurableExecutionArn: this.arn,
          CheckpointToken: latest.token,
          MaxItems: 1000,
        })
      ).Operations
    if (this.#viewOf !== latest) {
      this.#viewOf = latest
      this.#view.clear()
      const { Operations, NextMarker } = latest.envelope.InitialExecutionState
      for (const record of Operations) this.#view.set(record.Id, JSON.stringify(record))
      if (NextMarker !== '') {
        for (const record of await state()) this.#view.set(record.Id, JSON.stringify(record))
      }
      return
    }
    // An empty checkpoint brings the view up to date; then it is the state, but for what is hidden.
    const { NewExecutionState } = await latest.checkpoint()
    for (const record of NewExecutionState.Operations) {
      this.#view.set(record.Id, JSON.stringify(record))
    }
    for (const record of await state()) {
      expect(JSON.parse(this.#view.get(record.Id) ?? '{}')).to.deep.equal(
        JSON.parse(JSON.stringify(record)),
      )
    }
  }
}

/** Passes over a refusal, and nothing else. */
export function allowRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}
