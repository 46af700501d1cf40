import { isDeepStrictEqual } from 'node:util'
import type { Expectation } from './expected.ts'
import type { Fault } from './faults.ts'
import { judgeAttempts } from './judge-attempts.ts'
import { judgeDurableFirst } from './judge-durable-first.ts'
import { judgeEndings } from './judge-endings.ts'
import { judgeOrder } from './judge-order.ts'
import { judgePending } from './judge-pending.ts'
import { judgePositions } from './judge-positions.ts'
import { judgeReplay } from './judge-replay.ts'
import { judgeRequests } from './judge-requests.ts'
import { judgeSilence } from './judge-silence.ts'
import { journalOf } from './journal-of.ts'
import type { Run } from './run.ts'
import type { Setting } from './world.ts'

/** All that a transcript breaks, each breach under its law. */
export function breaches(
  { entries }: Run,
  expectation: Expectation,
  { mode }: Setting,
  faults: readonly Fault[],
): string[] {
  const { places, operations } = expectation
  const isDoubled = faults.some(({ at }) => at === 'invocation')
  return [
    ...under('L1', judgePositions(entries, operations)),
    ...under('L2', judgeDurableFirst(entries, { mode, places }).faults),
    ...under('L3', judgeReplay(entries)),
    ...under('L4', judgeSilence(entries)),
    ...under('L6', judgeAttempts(entries)),
    ...under('L7', judgeOrder(entries)),
    // A second delivery may be at work when the execution has long ended by the first.
    ...under('L7', isDoubled ? [] : judgeEndings(entries)),
    ...under('L8', judgePending(entries)),
    ...under('L10', judgeRequests(entries, { isDoubled })),
  ]
}

/** In what a run ended otherwise than it had to: in its result, or in an operation of its journal. */
export function deviations(run: Run, expectation: Expectation, calm?: Run): string[] {
  const found: string[] = []
  if (!isDeepStrictEqual(run.end, expectation.end)) {
    found.push(`L6: ended ${shown(run.end)}, expected ${shown(expectation.end)}`)
  }
  const journal = new Map(run.records.map((record) => [record.Id, record]))
  for (const { id, status } of expectation.operations.values()) {
    const record = journal.get(id)
    if (!record) found.push(`L1: ${id} is not in the journal`)
    else if (status !== undefined && record.Status !== status) {
      found.push(`L6: ${id} ended ${record.Status}, expected ${status}`)
    }
  }
  for (const id of journal.keys()) {
    if (!expectation.operations.has(id)) found.push(`L1: ${id} is in the journal, and in no place`)
  }
  if (!calm) return found
  const undisturbed = new Map(
    calm.records.map(({ Id }, i) => [Id, journalOf(calm, expectation)[i]]),
  )
  journalOf(run, expectation).forEach((record, i) => {
    const before = undisturbed.get(run.records[i]?.Id ?? '')
    if (isDeepStrictEqual(record, before)) return
    found.push(`L6: the journal holds ${shown(record)}, and undisturbed ${shown(before)}`)
  })
  return found
}

/** Breaches under the name of the law that they break. */
export function under(law: string, faults: readonly string[]): string[] {
  return faults.map((one) => `${law}: ${one}`)
}

function shown(value: unknown): string {
  return JSON.stringify([value]).slice(1, 400)
}
