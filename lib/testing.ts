// The testing kit: handlers on the emulated service in this process, on virtual time.

export {
  Embedded,
  type EmbeddedOptions,
  type EmbeddedSettings,
  type Handler,
} from './testing/embedded.ts'
export { rehearse, type RehearsalOptions, type Rehearsed } from './testing/rehearsal.ts'
export type { CallbackAnswer, Scenario, ScenarioFunction } from './testing/scenario.ts'
export { formatInvocation, type Entry, type InvocationTranscript } from './testing/transcript.ts'
export { VirtualClock, type VirtualClockOptions } from './testing/virtual-clock.ts'
