import type { ContextRecord } from '../../journal/record.ts'
import type { ParallelOperation } from '../../operations/parallel.ts'
import { interpretFanOut } from './fan-out.ts'
import type { Interpreter } from './interpreter.ts'

/** A fan-out over branches. */
export const interpretParallel: Interpreter<ParallelOperation<unknown>> = (
  { branches, options, byName },
  position,
  record,
  surroundings,
) => {
  const branchAt = (index: number) => branches[index] as (typeof branches)[number]
  return interpretFanOut(record as ContextRecord | undefined, {
    kind: 'parallel-branch',
    summaryType: 'ParallelResult',
    position,
    surroundings,
    options,
    keys: byName ? branches.map(({ key }) => key) : undefined,
    items: { count: branches.length, name: (index) => branchAt(index).name },
    body: (index) => branchAt(index).run,
  })
}
