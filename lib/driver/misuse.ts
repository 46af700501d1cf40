import { PerdureError } from '../kernel/errors.ts'
import { isGenerator } from '../operations/member.ts'
import { isDescriptor } from '../operations/operation.ts'
import { isTask } from '../operations/task.ts'
import { describeDescriptor } from './words.ts'

/** The mistake of handing an operation to a body, which cannot carry it out, if `value` shows it. */
export function misusedInBody(body: string, value: unknown): PerdureError | undefined {
  if (isDescriptor(value)) {
    return new PerdureError(
      'FORGOTTEN_YIELD',
      `The body of ${body} returned ${describeDescriptor(value)}, which nothing carries out: ` +
        'operations are yielded by the workflow, not used inside a body. ' +
        'Yield it in the workflow, or use childContext for several operations together.',
    )
  }
  if (isGenerator(value)) {
    return new PerdureError(
      'FORGOTTEN_YIELD',
      `The body of ${body} is a generator, which nothing runs: a body is a plain or async function. ` +
        'Use childContext where it is to yield operations.',
    )
  }
  if (isTask(value)) {
    return new PerdureError(
      'FORGOTTEN_YIELD',
      `The body of ${body} returned a task, which cannot be recorded. ` +
        'Join it in the workflow, by `yield* task`.',
    )
  }
  return undefined
}

/** The mistake of returning what should have been yielded, if `value` shows it. */
export function misusedAsResult(value: unknown, body = 'The workflow'): PerdureError | undefined {
  const what = isDescriptor(value)
    ? `${describeDescriptor(value)}, which nothing carries out`
    : isGenerator(value)
      ? 'a generator, which nothing runs'
      : isTask(value)
        ? 'a task, which ends with it'
        : undefined
  if (what === undefined) return undefined
  return new PerdureError('FORGOTTEN_YIELD', `${body} returned ${what}. Write \`return yield*\`.`)
}
