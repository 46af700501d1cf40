// The local service: Lambda's durable functions on this machine, for those who start it from code.

export {
  startLocal,
  type Local,
  type LocalFunction,
  type LocalOptions,
} from './server/start-local.ts'
export type { ClockMode } from './server/clock/local-clock.ts'
export type { Fault, FaultKind, PlantedFault } from './server/chaos/chaos.ts'
export type { LogLine } from './server/ports.ts'
