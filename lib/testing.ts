// The testing kit: handlers on the emulated service in this process, on virtual time.

export {
  Embedded,
  type EmbeddedOptions,
  type EmbeddedSettings,
  type Handler,
} from './testing/embedded.ts'
export { rehearse, type RehearsalOptions, type Rehearsed } from './testing/rehearsal.ts'
export {
  readHistory,
  type Asked,
  type History,
  type RecordedEnd,
} from './testing/history/read-history.ts'
export type { CallbackAnswer, Scenario, ScenarioFunction } from './testing/scenario.ts'
export { formatInvocation, type Entry, type InvocationTranscript } from './testing/transcript.ts'
export { VirtualClock, type VirtualClockOptions } from './testing/virtual-clock.ts'
export { formatVerification } from './testing/verify/format.ts'
export {
  verify,
  type Verification,
  type VerifiedHistory,
  type VerifyOptions,
} from './testing/verify/verify.ts'
export type { Difference, GateAnswer, Row } from './testing/verify/differences.ts'
export type { GateReport, GateVersion } from './testing/verify/gates.ts'
export type { Judged, Verdict } from './testing/verify/judge.ts'
export type { Sources } from './testing/verify/sources.ts'
