import { difference, isObject, plain } from './match.ts'
import { historyDifference } from './match-history.ts'
import { logRecords, logsDifference } from './match-logs.ts'
import type { Performance } from './play.ts'
import type { Requirement } from './requirement.ts'
import type { Standing } from './stage.ts'
import { type Bindings, substitute } from './variables.ts'

/**
 * The first difference between what a requirement expects and what came: the status before the
 * result, the result before the history, and the logs, which may name what the history has bound, last.
 */
export function verdict(
  requirement: Requirement,
  { arn, standing, events, output }: Performance,
  bindings: Bindings,
): string | undefined {
  return (
    resultDifference(requirement.result, standing, bindings) ??
    historyDifference(requirement.history, events, bindings) ??
    logsDifference(requirement.logs, logRecords(output, arn), bindings)
  )
}

function resultDifference(
  expected: Record<string, unknown> | undefined,
  standing: Standing,
  bindings: Bindings,
): string | undefined {
  if (expected === undefined) return undefined
  const { ExecutionStatus, ...rest } = expected
  const actual = plain({ ...standing, Result: decoded(standing.Result) })
  if (ExecutionStatus !== undefined) {
    const found = difference(ExecutionStatus, standing.Status, bindings, 'ExecutionStatus')
    if (found !== undefined) return `${found}${reason(standing)}`
  }
  return difference(substitute(rest, bindings), actual, bindings)
}

/** A result is JSON text, or whatever text a serdes of the workflow has made of it. */
function decoded(result: string | undefined): unknown {
  if (result === undefined || result === '') return null
  try {
    return JSON.parse(result) as unknown
  } catch {
    return result
  }
}

function reason({ Error: error }: Standing): string {
  if (!isObject(error)) return ''
  const { ErrorType: type, ErrorMessage: message } = error
  return ` (${[type, message].filter((part) => typeof part === 'string').join(': ')})`
}
