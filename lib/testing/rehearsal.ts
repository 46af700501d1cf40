import type { Observer } from '../driver/observer.ts'
import type { ErrorRecord } from '../kernel/error-record.ts'
import type { InvocationRequest } from '../service/invoker.ts'
import { Embedded, type Handler } from './embedded.ts'
import type { InProcessInvocation, Onlooker } from './in-process-invocation.ts'
import type { Scenario } from './scenario.ts'
import { transcribe, type InvocationTranscript, type Scribe } from './transcript.ts'
import { World } from './world.ts'

/** How a rehearsed execution went. */
export interface Rehearsed {
  readonly executionArn: string
  /** RUNNING when neither the scenario nor any timer could move the execution any further. */
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED'
  /** The result's payload, as text. */
  readonly result: string | undefined
  readonly error: ErrorRecord | undefined
  readonly invocations: readonly InvocationTranscript[]
  /** Names of callbacks that are waited for and that the scenario does not answer. */
  readonly unanswered: readonly string[]
  /** What the scenario has and nothing came of: callbacks never made, steps never done. */
  readonly unused: { readonly callbacks: readonly string[]; readonly crashes: readonly string[] }
}

export interface RehearsalOptions {
  /** For handlers whose driver does not say itself. */
  readonly determinism?: 'off' | 'check' | undefined
}

const functionName = 'workflow'

/** Runs a handler to its end on the embedded service, with `scenario` as the world around it. */
export async function rehearse(
  handler: Handler,
  scenario: Scenario,
  onInvocation: (transcript: InvocationTranscript) => void = () => {},
  { determinism }: RehearsalOptions = {},
): Promise<Rehearsed> {
  const invocations: InvocationTranscript[] = []
  const crashes = new Set(scenario.crashes)
  let current: { readonly request: InvocationRequest; readonly scribe: Scribe } | undefined
  let notice = () => {}
  const embedded = new Embedded({
    determinism,
    observe,
    between: (service, request) => ({
      getExecutionState: (call) => service.getExecutionState(call),
      checkpoint: (call) => {
        if (request === current?.request) current.scribe.sent(call.Updates ?? [])
        return service.checkpoint(call)
      },
    }),
    onEnd: (request, failure) => {
      if (request === current?.request) {
        if (failure !== undefined) current.scribe.died(failure)
        tell()
      }
      notice()
    },
  })

  function tell(): void {
    if (current) onInvocation(current.scribe.transcript)
    current = undefined
  }

  function observe(invocation: InProcessInvocation): Onlooker | undefined {
    const { request } = invocation
    if (request.functionName !== functionName) return undefined
    // One that is out of time is over for the service, whether its code has noticed or not.
    tell()
    const scribe = transcribe(invocations.length + 1, embedded.clock.now())
    const { observer, log, transcript } = scribe
    invocations.push(transcript)
    current = { request, scribe }
    const attempted: Observer['attempted'] = (position, attempt, outcome) => {
      observer.attempted?.(position, attempt, outcome)
      if (position.name === undefined || !crashes.delete(position.name)) return
      transcript.entries.push({ what: 'crashed', id: position.id, words: position.words })
      invocation.crash()
    }
    return { observer: { ...observer, attempted }, log }
  }

  embedded.register(functionName, handler)
  for (const [name, one] of Object.entries(scenario.functions ?? {})) {
    if ('durable' in one) embedded.register(name, one.durable)
    else embedded.register(name, (input) => one.plain(input as never), { durable: false })
  }
  const started = await embedded.service.invoke({
    FunctionName: functionName,
    Qualifier: '$LATEST',
    InvocationType: 'Event',
    Payload: JSON.stringify(scenario.input ?? null),
  })
  const executionArn = started.DurableExecutionArn ?? ''
  const world = new World(embedded, executionArn, scenario)
  notice = world.notice
  await world.settle()
  tell()
  const { Status, Result, Error } = await embedded.service.getDurableExecution({
    DurableExecutionArn: executionArn,
  })
  return {
    executionArn,
    status: Status,
    result: Result,
    error: Error,
    invocations,
    unanswered: world.unanswered,
    unused: { callbacks: world.unused, crashes: [...crashes] },
  }
}
