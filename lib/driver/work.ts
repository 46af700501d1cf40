import type { StepContext } from '../operations/workflow.ts'
import type { Position } from './position.ts'

/** Code that runs outside the workflow: the attempt of a body, or a serdes that takes its time. */
export interface Work {
  readonly position: Position
  /** Set for a body: which attempt it is, and how long it may take, in milliseconds. */
  readonly attempt?: { readonly number: number; readonly timeout: number | undefined }
  readonly call: (context: StepContext) => unknown
}
