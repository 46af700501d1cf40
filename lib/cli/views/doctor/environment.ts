import { mistake, ok, warning, type Finding } from './finding.ts'

const least = [20, 19] as const
const lambdaMajors = [22, 24]

/** Whether this Node runs perdure, and whether Lambda has it for durable functions. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major < least[0] || (major === least[0] && minor < least[1])) {
    return mistake(
      'Node',
      version,
      `perdure needs Node ${least.join('.')} or newer: install Node 24.`,
    )
  }
  if (lambdaMajors.includes(major)) return ok('Node', version)
  return warning(
    'Node',
    `${version}; durable functions run on Node ${lambdaMajors.join(' and ')} at Lambda`,
    `Work with Node ${lambdaMajors.at(-1) ?? ''}, so that your code meets here what it meets there.`,
  )
}

/** What came of asking an endpoint for its functions. */
export type EndpointAnswer =
  | { readonly kind: 'none'; readonly reason: string }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly server?: string
      readonly body?: unknown
    }

export interface EndpointPorts {
  /** GET of ListFunctions at the endpoint. */
  readonly ask: (endpoint: string) => Promise<EndpointAnswer>
}

/** Whether the endpoint can be reached, and whether what answers is a Lambda. */
export async function checkEndpoint(
  endpoint: string | undefined,
  { ask }: EndpointPorts,
): Promise<Finding> {
  const about = 'endpoint'
  if (endpoint === undefined || endpoint === '') {
    return warning(
      about,
      'AWS_ENDPOINT_URL_LAMBDA is not set, so AWS clients talk to AWS itself',
      'For the local service: `perdure dev FILE…`, and set the variable to the address that it prints.',
    )
  }
  if (!/^https?:\/\/[^/]+/.test(endpoint)) {
    return mistake(about, `${endpoint} is no URL`, 'Write it like http://127.0.0.1:3001.')
  }
  const answer = await ask(endpoint)
  if (answer.kind === 'none') {
    return mistake(
      about,
      `${endpoint} cannot be reached: ${answer.reason}`,
      'Start the local service with `perdure dev FILE…`, or mend the address.',
    )
  }
  const { status, server, body } = answer
  const functions = (body as { Functions?: unknown } | undefined)?.Functions
  if (status === 200 && Array.isArray(functions)) {
    const by = server === undefined ? '' : `${server} `
    return ok(about, `${endpoint} answers: ${by}with ${functions.length} functions`)
  }
  if (status === 401 || status === 403) {
    return warning(
      about,
      `${endpoint} answers ${status}: it wants credentials`,
      'Check your AWS credentials.',
    )
  }
  return mistake(
    about,
    `${endpoint} answers ${status} to ListFunctions, so it is no Lambda`,
    'Another program may have the port: start `perdure dev` on a free one.',
  )
}

/** Whether a function is called by something that names its code; durable ones must be. */
export function checkQualified(reference: string): Finding {
  const about = `function ${reference}`
  const [, name, qualifier] =
    /^(?:arn:[^:]+:lambda:[^:]*:\d*:function:)?([\w-]+)(?::([$\w.-]+))?$/.exec(reference) ?? []
  if (name === undefined) {
    return mistake(
      about,
      'is neither a name nor an ARN',
      'Write it like order:live, or its full ARN.',
    )
  }
  if (qualifier === undefined) {
    return mistake(
      about,
      'has no qualifier, and Lambda refuses to start a durable execution without one',
      `Name a version or an alias: ${reference}:live; ${reference}:$LATEST while you try things out.`,
    )
  }
  if (qualifier.startsWith('$LATEST')) {
    return warning(
      about,
      'is $LATEST, which changes under executions that wait',
      'In production name a version or an alias, so that an execution keeps the code that it began with.',
    )
  }
  return ok(about, `has the qualifier ${qualifier}`)
}

/** What GetFunctionConfiguration answered: whether the function is durable, and fit for it. */
export function checkConfiguration(configuration: unknown): Finding[] {
  const { FunctionName, DurableConfig, Runtime, Timeout } = (configuration ?? {}) as {
    readonly FunctionName?: string
    readonly DurableConfig?: {
      readonly ExecutionTimeout?: number
      readonly RetentionPeriodInDays?: number
    }
    readonly Runtime?: string
    readonly Timeout?: number
  }
  const about = `function ${FunctionName ?? ''}`.trim()
  const findings: Finding[] = []
  if (DurableConfig?.ExecutionTimeout === undefined) {
    findings.push(
      mistake(
        about,
        'has no DurableConfig: it is not a durable function, and cannot be made one',
        'Create it anew with --durable-config \'{"ExecutionTimeout":86400,"RetentionPeriodInDays":14}\'.',
      ),
    )
  } else {
    const { ExecutionTimeout: seconds, RetentionPeriodInDays: days } = DurableConfig
    const kept = days === undefined ? '' : `, kept for ${days} days`
    findings.push(ok(about, `is durable: executions may take ${seconds} s${kept}`))
    if (Timeout !== undefined && seconds < Timeout) {
      findings.push(
        warning(
          about,
          `its executions may take ${seconds} s, less than the ${Timeout} s of one invocation`,
          'ExecutionTimeout counts the waits as well: set it to the longest that an execution may take.',
        ),
      )
    }
  }
  if (Runtime !== undefined && !lambdaMajors.some((major) => Runtime === `nodejs${major}.x`)) {
    const runtimes = lambdaMajors.map((major) => `nodejs${major}.x`).join(' or ')
    findings.push(mistake(about, `runs on ${Runtime}`, `Durable functions need ${runtimes}.`))
  }
  return findings
}
