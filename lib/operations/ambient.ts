import { Descriptor, type Operation } from './operation.ts'
import type { WorkflowContext } from './workflow.ts'

// Small operations that the driver answers from what it knows: no checkpoint, no number.

/** The time, in milliseconds since 1970, of the latest record that this strand of the workflow has seen. */
export function now(): Operation<number> {
  return new AmbientOperation('now')
}

/** A UUID that every replay makes again. */
export function uuid(): Operation<string> {
  return new AmbientOperation('uuid')
}

/** A number from 0 up to, but not including, 1, that every replay draws again. Not for secrets. */
export function random(): Operation<number> {
  return new AmbientOperation('random')
}

/** The workflow's context, for helpers that were not handed it. */
export function context(): Operation<WorkflowContext> {
  return new AmbientOperation('context')
}

export class AmbientOperation<T> extends Descriptor<T> {
  readonly kind: 'now' | 'uuid' | 'random' | 'context'
  readonly name = undefined

  constructor(kind: AmbientOperation<T>['kind']) {
    super()
    this.kind = kind
    Object.freeze(this)
  }
}
