import type { Event } from './events.ts'
import type { CallbackAction, Requirement } from './requirement.ts'
import type { Handler } from './handler.ts'

/** How an execution stands, with the members of the API's answer that a requirement may name. */
export interface Standing {
  readonly Status: string
  readonly Result?: string | undefined
  readonly Error?: unknown
}

/**
 * Where one case is played: it hosts the handler and its targets, starts the execution and shows what
 * becomes of it. What time means is up to the stage.
 */
export interface Stage {
  /** Starts the execution and answers with its ARN; where not `async`, when it is over. */
  start(payload: string, async: boolean): Promise<string>
  history(arn: string): Promise<Event[]>
  standing(arn: string): Promise<Standing>
  /** Resolves when there may be something new, or when nothing will ever happen again. */
  somethingNew(arn: string): Promise<void>
  sleep(seconds: number): Promise<void>
  /** Resolves when an invocation that outlives the execution has had time to end. */
  rest(): Promise<void>
  answer(callbackId: string, action: CallbackAction): Promise<void>
  stop(arn: string): Promise<void>
  /** The lines that the functions have written so far. */
  output(): readonly string[]
  close(): Promise<void>
}

/** Sets up the stage for one case. */
export type Stagehand = (requirement: Requirement, handler: Handler) => Stage | Promise<Stage>
