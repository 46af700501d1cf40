import type { DurableService } from '../checkpoint/port.ts'
import type { Observer } from '../driver/observer.ts'
import type { StandIn } from '../driver/stand-in.ts'
import { systemClock, type Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/logger.ts'
import { systemRandom, type Random } from '../kernel/random.ts'

/** The ports of one invocation, where it is not Lambda that makes it. */
export interface Host {
  readonly service?: DurableService
  readonly clock?: Clock
  readonly random?: Random
  readonly observer?: Observer
  /** Where the driver has no logger of its own. */
  readonly log?: Log
  /** What runs in place of bodies. */
  readonly standIn?: StandIn
  /** Whether the invocation has been ended from outside: what still comes of it is not to be heard. */
  readonly isOver?: () => boolean
}

/**
 * Under this symbol an event may carry its host. No event from outside the process can: JSON has no
 * symbols and no functions.
 */
export const hostKey: unique symbol = Symbol.for('perdure.host')

const handlerMark: unique symbol = Symbol.for('perdure.handler')

/** Marks a function as the handler of a durable function. */
export function markHandler<F extends (...args: never[]) => unknown>(handler: F): F {
  return Object.defineProperty(handler, handlerMark, { value: true })
}

/** Whether a driver made this handler; what was wrapped around one is not known to be one. */
export function isHandler(value: unknown): boolean {
  return typeof value === 'function' && handlerMark in value
}

export interface Ports {
  readonly service: DurableService | undefined
  readonly clock: Clock
  readonly random: Random
  readonly observer: Observer
  readonly log: Log | undefined
  readonly standIn: StandIn | undefined
  readonly isOver: () => boolean
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
    log: host.log,
    standIn: host.standIn,
    isOver: host.isOver ?? (() => false),
  }
}

/** The official local test runner hands its client over in the event. */
function injectedClient(client: unknown): DurableService | undefined {
  if (typeof client !== 'object' || client === null) return undefined
  const { checkpoint, getExecutionState } = client as Partial<DurableService>
  const fits = typeof checkpoint === 'function' && typeof getExecutionState === 'function'
  return fits ? (client as DurableService) : undefined
}
