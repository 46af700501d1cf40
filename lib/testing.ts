// The testing kit: handlers on the emulated service in this process, on virtual time.

export {
  Embedded,
  type EmbeddedOptions,
  type EmbeddedSettings,
  type Handler,
} from './testing/embedded.ts'
export {
  readHistory,
  type Asked,
  type History,
  type RecordedEnd,
} from './testing/history/read-history.ts'
export type { CloudCalls, CloudClient, CommandClient } from './testing/cloud/client.ts'
export { cloudRunner, type CloudRunner } from './testing/cloud/cloud-runner.ts'
export type { CloudRunnerOptions, CloudRunOptions } from './testing/cloud/options.ts'
export { expectGolden, type GoldenOptions } from './testing/golden/golden.ts'
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
export type { AnswerOptions, FailureOptions, TimeoutOptions } from './testing/stepper/answers.ts'
export { StepperError, type StepperErrorCode } from './testing/stepper/misuse.ts'
export type { OpenOperation } from './testing/stepper/open-operation.ts'
export type { Selector as StepperSelector } from './testing/stepper/select.ts'
export type { RecordedHistory, StepThroughOptions } from './testing/stepper/setting.ts'
export {
  stepThrough,
  type SteppedOperation,
  type Stepper,
  type StepperOutcome,
} from './testing/stepper/stepper.ts'
export type { StepperEntry, StepperTranscript } from './testing/stepper/story.ts'
export type { Expected } from './testing/conversation/compare.ts'
export {
  play,
  type Conversation,
  type ExpectedError,
  type PlayOptions,
} from './testing/conversation/conversation.ts'
export { like, type Likeness } from './testing/conversation/like.ts'
export type { Choice, Choices } from './testing/graph/choices.ts'
export { graph, type Graph, type GraphOptions } from './testing/graph/graph.ts'
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
