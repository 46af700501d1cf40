import type { Lambda } from '@aws-sdk/client-lambda'
import { Option, type Command } from 'commander'
import { systemClock } from '../kernel/clock.ts'
import { Admin } from './admin.ts'
import { UsageError, unreachable } from './usage-error.ts'

/** Where `perdure dev` listens unless it is told otherwise. */
export const defaultPort = 9170

const defaultEndpoint = `http://127.0.0.1:${defaultPort}`

export interface RemoteOptions {
  readonly endpoint?: string
  readonly aws?: boolean
  readonly region?: string
}

/** The options of a command that speaks to a service. */
export function withRemote(command: Command): Command {
  return command
    .option('--endpoint <url>', `the local service (default: ${defaultEndpoint})`)
    .addOption(new Option('--aws', 'Lambda itself, with the credentials of the AWS SDK'))
    .option('--region <region>', 'region of AWS')
    .option('--json', 'print JSON')
}

/** Lambda, or the local service in its place. */
export class Remote {
  /** Of the local service; `undefined` is AWS. */
  readonly endpoint: string | undefined
  readonly #region: string | undefined
  #lambda: Promise<Lambda> | undefined

  constructor(
    { endpoint, aws = false, region }: RemoteOptions,
    env: Readonly<Record<string, string | undefined>> = {},
  ) {
    if (aws && endpoint !== undefined) {
      throw new UsageError('--aws and --endpoint exclude each other: one is Lambda, one is not.')
    }
    const set = endpoint ?? env['AWS_ENDPOINT_URL_LAMBDA'] ?? defaultEndpoint
    if (!aws && !/^https?:$/.test(URL.canParse(set) ? new URL(set).protocol : '')) {
      throw new UsageError(`The endpoint is to be a URL such as ${defaultEndpoint}, got ${set}.`)
    }
    this.endpoint = aws ? undefined : set
    this.#region = region ?? (aws ? undefined : 'us-east-1')
  }

  /** The calls of the Lambda API; what goes wrong in them is told in words of the command line. */
  async call<T>(work: (lambda: Lambda) => Promise<T>): Promise<T> {
    this.#lambda ??= this.#connect()
    try {
      return await work(await this.#lambda)
    } catch (error) {
      throw this.#told(error)
    }
  }

  async #connect(): Promise<Lambda> {
    const { awsLambda } = await import('../lambda/aws-client.ts')
    return awsLambda({ endpoint: this.endpoint, region: this.#region })
  }

  /** Milliseconds since 1970, where the executions are: the clock of a local service may be ahead. */
  async now(): Promise<number> {
    if (this.endpoint === undefined) return systemClock.now()
    const { now } = (await this.admin.get('time')) as { readonly now: string }
    return Date.parse(now)
  }

  /** What a command line needs to come here again; nothing for the place where it looks first. */
  get flags(): string {
    if (this.endpoint === undefined) return ' --aws'
    return this.endpoint === defaultEndpoint ? '' : ` --endpoint ${this.endpoint}`
  }

  /** What only the local service can do. */
  get admin(): Admin {
    if (this.endpoint === undefined) {
      throw new UsageError('Lambda has no such call: this works with the local service only.')
    }
    return new Admin(this.endpoint)
  }

  #told(error: unknown): unknown {
    if (!(error instanceof Error)) return error
    if (isUnreachable(error) && this.endpoint !== undefined) return unreachable(this.endpoint)
    if (error.name === 'CredentialsProviderError' || /region is missing/i.test(error.message)) {
      return new UsageError(
        `AWS cannot be reached: ${error.message}. Set AWS_PROFILE and --region, or leave out --aws ` +
          'to speak to the local service.',
      )
    }
    // The SDK's own errors carry a name and a message that say what Lambda has refused.
    if (!('$metadata' in error)) return error
    return new UsageError(`${error.name}: ${error.message}`, { cause: error })
  }
}

function isUnreachable(error: unknown): boolean {
  const { code, errors, cause } = error as NodeJS.ErrnoException & {
    errors?: unknown[]
    cause?: unknown
  }
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'ENOTFOUND') return true
  if (errors?.some(isUnreachable)) return true
  return cause !== undefined && isUnreachable(cause)
}
