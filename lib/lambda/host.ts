import type { DurableService } from '../checkpoint/port.ts'
import { thisCopy } from '../driver/check.ts'
import type { Checker } from '../driver/checking/checker.ts'
import type { Environment } from '../driver/environment.ts'
import type { Observer } from '../driver/observer.ts'
import type { StandIn } from '../driver/stand-in.ts'
import type { Position } from '../driver/position.ts'
import { systemClock, type Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/logger.ts'
import { systemRandom, type Random } from '../kernel/random.ts'

/** The ports of one invocation, where it is not Lambda that makes it. */
export interface Host {
  readonly service?: DurableService
  readonly clock?: Clock
  readonly random?: Random
  readonly observer?: Observer
  /** Where the driver does not say itself. */
  readonly determinism?: 'off' | 'check' | undefined
  /** What checks determinism, so that it need not be loaded first. */
  readonly checker?: typeof Checker
  /** Where the driver has no logger of its own. */
  readonly log?: Log
  /** What runs in place of bodies. */
  readonly standIn?: StandIn
  /** Whether the invocation has been ended from outside: what still comes of it is not to be heard. */
  readonly isOver?: () => boolean
  /** Decides when the workflow hears that a body has ended; at once when left out. */
  readonly deliver?: Deliver
}

/** Calls `settle`, once, when the end of the body at `position` is to be heard. */
export type Deliver = (position: Position, settle: () => void) => void

/**
 * Under this symbol an event may carry its host. No event from outside the process can: JSON has no
 * symbols and no functions.
 */
export const hostKey: unique symbol = Symbol.for('perdure.host')

export interface Ports {
  readonly service: DurableService | undefined
  readonly clock: Clock
  readonly random: Random
  readonly observer: Observer
  readonly determinism: 'off' | 'check'
  readonly checker: (env: Environment) => Checker | Promise<Checker>
  readonly log: Log | undefined
  readonly standIn: StandIn | undefined
  readonly isOver: () => boolean
  readonly deliver: Deliver
}

/** The ports that an event brings, the system's where it brings none. */
export function portsOf(event: unknown): Ports {
  const carried = (event ?? {}) as { [hostKey]?: Host; durableExecutionClient?: unknown }
  const host = carried[hostKey] ?? {}
  return {
    service: host.service ?? injectedClient(carried.durableExecutionClient),
    clock: host.clock ?? systemClock,
    random: host.random ?? systemRandom,
    observer: host.observer ?? {},
    determinism: host.determinism ?? 'off',
    checker: checkerOf(host),
    log: host.log,
    standIn: host.standIn,
    isOver: host.isOver ?? (() => false),
    deliver: host.deliver ?? ((_position, settle) => void settle()),
  }
}

function checkerOf({ checker: Its }: Host): Ports['checker'] {
  return Its?.copy === thisCopy ? (env) => new Its(env) : loadedChecker
}

/** Loaded only where it is asked for: no cold start on Lambda is to pay for it. */
async function loadedChecker(env: Environment): Promise<Checker> {
  const { Checker } = await import('../driver/checking/checker.ts')
  return new Checker(env)
}

/** The official local test runner hands its client over in the event. */
function injectedClient(client: unknown): DurableService | undefined {
  if (typeof client !== 'object' || client === null) return undefined
  const { checkpoint, getExecutionState } = client as Partial<DurableService>
  const fits = typeof checkpoint === 'function' && typeof getExecutionState === 'function'
  return fits ? (client as DurableService) : undefined
}
