import type { Expectation } from './expected.ts'
import type { Entry } from './transcript.ts'

/** Judges L1: an id stands for the same operation in whatever is sent, and that is its position. */
export function judgePositions(
  entries: readonly Entry[],
  operations: Expectation['operations'],
): string[] {
  return entries.flatMap((entry) => {
    if (entry.what !== 'sent') return []
    return entry.updates.flatMap(({ Id, Type, SubType, Name, ParentId }) => {
      if (Type === 'EXECUTION') return []
      const { type, subType, name, parentId } = operations.get(Id) ?? {}
      const found = [Type, SubType, Name, ParentId].join(' ')
      const wanted = [type, subType, name, parentId].join(' ')
      if (found === wanted) return []
      return [`invocation ${entry.invocation}: ${Id} is sent as ${found}, its place is ${wanted}`]
    })
  })
}
