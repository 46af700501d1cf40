import { Checkpointer } from '../checkpoint/checkpointer.ts'
import { ServiceFailure } from '../checkpoint/failures.ts'
import { loadRecords } from '../checkpoint/load-records.ts'
import { Deadline } from '../driver/deadline.ts'
import { drive, type Outcome } from '../driver/drive.ts'
import type { Environment } from '../driver/environment.ts'
import { Machine } from '../driver/machine.ts'
import { misusedAsResult } from '../driver/misuse.ts'
import type { Job } from '../driver/parking.ts'
import { Refresher } from '../driver/refresher.ts'
import { Signal } from '../driver/signal.ts'
import { Workshop } from '../driver/workshop.ts'
import { Journal } from '../journal/journal.ts'
import { isSettled } from '../journal/record.ts'
import { isPerdureError, PerdureError } from '../kernel/errors.ts'
import type { Settled } from '../kernel/settled.ts'
import { trace } from '../kernel/log.ts'
import type { WorkflowContext } from '../operations/workflow.ts'
import { failure, success } from './answers.ts'
import { checkRecords, type Answer } from './envelope.ts'
import { readInput } from './input.ts'
import type { Order } from './order.ts'
import { explain, reportForgotten } from './reports.ts'
import { environmentOf, executionLog } from './surroundings.ts'

/** Runs one invocation to its answer. Throws what Lambda is to retry with a fresh one. */
export async function runInvocation(order: Order): Promise<Answer> {
  try {
    const journal = await readJournal(order)
    const input = await readInput(order, journal)
    return input.ok ? await run(order, journal, input.read) : failure(order, input.error)
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

/** All of the state, before anything else: even the input may lie on a later page. */
async function readJournal({ envelope, service }: Order): Promise<Journal> {
  const { DurableExecutionArn: executionArn, CheckpointToken: token } = envelope
  const { Operations: first, NextMarker: marker } = envelope.InitialExecutionState
  const rest = await loadRecords(service, { executionArn, token, marker })
  checkRecords(rest, 'Operations')
  return new Journal(rest.length > 0 ? [...first, ...rest] : first)
}

async function run(order: Order, journal: Journal, input: () => unknown): Promise<Answer> {
  const { ports } = order
  const unchecked = environmentOf(order, journal, () => machine.isReplaying)
  const isChecked = unchecked.determinism === 'check'
  const checker = isChecked ? await ports.checker(unchecked) : undefined
  const env = checker?.env ?? unchecked
  const machine = new Machine(journal, env, checker?.observing(ports.observer) ?? ports.observer)
  const read = checker ? () => checker.handed(input()) : input
  const start = (context: WorkflowContext) => () => order.workflow(read() as never, context)
  machine.start(checker?.workflow(start) ?? start(env.context))

  const checkpointer = checkpointerOf(order, journal)
  const outcome = await carryOut(order, env, machine, checkpointer)
  trace.lambda.say('%s %s', env.executionArn, outcome.how)

  const scene = { journal, env, start, machine }
  switch (outcome.how) {
    case 'suspended':
      ports.observer.suspended?.(outcome.reasons)
      return { Status: 'PENDING' }
    case 'stopped':
      return failure(order, explain(outcome, scene))
    case 'threw': {
      // What a builder has refused was handed operations that nobody could yield any more.
      const isRefused = isPerdureError(outcome.error, 'INVALID_OPTION')
      const forgotten = isRefused ? undefined : reportForgotten(scene, executionLog(order))
      return failure(order, forgotten ?? outcome.error)
    }
    case 'returned': {
      const forgotten =
        reportForgotten(scene, executionLog(order)) ?? misusedAsResult(outcome.value)
      return forgotten ? failure(order, forgotten) : success(order, outcome.value, checkpointer)
    }
  }
}

function checkpointerOf(
  { envelope, service, ports, lambda }: Order,
  journal: Journal,
): Checkpointer {
  return new Checkpointer({
    service,
    executionArn: envelope.DurableExecutionArn,
    token: envelope.CheckpointToken,
    clock: ports.clock,
    random: ports.random,
    remaining: () => lambda.getRemainingTimeInMillis?.() ?? Infinity,
    isOver: (id) => isSettled(journal.get(id)),
  })
}

async function carryOut(
  { ports, lambda, settings }: Order,
  env: Environment,
  machine: Machine,
  checkpointer: Checkpointer,
): Promise<Outcome> {
  const signal = new Signal()
  const refresher = new Refresher(ports.clock)
  const deadline = new Deadline(
    () => lambda.getRemainingTimeInMillis?.() ?? Infinity,
    settings.deadlineMargin,
  )
  const settle = (job: Job, outcome: Settled) => {
    if (ports.isOver()) return
    try {
      machine.settle(job, outcome)
      signal.wake()
    } catch (error) {
      signal.fail(error)
    }
  }
  const workshop = new Workshop(env, ports.observer, (job, outcome) => {
    // Payloads are coded by jobs, too, and nobody's order is asked for these.
    if (job.work.attempt === undefined) settle(job, outcome)
    else ports.deliver(job.work.position, () => void settle(job, outcome))
  })
  const begin = (job: Job) => {
    if (!ports.isOver()) workshop.begin(job)
  }
  try {
    const drop = (job: Job) => void workshop.drop(job)
    return await drive(machine, { checkpointer, begin, drop, signal, deadline, refresher })
  } finally {
    refresher.stop()
    workshop.abandon()
  }
}
