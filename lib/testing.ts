// The testing kit: handlers on the emulated service in this process, on virtual time.

export {
  Embedded,
  type EmbeddedOptions,
  type EmbeddedSettings,
  type Handler,
} from './testing/embedded.ts'
export { crashEverywhere, type CrashOptions } from './testing/explore/crash-everywhere.ts'
export {
  CrashesMatter,
  formatCrashReport,
  type CrashFailure,
  type CrashFindings,
  type CrashReport,
} from './testing/explore/crash-report.ts'
export { exploreOrders, type OrderOptions } from './testing/explore/explore-orders.ts'
export {
  formatOrderReport,
  OrderMatters,
  type OrderFailure,
  type OrderReport,
  type OutcomeOfOrders,
} from './testing/explore/order-report.ts'
export type { Outcome } from './testing/explore/run.ts'
export type { CrashWorld, WorldFunctions } from './testing/explore/kept-world.ts'
export type { CrashMistake } from './testing/explore/mistakes.ts'
export type { Point, PointKind } from './testing/explore/points.ts'
export { rehearse, type RehearsalOptions, type Rehearsed } from './testing/rehearsal.ts'
export type { CallbackAnswer, Scenario, ScenarioFunction } from './testing/scenario.ts'
export { formatInvocation, type Entry, type InvocationTranscript } from './testing/transcript.ts'
export { VirtualClock, type VirtualClockOptions } from './testing/virtual-clock.ts'
