import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { LambdaService } from '../../service/service.ts'
import type { Answer } from './answer.ts'
import type { HttpContext } from './http-env.ts'
import type { Route } from './route.ts'
import type { Durability, HostedFunction } from '../ports.ts'

export interface LambdaApiOptions {
  readonly service: LambdaService
  /** What is hosted at the moment, for those who ask what there is. */
  readonly functions: () => Iterable<HostedFunction>
  /** Nothing is answered before this has committed what the answer rests on. */
  readonly durability?: Durability
  /** The last lines, at most 4 KB, that an invocation has written. */
  readonly logTail?: (requestId: string) => string | undefined | Promise<string | undefined>
  /** By which a synchronous caller's patience is measured: real time, when left out. */
  readonly clock?: Clock
  readonly random?: Random
  /** Values of `Host`, without a port, that are let in besides those of loopback. */
  readonly allowedHosts?: readonly string[]
  /** Calls besides those of Lambda. */
  readonly routes?: readonly Route[]
  /** Stands around every call: may hold it up, refuse it, or keep its answer back. */
  readonly around?: (c: HttpContext, carryOut: () => Promise<Answer>) => Promise<Answer>
}
