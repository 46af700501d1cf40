import type { DurableService } from '../../../lib/checkpoint/port.ts'
import type { Checkpointing } from '../../../lib/driver/environment.ts'
import type { OperationRecord } from '../../../lib/journal/record.ts'
import { nextTurn, sleep } from '../../../lib/kernel/clock.ts'
import type { Coroutine, WorkflowContext } from '../../../lib/operations/workflow.ts'
import { InvocationFailure, type InvocationRequest } from '../../../lib/service/invoker.ts'
import { MemoryStore } from '../../../lib/service/memory-store.ts'
import type { StoredExecution } from '../../../lib/service/store.ts'
import { Embedded, type Handler } from '../../../lib/testing/embedded.ts'
import { countedRandom } from '../../../lib/testing/explore/counted-random.ts'
import { InProcessInvocation } from '../../../lib/testing/in-process-invocation.ts'
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts'
import { Crowd } from './crowd.ts'
import type { BodyFault, CallFault, CallTrouble, DeliveryFault, Fault, Places } from './faults.ts'
import { functions } from './functions.ts'
import { handlerOf } from './handler-of.ts'
import { Outside } from './outside.ts'
import type { Pace } from './pace.ts'
import type { CallbackAnswer } from './plan.ts'
import { Seam, type Wire } from './seam.ts'
import { Stage, type House } from './stage.ts'
import type { Entry } from './transcript.ts'

/** What a run is made of, its troubles aside. */
export interface Setting {
  readonly mode: Checkpointing
  /** Milliseconds that a message takes, each way. */
  readonly latency: number
  /** Records in a page of state, and in the event of an invocation. */
  readonly pageItems: number
  readonly determinism?: 'off' | 'check'
}

export interface Script extends Setting {
  /** The code that the n-th invocation runs, counted from 1. */
  readonly code: (stage: Stage, invocation: number) => Coroutine<unknown>
  readonly faults: readonly Fault[]
  /** From what the order is drawn in which bodies end that take their turns. */
  readonly order?: number
}

/** What was seen of a run, and what it left behind. */
export interface Witnessed {
  readonly entries: readonly Entry[]
  readonly execution: StoredExecution
  readonly places: Places
  /** What the service has recorded when the n-th invocation begins. */
  readonly atInvocation: readonly (readonly OperationRecord[])[]
}

const functionName = 'workflow'
/** By what time passes at once while bodies are under way, in milliseconds. */
const strides = [1, 20, 500, 1000]
/** Nothing in a plan takes so long: when time gets there, the execution hangs. */
const endOfPatience = 30 * 86_400_000
/** Turns of the event loop without an entry or a change, after which nothing is going on. */
const quietTurns = 6

/** Runs one execution of a workflow on the embedded service, time moved by hand. */
export class World implements House, Wire {
  readonly #script: Script
  readonly #clock = new VirtualClock({ auto: false })
  readonly #random = countedRandom()
  readonly #store = new MemoryStore()
  readonly #embedded: Embedded
  readonly #handler: Handler
  readonly #entries: Entry[] = []
  readonly #numbers = new Map<string, number>()
  readonly #alive = new Map<string, InProcessInvocation>()
  readonly #superseded = new Set<number>()
  readonly #atInvocation: (readonly OperationRecord[])[] = []
  readonly #outside: Outside
  readonly #crowd: Crowd
  #arn = ''
  #calls = 0
  #bodies = 0
  #deliveries = 0

  constructor(script: Script) {
    this.#script = script
    this.#embedded = new Embedded({
      clock: this.#clock,
      random: this.#random,
      store: this.#store,
      limits: { envelopeItems: script.pageItems },
      between: (service, request) => this.#between(service, request),
      observe: (invocation) => this.#observe(invocation),
    })
    this.#outside = new Outside(this.#embedded.service, this.#clock)
    this.#crowd = new Crowd(script.order ?? 0)
    this.#handler = handlerOf(
      script.mode,
      (_input, context) => {
        const { number, crash } = this.#facts(context)
        return script.code(new Stage(this, number, crash), number)
      },
      script.determinism,
    )
  }

  async run(): Promise<Witnessed> {
    for (const [name, { handler, settings }] of Object.entries(functions)) {
      this.#embedded.register(name, handler, settings)
    }
    this.#embedded.register(functionName, (event, context) => this.#handle(event, context))
    const { DurableExecutionArn = '' } = await this.#embedded.service.invoke({
      FunctionName: functionName,
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      Payload: 'null',
    })
    this.#arn = DurableExecutionArn
    const patience = this.#clock.now() + endOfPatience
    await this.#quiet()
    while (this.#execution().progress.status === 'RUNNING') {
      await this.#goOn()
      if (this.#clock.now() > patience) throw new Error('The execution hangs: nothing moves it.')
    }
    if (this.#outside.problem) throw this.#outside.problem
    return {
      entries: this.#entries,
      execution: this.#execution(),
      places: { call: this.#calls, body: this.#bodies, invocation: this.#deliveries },
      atInvocation: this.#atInvocation,
    }
  }

  note(entry: Entry): void {
    this.#entries.push(entry)
  }

  get pageItems(): number {
    return this.#script.pageItems
  }

  nextCall(): number {
    this.#calls += 1
    return this.#calls
  }

  nextBody(): number {
    this.#bodies += 1
    return this.#bodies
  }

  supersede(invocation: number): void {
    this.#superseded.add(invocation)
  }

  troubleAt(call: number): CallTrouble | undefined {
    return this.#fault<CallFault>('call', call)?.what
  }

  diesAt(when: 'begin' | 'end', body: number): boolean {
    return this.#fault<BodyFault>('body', body)?.when === when
  }

  travel(): void {
    this.#clock.advance(this.#script.latency)
  }

  expect(callbackId: string, answer: CallbackAnswer): void {
    this.#outside.ask(callbackId, answer)
  }

  async pass(pace: Pace): Promise<void> {
    if (pace === 'open') return this.#crowd.wait()
    if (typeof pace === 'number') return turnsPass(pace)
    return sleep(this.#clock, pace.milliseconds)
  }

  #between(service: DurableService, { functionName: name, requestId }: InvocationRequest) {
    if (name !== functionName) return service
    const invocation = this.#numbers.size + 1
    this.#numbers.set(requestId, invocation)
    return new Seam(service, this, { invocation, crash: () => this.#alive.get(requestId)?.crash() })
  }

  #observe(invocation: InProcessInvocation): undefined {
    this.#alive.set(invocation.request.requestId, invocation)
  }

  async #handle(event: unknown, context: unknown): Promise<unknown> {
    const { requestId, number } = this.#facts({ lambda: context as object })
    const invocation = this.#alive.get(requestId)
    this.#atInvocation[number - 1] = this.#records()
    const { InitialExecutionState } = event as Event
    this.note({ invocation: number, what: 'invoked' })
    this.note({ invocation: number, what: 'told', records: InitialExecutionState.Operations })
    const again = this.#deliveredAgain(requestId, event)
    if (again?.order === 'before') again.deliver()
    try {
      const answering = this.#handler(event, context) as Promise<{ readonly Status: string }>
      if (again?.order === 'beside') again.deliver()
      const answer = await answering
      if (invocation?.isOver !== true) {
        const records = this.#records()
        this.note({ invocation: number, what: 'returned', status: answer.Status, records })
      }
      if (answer.Status !== 'PENDING' || !this.#superseded.has(number)) return answer
    } catch (error) {
      this.note({ invocation: number, what: 'threw', message: (error as Error).message })
      throw error
    } finally {
      if (again?.order === 'late') nextTurn(again.deliver)
    }
    // The answer of a superseded invocation does not count.
    throw new InvocationFailure('Runtime.Superseded', 'Another invocation takes its place.')
  }

  /** Where this delivery is one of those that come twice: when, and how to make the second one. */
  #deliveredAgain(requestId: string, event: unknown) {
    if (requestId.endsWith('-again')) return undefined
    this.#deliveries += 1
    const fault = this.#fault<DeliveryFault>('invocation', this.#deliveries)
    const first = this.#alive.get(requestId)
    if (!fault || !first) return undefined
    const request = {
      ...first.request,
      requestId: `${requestId}-again`,
      event: JSON.parse(JSON.stringify(event)) as unknown,
    }
    const { service } = this.#embedded
    const plain: DurableService = {
      checkpoint: (call) => service.checkpointDurableExecution(call),
      getExecutionState: (call) => service.getDurableExecutionState(call),
    }
    const deliver = (): void => {
      const invocation = new InProcessInvocation(request, {
        clock: this.#clock,
        random: this.#random,
        service: this.#between(plain, request),
        observe: (one) => this.#observe(one),
      })
      // Nobody listens to what becomes of it; the transcript says.
      invocation.run((again, context) => this.#handle(again, context)).catch(() => undefined)
    }
    return { order: fault.order, deliver }
  }

  #facts({ lambda }: Pick<WorkflowContext, 'lambda'>) {
    const { awsRequestId: requestId } = lambda as { readonly awsRequestId: string }
    const number = this.#numbers.get(requestId) ?? 0
    return { requestId, number, crash: () => this.#alive.get(requestId)?.crash() }
  }

  #fault<F extends Fault>(at: F['at'], place: number): F | undefined {
    return this.#script.faults.find((one): one is F => one.at === at && one.index === place - 1)
  }

  #execution(): StoredExecution {
    for (const stored of this.#store.load()) if (stored.facts.arn === this.#arn) return stored
    throw new Error('Nothing is stored of the execution.')
  }

  #records(): OperationRecord[] {
    // Before the call that starts the execution is answered, its ARN is not known here.
    for (const stored of this.#store.load()) {
      if (stored.facts.functionName === functionName) return stored.operations.map(recordOf)
    }
    return []
  }

  /** Lets a body end, or several; or lets time pass, on to the next moment where no body is under way. */
  async #goOn(): Promise<void> {
    if (this.#crowd.isEmpty) this.#clock.next()
    else if (this.#crowd.draw(4) > 0) this.#crowd.release()
    else this.#clock.advance(strides[this.#crowd.draw(strides.length)] ?? 0)
    if (this.#crowd.isEmpty || this.#crowd.draw(3) > 0) await this.#quiet()
    else await turnsPass(this.#crowd.draw(4))
  }

  async #quiet(): Promise<void> {
    for (let seen = -1, quiet = 0; quiet < quietTurns; quiet++) {
      const activity = this.#entries.length + this.#calls + this.#execution().events.length
      if (activity !== seen) quiet = 0
      seen = activity
      await new Promise<void>(nextTurn)
    }
  }
}

interface Event {
  readonly InitialExecutionState: { readonly Operations: readonly OperationRecord[] }
}

function recordOf({ record }: { readonly record: OperationRecord }): OperationRecord {
  return record
}

async function turnsPass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>(nextTurn)
}
