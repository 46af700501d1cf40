import { dirname, relative } from 'node:path'
import type { HostedFunction } from '../ports.ts'

export interface EnvironmentFacts {
  readonly region: string
  /** Where the service is, for the AWS SDKs. */
  readonly endpoint: string
  readonly runtimeApi: string
  readonly memoryMegabytes: number
  readonly logStreamName: string
  /** Where the process starts, as Lambda's `/var/task`. */
  readonly taskRoot: string
  readonly credentials: 'dummy' | 'own'
}

/** By these the AWS SDKs would find the user's account, or a way round the service. */
const identity =
  /^AWS_(?:PROFILE|DEFAULT_PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CREDENTIAL_EXPIRATION|SECURITY_TOKEN|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|CONTAINER_.*)$/

const misleading =
  /^(?:AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|AWS_LAMBDA_(?!LOG_LEVEL$|LOG_FORMAT$).*|_HANDLER|_X_AMZN_.*)$/

const dummies = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: 'local',
}

/**
 * The environment of a function's process: what Lambda sets, over what the user's shell has (`PATH`,
 * `DATABASE_URL`, `NODE_OPTIONS`, an `AWS_ENDPOINT_URL_DYNAMODB` of their own: all of that works as it
 * does in the shell), and the function's own settings over both. Only the user's AWS identity stays
 * out, unless it is asked for: a handler that is being tried out must not reach a real account because
 * the shell happened to be signed in. With the dummies, a call of a real service is refused by AWS.
 */
export function environmentOf(
  fn: HostedFunction,
  facts: EnvironmentFacts,
  user: NodeJS.ProcessEnv,
): Record<string, string> {
  const { credentials, region, taskRoot } = facts
  const kept = Object.entries(user).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !misleading.test(entry[0]) &&
      (credentials === 'own' || !identity.test(entry[0])),
  )
  return {
    ...Object.fromEntries(kept),
    ...(credentials === 'own' ? {} : dummies),
    ...fn.environment,
    AWS_DEFAULT_REGION: region,
    // Said again in every process, it would drown what the function has to say.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_LAMBDA: facts.endpoint,
    AWS_EXECUTION_ENV: runtimeOf(fn),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(facts.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: fn.version ?? '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStreamName,
    AWS_LAMBDA_RUNTIME_API: facts.runtimeApi,
    AWS_REGION: region,
    LAMBDA_RUNTIME_DIR: import.meta.dirname,
    LAMBDA_TASK_ROOT: taskRoot,
    TZ: fn.environment?.['TZ'] ?? ':UTC',
    _HANDLER: handlerName(fn, taskRoot),
  }
}

function runtimeOf({ launch }: HostedFunction): string {
  const [major = ''] = process.versions.node.split('.')
  return launch.kind === 'module' ? `AWS_Lambda_nodejs${major}.x` : 'AWS_Lambda_provided.al2023'
}

/** As Lambda writes it: `folder/module.export`. */
function handlerName({ name, launch }: HostedFunction, taskRoot: string): string {
  if (launch.kind === 'command') return name
  const path = relative(taskRoot, launch.file).replace(/\.[cm]?[jt]sx?$/, '')
  return `${path.startsWith('..') ? path.slice(dirname(path).length + 1) : path}.${launch.exportName}`
}
