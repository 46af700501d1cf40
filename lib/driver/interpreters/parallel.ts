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
) =>
  interpretFanOut(record as ContextRecord | undefined, {
    kind: 'parallel-branch',
    summaryType: 'ParallelResult',
    position,
    surroundings,
    options,
    keys: byName ? branches.map(({ key }) => key) : undefined,
    names: branches.map(({ name }) => name),
    iterations: branches.map(({ name, run }, first) => ({
      name,
      body: run,
      first,
      outcomes: (outcome) => [outcome],
    })),
  })
