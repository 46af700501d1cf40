/** Where a run can be disturbed. */
export type PointKind =
  | 'before-call'
  | 'lost-answer'
  | 'after-answer'
  | 'body-begin'
  | 'body-middle'
  | 'body-end'
  | 'deadline'
  | 'hand-over'
  | 'stale-token'
  | 'duplicate'

/** An operation, as people and reports name it. */
export interface Place {
  readonly id: string
  /** `step "charge"`. */
  readonly words: string
}

export interface Point {
  readonly kind: PointKind
  /** Which call, body or invocation of the run it is, counted from 1. */
  readonly number: number
  /** What was being done there. */
  readonly at: Place | undefined
}

const words: Readonly<Record<PointKind, string>> = {
  'before-call': 'the process dies before it sends call',
  'lost-answer': 'the process dies before it gets the answer to call',
  'after-answer': 'the process dies when it has the answer to call',
  'body-begin': 'the process dies at the beginning of body',
  'body-middle': 'the process dies in the middle of body',
  'body-end': 'the process dies when it is through with body',
  deadline: 'the time of the function is over after the first body of invocation',
  'hand-over': 'the time of the function is nearly over after the first body of invocation',
  'stale-token': 'the token is refused at the first call of invocation',
  duplicate: 'the event is delivered twice at invocation',
}

/** `the process dies at the end of body 2, step "charge"`. */
export function describePoint({ kind, number, at }: Point): string {
  return `${words[kind]} ${number}${at === undefined ? '' : `, ${at.words}`}`
}
