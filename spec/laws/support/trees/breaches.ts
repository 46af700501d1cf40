import type { OperationRecord } from '../../../../lib/journal/record.ts'
import type { Fault } from '../faults.ts'
import { judgeAttempts } from '../judge-attempts.ts'
import { judgeDurableFirst } from '../judge-durable-first.ts'
import { judgeEndings } from '../judge-endings.ts'
import { judgeOrder } from '../judge-order.ts'
import { judgePending } from '../judge-pending.ts'
import { judgeRequests } from '../judge-requests.ts'
import { judgeSilence } from '../judge-silence.ts'
import { under } from '../laws.ts'
import type { Entry } from '../transcript.ts'
import type { Setting, Witnessed } from '../world.ts'
import { judgePlaces } from './judge-places.ts'
import { judgeRevivals } from './judge-revivals.ts'
import { judgeAfterlife, judgeScopes, judgeWaits } from './judge-scopes.ts'
import { judgeSights } from './judge-sights.ts'
import { judgeUndoing } from './judge-undoing.ts'
import type { Tree } from './nodes.ts'
import { ancestorsOf, isBefore } from './order-of-places.ts'

/** All that the run of a tree breaks, each breach under its law. */
export function breaches(
  { entries, execution }: Witnessed,
  tree: Tree,
  { mode }: Setting,
  faults: readonly Fault[] = [],
): string[] {
  const isDoubled = faults.some(({ at }) => at === 'invocation')
  const wanted = tree.ends === 'returns' ? 'SUCCEEDED' : 'FAILED'
  const { status, error } = execution.progress
  const ends = status === wanted ? [] : [`ended ${status}: ${error?.ErrorMessage ?? 'no error'}`]
  return [
    ...under('L1', judgePlaces(entries)),
    ...under('L2', judgeDurableFirst(entries, groundOf(entries, mode)).faults),
    ...under('L4', judgeSilence(entries)),
    ...under('L5', judgeScopes(execution)),
    ...under('L5', judgeWaits(execution)),
    ...under('L5', judgeAfterlife(entries)),
    // A second delivery of an event may still do what the first has left behind.
    ...under('L5', isDoubled ? [] : judgeRevivals(entries)),
    ...under('L6', ends),
    ...under('L6', judgeAttempts(entries)),
    ...under('L6', judgeSights(entries, { isDoubled })),
    ...under('L6', judgeUndoing(execution, tree)),
    ...under('L7', judgeOrder(entries)),
    ...under('L7', isDoubled ? [] : judgeEndings(entries)),
    ...under('L8', judgePending(entries.map(withoutAbandoned))),
    ...under('L10', judgeRequests(entries.filter(isNoLateCancel), { isDoubled })),
  ]
}

/** Of results, a body may depend on those that the code before it in the same bodies has seen. */
function groundOf(entries: readonly Entry[], mode: Setting['mode']) {
  const places = new Map(
    entries
      .flatMap((entry) => (entry.what === 'sent' ? entry.updates : []))
      .flatMap((update) => {
        const { Id, Name, SubType } = update
        return Name === undefined || SubType === 'Compensation' ? [] : [[Name, Id] as const]
      }),
  )
  return {
    mode,
    places,
    mayMatter: (seen: string, place: string) => seen === place || isBefore(seen, place),
  }
}

/** What is below a context that has ended moves nobody, though the service may still move it. */
function withoutAbandoned(entry: Entry): Entry {
  if (entry.what !== 'returned') return entry
  const over = new Set(
    entry.records.filter((one) => one.Type === 'CONTEXT' && isOver(one)).map(({ Id }) => Id),
  )
  const records = entry.records.filter(({ Id }) => !ancestorsOf(Id).some((one) => over.has(one)))
  return { ...entry, records }
}

function isOver({ EndTimestamp }: OperationRecord): boolean {
  return EndTimestamp !== undefined
}

/** A wait that went off a moment before can no longer be cancelled, and the engine cannot know. */
function isNoLateCancel(entry: Entry): boolean {
  return entry.what !== 'refused' || !/cannot cancel/i.test(entry.message)
}
