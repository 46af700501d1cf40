import { isDeepStrictEqual } from 'node:util'
import { invalidOption } from '../../kernel/errors.ts'

/**
 * What bodies act on: an array, `Map`, `Set` or plain object that is put back as it was before each
 * run; or anything else, by functions that do so. With `restore`, a run may begin in the middle.
 */
export type CrashWorld = object | WorldFunctions

export interface WorldFunctions {
  /** What has happened so far, as a value that later effects do not change. */
  snapshot(): unknown
  /** Forgets all that has happened. */
  reset?(): void
  /** Makes everything as it was when that snapshot was taken. */
  restore?(snapshot: never): void
}

/** A world that is kept between runs. */
export interface KeptWorld {
  readonly isRestorable: boolean
  snapshot(): unknown
  reset(): void
  restore(snapshot: unknown): void
}

const nothing: KeptWorld = {
  isRestorable: false,
  snapshot: () => undefined,
  reset() {},
  restore() {},
}

export function keep(world: CrashWorld | undefined): KeptWorld {
  if (world === undefined) return nothing
  if (typeof (world as unknown) !== 'object') throw notAWorld(world)
  return 'snapshot' in world && typeof world.snapshot === 'function'
    ? keptByFunctions(world)
    : keptByCopies(world)
}

function keptByFunctions(world: WorldFunctions): KeptWorld {
  const isRestorable = typeof world.restore === 'function'
  if (!isRestorable && typeof world.reset !== 'function') throw notAWorld(world)
  const restore = (snapshot: unknown) => void world.restore?.(snapshot as never)
  const first = isRestorable ? world.snapshot() : undefined
  const reset = () => void (world.reset ? world.reset() : restore(first))
  return { isRestorable, snapshot: () => world.snapshot(), reset, restore }
}

function keptByCopies(world: object): KeptWorld {
  const copy = () => {
    try {
      return structuredClone(world)
    } catch {
      throw notAWorld(world)
    }
  }
  const first = copy()
  let latest = first
  return {
    isRestorable: true,
    // Most moments change nothing, and one copy serves them all.
    snapshot: () => (isDeepStrictEqual(latest, world) ? latest : (latest = copy())),
    reset: () => void refill(world, structuredClone(first)),
    restore: (snapshot) => void refill(world, structuredClone(snapshot as object)),
  }
}

/** Makes `world` equal to `content` and leaves it the same object, because bodies hold on to it. */
function refill(world: object, content: object): void {
  if (Array.isArray(world)) {
    world.splice(0, world.length, ...(content as unknown[]))
  } else if (world instanceof Map) {
    world.clear()
    for (const [key, value] of content as Map<unknown, unknown>) world.set(key, value)
  } else if (world instanceof Set) {
    world.clear()
    for (const value of content as Set<unknown>) world.add(value)
  } else {
    refillMembers(world as Record<string, unknown>, content as Record<string, unknown>)
  }
}

/** Containers within stay the same objects, too: a fake may have been handed one of them. */
function refillMembers(world: Record<string, unknown>, content: Record<string, unknown>): void {
  for (const key of Object.keys(world)) if (!(key in content)) Reflect.deleteProperty(world, key)
  for (const [key, value] of Object.entries(content)) {
    const present = world[key]
    if (isContainer(present) && isContainer(value) && kindOf(present) === kindOf(value)) {
      refill(present, value)
    } else world[key] = value
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value)
}

function notAWorld(world: unknown): Error {
  return invalidOption(
    'world',
    'plain data (an array, Map, Set or object), or an object with `snapshot` and with `reset` or ' +
      '`restore`',
    world,
  )
}
