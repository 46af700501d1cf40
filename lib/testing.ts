// The testing kit: handlers on the emulated service in this process, on virtual time.

export {
  Embedded,
  type EmbeddedOptions,
  type EmbeddedSettings,
  type Handler,
} from './testing/embedded.ts'
export type { CloudCalls, CloudClient, CommandClient } from './testing/cloud/client.ts'
export { cloudRunner, type CloudRunner } from './testing/cloud/cloud-runner.ts'
export type { CloudRunnerOptions, CloudRunOptions } from './testing/cloud/options.ts'
export { expectGolden, type GoldenOptions } from './testing/golden/golden.ts'
export { rehearse, type Rehearsed } from './testing/rehearsal.ts'
export type { Execution } from './testing/runner/execution.ts'
export type {
  CallbackError,
  CallbackHandle,
  OperationHandle,
  Selector,
  Stage,
} from './testing/runner/handle.ts'
export type { OperationDetails } from './testing/runner/history.ts'
export type { InvocationReport } from './testing/runner/invocation-report.ts'
export type { RunOptions } from './testing/runner/options.ts'
export type { RunResult, Unused } from './testing/runner/result.ts'
export { run, start } from './testing/runner/run.ts'
export type {
  Bodies,
  CallbackAnswer,
  CallbackScripts,
  Scenario,
  ScenarioFunction,
} from './testing/scenario.ts'
export { formatInvocation, type Entry, type InvocationTranscript } from './testing/transcript.ts'
export { VirtualClock, type VirtualClockOptions } from './testing/virtual-clock.ts'
