import type { StandIn } from '../../driver/stand-in.ts'
import { checkFunction } from '../../operations/options.ts'
import type { Bodies } from '../scenario.ts'

/** What stands in for the bodies of a run, and what of it nothing came of. */
export interface StandIns {
  readonly standIn: StandIn
  readonly unused: () => { readonly steps: string[]; readonly compensations: string[] }
}

export function standInsOf(steps: Bodies = {}, compensations: Bodies = {}): StandIns {
  for (const [name, body] of Object.entries(steps)) checkFunction(body, `steps.${name}`)
  for (const [name, undo] of Object.entries(compensations)) {
    checkFunction(undo, `compensations.${name}`)
  }
  const used = { steps: new Set<string>(), compensations: new Set<string>() }
  const standIn: StandIn = (kind, { id, name = id }) => {
    const [bodies, met] =
      kind === 'compensate' ? [compensations, used.compensations] : [steps, used.steps]
    if (!Object.hasOwn(bodies, name)) return undefined
    met.add(name)
    return bodies[name]
  }
  const unused = () => ({
    steps: Object.keys(steps).filter((name) => !used.steps.has(name)),
    compensations: Object.keys(compensations).filter((name) => !used.compensations.has(name)),
  })
  return { standIn, unused }
}
