import { flat, type ExecutionView, type OperationView } from './view.ts'

/**
 * The operation that an execution's error came from: the innermost of those that failed with the same
 * message, the last of several. None where the workflow's own code threw it.
 */
export function blame({ execution, operations }: ExecutionView): OperationView | undefined {
  const message = execution.error?.message ?? ''
  let found: OperationView | undefined
  for (const one of flat(operations)) {
    const said = one.error?.message
    if (one.standing !== 'over' || one.status === 'SUCCEEDED' || !said) continue
    if (!message.includes(said)) continue
    const isInside = found !== undefined && !found.children.includes(one)
    if (isInside && (one.endedAt ?? '') < (found?.endedAt ?? '')) continue
    found = one
  }
  return found
}
