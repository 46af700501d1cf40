import type { Acknowledgement, Checkpointer } from '../checkpoint/checkpointer.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import type { Ending, Job, Machine } from './machine.ts'
import type { Reason } from './observer.ts'
import type { Signal } from './signal.ts'

// The driver loop: walk a workflow against its journal, and carry out what it asks.
//
//   D1. The machine is advanced as far as records and results reach before anything is sent, so the
//       end of one operation and the start of the next share a call.
//   D2. A call goes out at once when nothing is ready; no timer delays it.
//   D3. An ended workflow is answered only when all it has reported is durable.
//   D4. Suspending is returning: the generators are dropped where they stand, and no code runs.

export type Outcome = Ending | { readonly how: 'suspended'; readonly reasons: readonly Reason[] }

export interface Tools {
  readonly checkpointer: Checkpointer
  readonly begin: (job: Job) => void
  /** Woken by whatever settles a job; rejected by what ends the invocation. */
  readonly signal: Signal
}

export async function drive(
  machine: Machine,
  { checkpointer, begin, signal }: Tools,
): Promise<Outcome> {
  const acknowledge = ({ count, records }: Acknowledgement): void => {
    machine.acknowledge(count, records)
    signal.wake()
  }
  for (;;) {
    if (checkpointer.isHalted) return { how: 'suspended', reasons: machine.reasons }
    machine.advance()
    const jobs = machine.takeJobs()
    jobs.forEach(begin)
    if (machine.canAdvance) continue
    if (jobs.length > 0 && (await hasSettledAlready(machine))) continue
    checkpointer.add(machine.takeUpdates())
    checkpointer.flush()?.then(acknowledge).catch(signal.fail)
    if (checkpointer.isIdle) {
      if (machine.ending) return machine.ending
      if (machine.isParked) return suspended(machine)
    }
    await signal.next()
  }
}

function suspended(machine: Machine): Outcome {
  const { reasons } = machine
  if (reasons.length === 0) throw brokenInvariant('nothing is pending, and nothing can go on')
  return { how: 'suspended', reasons }
}

/** A body that is done as soon as it has begun is to join the call that is about to go out. */
async function hasSettledAlready(machine: Machine): Promise<boolean> {
  await Promise.resolve()
  return machine.canAdvance
}
