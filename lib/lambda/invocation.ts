import { Checkpointer } from '../checkpoint/checkpointer.ts'
import { ServiceFailure } from '../checkpoint/failures.ts'
import { loadRecords } from '../checkpoint/load-records.ts'
import type { DurableService } from '../checkpoint/port.ts'
import { drive, type Outcome } from '../driver/drive.ts'
import type { Environment } from '../driver/environment.ts'
import { Machine } from '../driver/machine.ts'
import { Signal } from '../driver/signal.ts'
import { replayAware, withFields } from '../driver/workflow-log.ts'
import { Workshop } from '../driver/workshop.ts'
import { Journal } from '../journal/journal.ts'
import { toEpochMilliseconds } from '../journal/time.ts'
import { PerdureError } from '../kernel/errors.ts'
import { trace } from '../kernel/log.ts'
import type { Log } from '../kernel/logger.ts'
import { begin } from '../operations/member.ts'
import type { Workflow, WorkflowContext } from '../operations/workflow.ts'
import { failure, success } from './answers.ts'
import { checkRecords, type Answer, type Envelope } from './envelope.ts'
import type { Ports } from './host.ts'
import { readInput } from './input.ts'
import type { HandlerOptions, Settings } from './options.ts'
import { explain, reportForgotten } from './reports.ts'

/** All that one invocation of a durable function is made of. */
export interface Order {
  readonly workflow: Workflow<never>
  readonly schemas: HandlerOptions<unknown, unknown>
  readonly settings: Settings
  readonly envelope: Envelope
  readonly ports: Ports
  readonly service: DurableService
  readonly lambda: LambdaContext
  readonly log: Log
}

/** What is read of Lambda's own context. */
export interface LambdaContext {
  readonly awsRequestId?: string
  readonly tenantId?: string
  getRemainingTimeInMillis?(): number
}

/** Runs one invocation to its answer. Throws what Lambda is to retry with a fresh one. */
export async function runInvocation(order: Order): Promise<Answer> {
  try {
    return await answered(order)
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    const refusal = new PerdureError(
      'CHECKPOINT_FAILED',
      `The durable execution service did not take part: ${error.message}`,
      { cause: error.cause },
    )
    if (error.scope !== 'execution') throw refusal
    return failure(order, refusal)
  }
}

async function answered(order: Order): Promise<Answer> {
  const { envelope, ports, service, settings, lambda, log } = order
  const { DurableExecutionArn: executionArn, CheckpointToken: token } = envelope
  const { Operations: first, NextMarker: marker } = envelope.InitialExecutionState
  const rest = await loadRecords(service, { executionArn, token, marker })
  checkRecords(rest, 'Operations')
  const journal = new Journal(rest.length > 0 ? [...first, ...rest] : first)

  const input = await readInput(order, journal)
  if (!input.ok) return failure(order, input.error)

  const facts = {
    executionArn,
    ...(lambda.awsRequestId === undefined ? {} : { requestId: lambda.awsRequestId }),
    ...(lambda.tenantId === undefined ? {} : { tenantId: lambda.tenantId }),
  }
  const ownLog = withFields(log, facts)
  const context: WorkflowContext = {
    log: replayAware(ownLog, settings.replayLogs, () => machine.isReplaying),
    executionArn,
    executionName: nameIn(executionArn),
    get isReplaying() {
      return machine.isReplaying
    },
    lambda,
    startedAt: new Date(toEpochMilliseconds(journal.execution.StartTimestamp) ?? 0),
  }
  const env: Environment = {
    ...settings,
    executionArn,
    clock: ports.clock,
    context,
    log: (fields) => withFields(ownLog, fields),
  }
  const machine = new Machine(journal, env, ports.observer)
  const start = (its: WorkflowContext) => () =>
    begin(() => order.workflow(input.read() as never, its), 'the workflow')
  machine.start(start(context))

  const checkpointer = new Checkpointer({
    service,
    executionArn,
    token,
    clock: ports.clock,
    random: ports.random,
    remaining: () => lambda.getRemainingTimeInMillis?.() ?? Infinity,
  })
  const signal = new Signal()
  const workshop = new Workshop(env, ports.observer, (job, outcome) => {
    if (ports.isOver()) return
    try {
      machine.settle(job, outcome)
      signal.wake()
    } catch (error) {
      signal.fail(error)
    }
  })
  let outcome: Outcome
  try {
    outcome = await drive(machine, {
      checkpointer,
      begin: (job) => void (ports.isOver() || workshop.begin(job)),
      signal,
    })
  } finally {
    workshop.abandon()
  }
  trace.lambda('%s %s', executionArn, outcome.how)

  const report = { journal, env, start, machine }
  switch (outcome.how) {
    case 'suspended':
      ports.observer.suspended?.(outcome.reasons)
      return { Status: 'PENDING' }
    case 'stopped':
      return failure(order, explain(outcome, report))
    case 'threw':
      return failure(order, reportForgotten(report, ownLog) ?? outcome.error)
    case 'returned': {
      const forgotten = reportForgotten(report, ownLog)
      return forgotten ? failure(order, forgotten) : success(order, outcome.value, checkpointer)
    }
  }
}

/** The name in `…/durable-execution/<name>/<id>`; the whole where the ARN is of another form. */
function nameIn(executionArn: string): string {
  return /\/durable-execution\/([^/]+)\/[^/]+$/.exec(executionArn)?.[1] ?? executionArn
}
