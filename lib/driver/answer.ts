import type { OperationRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { Settled } from '../kernel/settled.ts'
import type { PerdureError } from '../kernel/errors.ts'
import type { Begin } from '../operations/member.ts'
import type { DecisionMark } from './decision.ts'
import type { Scope } from './scope.ts'
import type { Task } from './task.ts'
import type { Work } from './work.ts'

/** What an interpreter answers: what becomes of the strand next, as data that the machine carries out. */
export type Answer =
  | Resume
  | Pend
  | Seal
  | Run
  | Clear
  | Spawn
  | Gather
  | Fork
  | Join
  | CancelTask
  | Acknowledged
  | End

interface Said {
  /** What is reported to the service along with it, in this order. */
  readonly updates?: readonly OperationUpdate[]
}

/** The strand goes on with this outcome. */
export interface Resume extends Said {
  readonly next: 'resume'
  readonly outcome: Settled
  /**
   * Whether an earlier invocation of ours handed this outcome over already: true for what we
   * ourselves had recorded, unknown for what the service settles.
   */
  readonly handedOver?: boolean
}

/** The strand stays until the service has a newer record of the operation `id`. */
export interface Pend extends Said {
  readonly next: 'pend'
  readonly id: string
  /** What for, in words: `wait "cooling-off"`. */
  readonly words: string
  readonly on: (record: OperationRecord) => Answer
  /** What is said when the strand is cancelled while it stays. */
  readonly cancel?: OperationUpdate
}

/** The strand goes on when all that is recorded has been walked, unless it is cancelled by then. */
export interface Seal {
  readonly next: 'seal'
}

/** Code of the user's is run outside the workflow, and its outcome decides. */
export interface Run extends Said {
  readonly next: 'run'
  readonly work: Work
  /**
   * What must be durable before it begins: the results that the strand has seen, also what is said
   * here, or nothing.
   */
  readonly after: 'results' | 'said' | 'nothing'
  readonly then: (outcome: Settled) => Answer
}

/** The strands that this one has forked are ended first. */
export interface Clear {
  readonly next: 'clear'
  readonly then: () => Answer
}

/** What walks others has a record of its own, or has not. */
interface Recorded {
  /**
   * Whether its end is on record, no earlier than what ended within: then that says it all of when
   * things happened, as it does on a replay, which finds nothing else.
   */
  readonly isRecorded?: boolean
}

/** A strand of its own walks a body, and its end decides. */
export interface Spawn extends Said, Recorded {
  readonly next: 'spawn'
  /** Whether it goes on to its end even where this one is cancelled. */
  readonly isShielded?: boolean
  readonly scope: Scope
  readonly begin: Begin
  readonly then: (outcome: Settled) => Answer
}

/** Strands of their own walk the members, so many at once, until it is decided what they come to. */
export interface Gather extends Said, Recorded {
  readonly next: 'gather'
  readonly count: number
  readonly atOnce: number
  /** Whether the order in which members end decides, so that a replay has to keep it. */
  readonly inOrder: boolean
  /** Whether no member has begun before. */
  readonly isNew?: boolean
  /** The outcome of a member that is on record whole, so that nothing of it need be walked. */
  readonly recorded?: (index: number) => Settled | undefined
  /** Called once for each other member that is started, in their order. */
  readonly member: (index: number) => GatherMember
  /** A member has ended. What comes back decides; it is asked when those still under way are cancelled. */
  readonly ended: (index: number, outcome: Settled) => (() => Answer) | undefined
  /** Members whose own records say that they had ended: nothing is decided before all are heard. */
  readonly known?: KnownEnds
  /** Whether a member had begun before, so that it is walked again whatever is decided. */
  readonly hasBegun: (index: number) => boolean
  /** The answer when all members are over and nothing was decided; they cannot all be, where left out. */
  readonly otherwise?: () => Answer
  /** Where the decision is kept, if what it ended has something to undo. */
  readonly decision?: DecisionMark
}

export interface KnownEnds {
  readonly has: (index: number) => boolean
  /** One of them has ended, and the last is still to be heard. */
  readonly note: (index: number, outcome: Settled) => void
}

export interface GatherMember {
  readonly scope: Scope
  readonly begin: Begin
  /** Whether the whole has ended already without it: it is walked as far as it is recorded. */
  readonly isOver?: boolean
}

/** A strand of its own walks a body beside this one, which goes on with a task. */
export interface Fork {
  readonly next: 'fork'
  readonly id: string
  readonly name: string | undefined
  readonly scope: Scope
  readonly begin: Begin
}

/** The strand stays until the task has ended, and goes on with its outcome. */
export interface Join {
  readonly next: 'join'
  readonly task: Task
}

/** The task is ended, and the strand stays until it has. */
export interface CancelTask {
  readonly next: 'cancel-task'
  readonly task: Task
}

/** The strand stays until all it has seen is durable. */
export interface Acknowledged {
  readonly next: 'acknowledged'
  readonly then: () => Answer
}

/** The execution ends here, whatever the workflow would catch. */
export interface End {
  readonly next: 'end'
  readonly error: PerdureError
  /** The operation at which, where there is one. */
  readonly id?: string | undefined
}

export function resume(outcome: Settled, updates?: readonly OperationUpdate[]): Answer {
  return updates === undefined ? { next: 'resume', outcome } : { next: 'resume', outcome, updates }
}

/** Goes on with what the record holds, which an earlier invocation of ours had put there. */
export function replay(outcome: Settled): Answer {
  return { next: 'resume', outcome, handedOver: true }
}

/**
 * Walks once more, as far as it is recorded, what has ended already: to learn how its steps are undone.
 * What it comes to changes nothing.
 */
export function revisit(members: readonly GatherMember[], then: () => Answer): Answer {
  return {
    next: 'gather',
    count: members.length,
    atOnce: Infinity,
    inOrder: false,
    isRecorded: true,
    member: (index) => ({ ...(members[index] as GatherMember), isOver: true }),
    ended: () => undefined,
    hasBegun: () => true,
    otherwise: then,
  }
}

/** Whether an answer has something reported to the service. */
export function says(answer: Answer): boolean {
  return 'updates' in answer && answer.updates.length > 0
}

export function end(error: PerdureError, id?: string): Answer {
  return { next: 'end', error, id }
}
