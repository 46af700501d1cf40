import type { Journal } from '../journal/journal.ts'
import type { Member } from '../operations/member.ts'
import type { Descriptor } from '../operations/operation.ts'
import type { Environment } from './environment.ts'
import { builderLine, noteBuilder } from './lines.ts'
import { Machine } from './machine.ts'
import { silent } from './workflow-log.ts'

/** What a second walk found out about the lines that operations were built on. */
export interface Retraced {
  /** The line of the yield at which the machine stopped, or of the last one before. */
  readonly stoppedAt: string | undefined
  readonly lastMet: string | undefined
  /** The lines of all that were met, by their ids. */
  readonly lines: ReadonlyMap<string, string>
  /** Operations built and never yielded, with their lines. */
  readonly unused: readonly {
    readonly operation: Descriptor<unknown>
    readonly line: string | undefined
  }[]
}

/**
 * Walks the same records once more, noting where each operation is built: lines are worth their price
 * only when a report needs them. Silent, and nothing is reported or run.
 */
export function retrace(
  journal: Journal,
  env: Environment,
  body: (context: Environment['context']) => Member<unknown>,
): Retraced {
  const lines = new Map<Descriptor<unknown>, string | undefined>()
  const places = new Map<string, string>()
  const unused = new Set<Descriptor<unknown>>()
  let last: Descriptor<unknown> | undefined
  const context = { ...env.context, log: silent, isReplaying: true }
  const machine = new Machine(
    journal,
    { ...env, check: undefined, context, log: () => silent },
    {
      built(operation) {
        lines.set(operation, builderLine(noteBuilder(operation)))
        unused.add(operation)
      },
      used(operation) {
        unused.delete(operation)
      },
      met(operation, position) {
        // The driver's own, such as the items of a map, are built on no line.
        if (!lines.has(operation)) return
        last = operation
        const line = lines.get(operation)
        if (position && line !== undefined) places.set(position.id, line)
      },
    },
  )
  machine.start(body(context))
  while (machine.canAdvance) machine.advance()
  const ending = machine.ending
  const at = ending?.how === 'stopped' ? ending.at : undefined
  return {
    stoppedAt: at && lines.get(at),
    lastMet: last && lines.get(last),
    lines: places,
    // A builder that refuses its options throws before it freezes what it builds.
    unused: [...unused]
      .filter(Object.isFrozen)
      .map((operation) => ({ operation, line: lines.get(operation) })),
  }
}
