import { mistake, ok, type Finding } from './finding.ts'

/** What a workflow does, as far as its rights are concerned. */
export interface Doings {
  /** Names or ARNs of the functions that it invokes, as its code or its history has them. */
  readonly invokes?: readonly string[]
}

interface Need {
  readonly action: string
  readonly resource: string
  readonly why: string
}

/** The rights that the role of a function needs; those of who answers callbacks are not its own. */
function neededActions({ invokes = [] }: Doings): Need[] {
  const own = ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'].map(
    (action) => ({ action, resource: 'the function itself', why: 'to be durable' }),
  )
  const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'].map(
    (action) => ({
      action,
      resource: 'its log group',
      why: 'to write logs',
    }),
  )
  const called = [...new Set(invokes)].map((resource) => ({
    action: 'lambda:InvokeFunction',
    resource,
    why: `it invokes ${resource}`,
  }))
  return [...own, ...logs, ...called]
}

/**
 * What the role of a function needs. With `allowed`, the actions that its policies allow, `*` in them
 * taken as IAM does, what is missing is a mistake; without, it is only listed.
 */
export function checkPermissions(doings: Doings, allowed?: readonly string[]): Finding[] {
  const about = 'IAM'
  return neededActions(doings).map(({ action, resource, why }) => {
    const need = `${action} on ${resource}, ${why}`
    if (allowed === undefined) return ok(about, `the role needs ${need}`)
    return allowed.some((pattern) => fits(pattern, action))
      ? ok(about, `the role has ${need}`)
      : mistake(about, `the role lacks ${need}`, `Add ${action} to its policy.`)
  })
}

function fits(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i').test(action)
}
