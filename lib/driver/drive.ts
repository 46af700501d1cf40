import type { Acknowledgement, Checkpointer } from '../checkpoint/checkpointer.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import type { Deadline } from './deadline.ts'
import type { Ending } from './ending.ts'
import type { Machine } from './machine.ts'
import type { Job } from './parking.ts'
import type { Reason } from './observer.ts'
import type { Refresher } from './refresher.ts'
import type { Signal } from './signal.ts'

// The driver loop: walk a workflow against its journal, and carry out what it asks.
//
//   D1. The machine is advanced as far as records and results reach before anything is sent, so the
//       end of one operation and the start of the next share a call.
//   D2. A call goes out at once when nothing is ready; no timer delays it.
//   D3. An ended workflow is answered only when all it has reported is durable.
//   D4. Suspending is returning: the generators are dropped where they stand, and no code runs.
//   D5. Near the deadline nothing new is begun: what runs may end, and the next invocation goes on.

export type Outcome = Ending | { readonly how: 'suspended'; readonly reasons: readonly Reason[] }

export interface Tools {
  readonly checkpointer: Checkpointer
  readonly begin: (job: Job) => void
  /** Leaves a job to itself: nobody waits for it any longer. */
  readonly drop: (job: Job) => void
  /** Woken by whatever settles a job; rejected by what ends the invocation. */
  readonly signal: Signal
  readonly deadline: Deadline
  readonly refresher: Refresher
}

export async function drive(machine: Machine, tools: Tools): Promise<Outcome> {
  const { checkpointer, begin, drop, signal, deadline, refresher } = tools
  const acknowledge = ({ count, records }: Acknowledgement): void => {
    machine.acknowledge(count, records)
    signal.wake()
  }
  for (;;) {
    if (checkpointer.isHalted) return suspended(machine, 'the service')
    if (!deadline.isNear) machine.advance()
    machine.takeDropped().forEach(drop)
    const jobs = machine.takeJobs()
    jobs.forEach(begin)
    if (jobs.length > 0 && (await hasSettledAlready(machine))) continue
    if (machine.canAdvance && !deadline.isNear) continue
    checkpointer.add(machine.takeUpdates())
    if (deadline.isNear) checkpointer.add(machine.handOver())
    checkpointer.flush()?.then(acknowledge).catch(signal.fail)
    if (checkpointer.isIdle) {
      if (machine.ending) return machine.ending
      if (machine.isParked || machine.isHandedOver) return suspended(machine, 'the next invocation')
      refresher.arm(machine, () => {
        checkpointer.refresh()?.then(acknowledge).catch(signal.fail)
      })
    }
    await signal.next()
  }
}

function suspended(machine: Machine, cause: string): Outcome {
  const { reasons, isHandedOver } = machine
  if (reasons.length > 0) return { how: 'suspended', reasons }
  if (!isHandedOver && cause !== 'the service') {
    throw brokenInvariant('nothing is pending, and nothing can go on')
  }
  return { how: 'suspended', reasons: [{ id: '', words: cause, until: undefined }] }
}

/** A body that is done as soon as it has begun is to join the call that is about to go out. */
async function hasSettledAlready(machine: Machine): Promise<boolean> {
  await Promise.resolve()
  return machine.canAdvance
}
