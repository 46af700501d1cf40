import type { Origin } from './names.ts'

/** What each builder does with the functions that it is handed. */
interface Builder {
  /** `'body'`: ordinary code, recorded; `'workflow'`: yields operations; nothing where it takes none. */
  readonly takes?: 'body' | 'workflow'
  /** Whether a replay that finds the operation recorded leaves out the code it was handed. */
  readonly isSkipped?: boolean
}

const builders = {
  step: { takes: 'body', isSkipped: true },
  waitForCallback: { takes: 'body', isSkipped: true },
  waitForCondition: { takes: 'body', isSkipped: true },
  childContext: { takes: 'workflow', isSkipped: true },
  map: { takes: 'workflow', isSkipped: true },
  parallel: { takes: 'workflow', isSkipped: true },
  saga: { takes: 'workflow', isSkipped: true },
  any: { takes: 'workflow', isSkipped: true },
  race: { takes: 'workflow', isSkipped: true },
  all: { takes: 'workflow' },
  allSettled: { takes: 'workflow' },
  fork: { takes: 'workflow' },
  wait: {},
  createCallback: {},
  invoke: {},
  version: {},
  status: {},
  context: {},
  now: {},
  uuid: {},
  random: {},
} as const satisfies Record<string, Builder>

export type BuilderName = keyof typeof builders

/** The names under which they are exported. */
export const builderNames = Object.keys(builders) as readonly BuilderName[]

export function builderOf(origin: Origin | undefined): BuilderName | undefined {
  const [name = '', ...rest] = origin?.path ?? []
  if (origin?.module !== 'perdure' || rest.length > 0) return undefined
  return Object.hasOwn(builders, name) ? (name as BuilderName) : undefined
}

export function ruleOfBuilder(name: BuilderName): Builder {
  return builders[name]
}
