import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'
import { noteStack, type Noted } from '../lines.ts'

// Clocks, chance, timers and the network, trapped while workflow code is on the stack and only then:
// what lies between two yields is synchronous, so no other code can run into a trap. They are set for
// many yields at once; only while code of the workflow goes on is somebody told.

/** What was called where it must not be, and what to use in its place. */
export interface Trapped {
  readonly call: string
  readonly instead: string
  readonly from: Noted
}

/** Is told of a trapped call, and answers what to throw there. */
export type OnTrapped = (trapped: Trapped) => Error

type Callable = (...args: unknown[]) => unknown

interface Trap {
  /** Asked each time: a clock of the author's own may be in place. */
  readonly owner: () => object
  readonly key: string
  readonly call: string
  readonly instead: string
  /** What stood there when it was last set, and what stands for it. */
  original?: Callable
  replacement?: Callable
}

const clock = '`yield* now()`, or read the clock in a step'
const time = '`yield* wait(…)`, or do what takes time in a step'
const drawn = '`yield* random()`, or draw it in a step'
const unique = '`yield* uuid()`, or draw it in a step'
const secret = 'draw it in a step'

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']

const performanceClass = Object.getPrototypeOf(performance) as object
const cryptoClass = Object.getPrototypeOf(crypto.webcrypto) as object

const traps: readonly Trap[] = [
  trap(() => Date, 'now', 'Date.now()', clock),
  trap(() => globalThis, 'Date', 'new Date()', clock),
  trap(() => performanceClass, 'now', 'performance.now()', clock),
  trap(() => process.hrtime, 'bigint', 'process.hrtime.bigint()', clock),
  trap(() => process, 'hrtime', 'process.hrtime()', clock),
  trap(() => Math, 'random', 'Math.random()', drawn),
  trap(() => cryptoClass, 'randomUUID', 'crypto.randomUUID()', unique),
  trap(() => cryptoClass, 'getRandomValues', 'crypto.getRandomValues()', secret),
  ...timers.map((key) => trap(() => globalThis, key, `${key}()`, time)),
  trap(() => globalThis, 'fetch', 'fetch()', 'a step that calls it'),
]

/**
 * Functions of `node:crypto` are mostly imported by name, and what a name stands for can be changed only
 * for all modules of Node together, which takes too long for every yield. These are set once and stay.
 */
const lasting: readonly Trap[] = [
  trap(() => crypto, 'randomUUID', 'crypto.randomUUID()', unique),
  trap(() => crypto, 'randomBytes', 'crypto.randomBytes()', secret),
  trap(() => crypto, 'randomInt', 'crypto.randomInt()', secret),
]

function trap(owner: Trap['owner'], key: string, call: string, instead: string): Trap {
  return { owner, key, call, instead }
}

const stateKey = Symbol.for('perdure.traps')

/** Frames in which the author's own line is looked for, below those of packages. */
const depth = 20

interface State {
  onTrapped?: OnTrapped | undefined
  isOpen?: boolean
  areSet?: boolean
  hasLasting?: boolean
}

// No type says which symbols the global object has.
const registry = globalThis as unknown as Record<symbol, State | undefined>
/** One for the process, should it have loaded two copies of this package: they trap the same things. */
const state = (registry[stateKey] ??= {})

/** Runs `run`, in which somebody may be told of trapped calls: from then on to its end, traps are set. */
export function withTraps<T>(run: () => T): T {
  if (state.isOpen === true) return run()
  state.isOpen = true
  try {
    return run()
  } finally {
    state.isOpen = false
    if (state.areSet === true) for (const trap of traps) unset(trap)
    state.areSet = false
  }
}

/** Has `next` told of trapped calls, or nobody, and answers who was before. */
export function tellOfTrapped(next: OnTrapped | undefined): OnTrapped | undefined {
  if (next !== undefined && state.isOpen === true && state.areSet !== true) setAll()
  const previous = state.onTrapped
  state.onTrapped = next
  return previous
}

/** Runs what workflow code may call though it reads a clock, a logger for instance. */
export function withoutTraps<T>(run: () => T): T {
  const told = tellOfTrapped(undefined)
  try {
    return run()
  } finally {
    tellOfTrapped(told)
  }
}

function setAll(): void {
  if (state.hasLasting !== true) setLasting()
  state.areSet = true
  for (const trap of traps) set(trap)
}

function setLasting(): void {
  state.hasLasting = true
  lasting.forEach(set)
  syncBuiltinESMExports()
}

function set(trap: Trap): void {
  const owner = trap.owner() as Record<string, Callable>
  const original = owner[trap.key]
  if (typeof original !== 'function') return
  if (trap.original !== original) {
    trap.original = original
    trap.replacement = replacementOf(original, trap)
  }
  Reflect.set(owner, trap.key, trap.replacement)
}

function unset({ owner, key, original, replacement }: Trap): void {
  const its = owner() as Record<string, unknown>
  // Not where the code itself has put something in its place.
  if (replacement !== undefined && its[key] === replacement) Reflect.set(its, key, original)
}

/** Whoever keeps it beyond the yield has the original. */
function replacementOf(original: Callable, trap: Trap): Callable {
  const apply = (target: Callable, self: unknown, args: unknown[]): unknown => {
    spring(trap, apply)
    return Reflect.apply(target, self, args)
  }
  const construct = (target: Callable, args: unknown[], maker: Callable): object => {
    // A date of given parts asks nothing of the clock.
    if (args.length === 0) spring(trap, construct)
    return Reflect.construct(target, args, maker) as object
  }
  return new Proxy(original, { apply, construct })
}

function spring({ call, instead }: Trap, below: (...args: never[]) => unknown): void {
  const told = state.onTrapped
  if (told === undefined) return
  const noted = withoutTraps(() => noteStack(below, depth))
  throw told({ call, instead, from: noted })
}
