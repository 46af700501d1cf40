import type { Deed, Plan, StepDeed } from './plan.ts'

/** A change of code while executions are in flight, somewhere in a plan. */
export interface Mutation {
  readonly how: 'rename' | 'drop' | 'insert' | 'swap' | 'retype'
  /** Which of the plan's deeds, counted as they are written; taken modulo their number. */
  readonly index: number
}

/** The plan with a name of its own for each operation, so that no two of them can be confused. */
export function named(plan: Plan): Plan {
  let count = 0
  return through(plan, (deed) => {
    count += 1
    return ['now', 'uuid', 'random', 'throw', 'leave', 'loop', 'try'].includes(deed.kind)
      ? [deed]
      : [{ ...deed, name: `op-${count}` } as Deed]
  })
}

export function mutate(plan: Plan, { how, index }: Mutation): Plan {
  let total = 0
  through(plan, (deed) => {
    total += 1
    return [deed]
  })
  const target = total === 0 ? 0 : index % total
  let count = 0
  return through(plan, (deed, next) => {
    const isTarget = count === target
    count += 1
    if (!isTarget) return [deed]
    switch (how) {
      case 'rename':
        return ['name' in deed ? { ...deed, name: `${deed.name ?? ''}-renamed` } : deed]
      case 'drop':
        return []
      case 'insert':
        return [added, deed]
      case 'swap':
        return next === undefined ? [deed] : 'swap'
      case 'retype':
        return ['name' in deed ? retyped(deed.kind, deed.name) : deed]
    }
  })
}

const added: StepDeed = {
  kind: 'step',
  name: 'added',
  semantics: 'at-least-once',
  fails: 0,
  tries: 1,
  thrown: { as: 'error', message: 'never' },
  value: { is: 'json', json: 'added' },
  reading: 'json',
  turns: 0,
}

function retyped(kind: Deed['kind'], name: string | undefined): Deed {
  return kind === 'wait' ? { ...added, name } : { kind: 'wait', name, seconds: 1 }
}

type Change = (deed: Deed, next: Deed | undefined) => readonly Deed[] | 'swap'

/** Rebuilds a plan deed by deed, each before what is inside it; a swap takes its neighbour along. */
function through(plan: Plan, change: Change): Plan {
  return { ...plan, deeds: all(plan.deeds, change) }
}

function all(deeds: readonly Deed[], change: Change): Deed[] {
  const changed: Deed[] = []
  for (let i = 0; i < deeds.length; i++) {
    const [deed, next] = [deeds[i], deeds[i + 1]]
    if (deed === undefined) continue
    const instead = change(deed, next)
    if (instead === 'swap' && next !== undefined) {
      changed.push(inside(next, change), inside(deed, change))
      i += 1
    } else {
      for (const one of instead === 'swap' ? [deed] : instead) changed.push(inside(one, change))
    }
  }
  return changed
}

function inside(deed: Deed, change: Change): Deed {
  switch (deed.kind) {
    case 'loop':
      return { ...deed, body: all(deed.body, change) }
    case 'try':
      return {
        ...deed,
        body: all(deed.body, change),
        cleanUp: all(deed.cleanUp, change),
      }
    case 'callback':
      return { ...deed, between: all(deed.between, change) }
    case 'context':
      return { ...deed, body: through(deed.body, change) }
    default:
      return deed
  }
}
