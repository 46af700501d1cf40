import type {
  CheckpointRequest,
  CheckpointResponse,
  DurableService,
} from '../../checkpoint/port.ts'
import type { Observer } from '../../driver/observer.ts'
import type { StandIn } from '../../driver/stand-in.ts'
import { silent } from '../../driver/workflow-log.ts'
import { describeOperation } from '../../driver/words.ts'
import type { OperationUpdate } from '../../journal/update.ts'
import type { InvocationRequest } from '../../service/invoker.ts'
import { InProcessInvocation, type Handler } from '../in-process-invocation.ts'
import type { Place, Point, PointKind } from './points.ts'
import { Run, type Company, type Finished, type Moment } from './run.ts'
import type { Subject } from './subject.ts'

/** How many of each there have been. */
export interface Counts {
  readonly calls: number
  readonly bodies: number
  readonly invocations: number
}

export interface Plan {
  /** From where the run goes on; from the very beginning when left out. */
  readonly begins?: { readonly moment: Moment; readonly counts: Counts } | undefined
  readonly troubles?: readonly Point[]
  /** Is told of every point that the run comes by. */
  readonly onPoint?: (point: Point, run: Disturbed) => void
}

export interface Disturbance extends Finished {
  readonly counts: Counts
  /** The operations whose bodies were begun, in order. */
  readonly attempted: readonly Place[]
}

/** Runs a subject and disturbs it at the points that the plan names. */
export async function disturb(subject: Subject, plan: Plan): Promise<Disturbance> {
  return new Disturbed(subject, plan).run()
}

interface OpenBody {
  readonly number: number
  /** Whether anything has had its turn since its middle. One that was through by then has not. */
  hasGoneOn: boolean
}

const staleToken = 'c3RhbGU='
/** Microtasks after an answer, by which the workflow's code has gone on with it. */
const microtasksAfterAnswer = 4

export class Disturbed implements Company {
  readonly attempted: Place[] = []
  readonly #run: Run
  readonly #standIn: StandIn
  readonly #plan: Plan
  readonly #troubles: readonly Point[]
  readonly #alive = new Map<string, InProcessInvocation>()
  readonly #staleNext = new Set<string>()
  /** Invocations whose time is to run out at their next end of a body, and what then is left of it. */
  readonly #runOut = new Map<string, number>()
  #goneOn = 0
  #calls: number
  #bodies: number
  #invocations: number

  constructor(subject: Subject, plan: Plan) {
    this.#plan = plan
    this.#troubles = plan.troubles ?? []
    const { calls = 0, bodies = 0, invocations = 0 } = plan.begins?.counts ?? {}
    this.#calls = calls
    this.#bodies = bodies
    this.#invocations = invocations
    this.#standIn = subject.standIn
    this.#run = new Run(subject, this, plan.begins?.moment)
  }

  get counts(): Counts {
    return { calls: this.#calls, bodies: this.#bodies, invocations: this.#invocations }
  }

  /** How many bodies have ended that had gone on after their middle. */
  get goneOn(): number {
    return this.#goneOn
  }

  get version(): number {
    return this.#run.store.version
  }

  moment(): Moment {
    return this.#run.moment()
  }

  async run(): Promise<Disturbance> {
    const finished = await this.#run.run()
    return { ...finished, counts: this.counts, attempted: this.attempted }
  }

  readonly around =
    (handler: Handler): Handler =>
    (event, context) => {
      const { awsRequestId: requestId } = context as { readonly awsRequestId: string }
      if (requestId.endsWith(again)) return handler(event, context)
      const number = (this.#invocations += 1)
      if (this.#is('stale-token', number)) this.#staleNext.add(requestId)
      if (this.#is('deadline', number)) this.#runOut.set(requestId, 0)
      if (this.#is('hand-over', number)) this.#runOut.set(requestId, 1000)
      const second = this.#is('duplicate', number) ? this.#second(requestId, event, handler) : null
      const answer = handler(event, context)
      second?.()
      return answer
    }

  /** Whether anything may happen at the calls or bodies of that number: most go by unseen. */
  #isWatched(number: number): boolean {
    if (this.#plan.onPoint !== undefined || this.#staleNext.size > 0) return true
    return this.#runOut.size > 0 || this.#troubles.some((trouble) => trouble.number === number)
  }

  readonly between = (service: DurableService, request: InvocationRequest): DurableService => ({
    getExecutionState: (asked) => service.getExecutionState(asked),
    checkpoint: (call) => {
      const number = (this.#calls += 1)
      if (!this.#isWatched(number)) return service.checkpoint(call)
      return this.#carry(number, service, request, call)
    },
  })

  readonly observe = (invocation: InProcessInvocation): Observer => {
    const { requestId } = invocation.request
    this.#alive.set(requestId, invocation)
    const open = new Map<string, OpenBody>()
    return {
      attempting: ({ id, words }) => {
        const at = { id, words }
        const number = (this.#bodies += 1)
        if (!this.#isWatched(number)) return void this.attempted.push(at)
        const body = { number, hasGoneOn: false }
        open.set(id, body)
        if (this.#dies('body-begin', number, at, invocation)) throw new Error('The process died.')
        this.attempted.push(at)
        queueMicrotask(() => {
          if (open.get(id) !== body) return
          queueMicrotask(() => (body.hasGoneOn = true))
          this.#dies('body-middle', number, at, invocation)
        })
      },
      attempted: ({ id, words }) => {
        const body = open.get(id)
        if (!body) return
        open.delete(id)
        if (body.hasGoneOn) this.#goneOn += 1
        const left = this.#runOut.get(requestId)
        this.#runOut.delete(requestId)
        if (left !== undefined) this.#letTimePass(invocation, left)
        else this.#dies('body-end', body.number, { id, words }, invocation)
      },
      dropped: ({ id }) => void open.delete(id),
    }
  }

  async #carry(
    number: number,
    service: DurableService,
    { requestId }: InvocationRequest,
    call: CheckpointRequest,
  ): Promise<CheckpointResponse> {
    const at = placeOf(call.Updates ?? [])
    const invocation = this.#alive.get(requestId)
    if (this.#dies('before-call', number, at, invocation)) return new Promise<never>(() => {})
    const isStale = this.#staleNext.delete(requestId)
    const sent = isStale ? { ...call, CheckpointToken: staleToken } : call
    const answer = await service.checkpoint(sent)
    if (this.#dies('lost-answer', number, at, invocation)) return new Promise<never>(() => {})
    void this.#afterwards(() => {
      if (invocation?.isOver === false) this.#dies('after-answer', number, at, invocation)
    })
    return answer
  }

  /** Passes a point. Answers whether the invocation has died there. */
  #dies(
    kind: PointKind,
    number: number,
    at: Place | undefined,
    invocation: InProcessInvocation | undefined,
  ): boolean {
    const isTrouble = this.#is(kind, number, at)
    if (isTrouble) invocation?.crash()
    return isTrouble
  }

  #is(kind: PointKind, number: number, at?: Place): boolean {
    this.#plan.onPoint?.({ kind, number, at }, this)
    return this.#troubles.some((trouble) => trouble.kind === kind && trouble.number === number)
  }

  #letTimePass({ request }: InProcessInvocation, left: number): void {
    const { clock } = this.#run
    clock.advance(Math.max(0, request.deadline - left - clock.now()))
  }

  async #afterwards(then: () => void): Promise<void> {
    for (let i = 0; i < microtasksAfterAnswer; i++) await Promise.resolve()
    then()
  }

  /** The same event once more, to run beside the first. */
  #second(requestId: string, event: unknown, handler: Handler): (() => void) | null {
    const first = this.#alive.get(requestId)
    if (!first) return null
    const request = {
      ...first.request,
      requestId: requestId + again,
      event: JSON.parse(JSON.stringify(event)) as unknown,
    }
    const { clock, random, embedded } = this.#run
    const service: DurableService = {
      checkpoint: (call) => embedded.service.checkpointDurableExecution(call),
      getExecutionState: (call) => embedded.service.getDurableExecutionState(call),
    }
    const second = new InProcessInvocation(request, {
      clock,
      random,
      service: this.between(service, request),
      observe: (invocation) => ({
        observer: this.observe(invocation),
        log: silent,
        standIn: this.#standIn,
      }),
    })
    // Nobody listens to what becomes of it.
    return () => void second.run(handler).catch(() => undefined)
  }
}

const again = '-again'

/** What a call is mostly about: the end that it reports, or else what it reports last. */
function placeOf(updates: readonly OperationUpdate[]): Place | undefined {
  const ended = updates.findLast(({ Action }) => Action !== 'START')
  const update = ended ?? updates.at(-1)
  if (!update) return undefined
  const { Id: id, Type: type, SubType: subType, Name } = update
  return { id, words: describeOperation({ type, subType }, Name) }
}
