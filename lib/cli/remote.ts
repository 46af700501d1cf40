import type { Lambda } from '@aws-sdk/client-lambda'
import { Option, type Command } from 'commander'
import { awsLambda } from '../lambda/aws-client.ts'
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

  constructor({ endpoint, aws = false, region }: RemoteOptions) {
    if (aws && endpoint !== undefined) {
      throw new UsageError('--aws and --endpoint exclude each other: one is Lambda, one is not.')
    }
    const set = endpoint ?? process.env['AWS_ENDPOINT_URL_LAMBDA'] ?? defaultEndpoint
    this.endpoint = aws ? undefined : set
    this.#region = region ?? (aws ? undefined : 'us-east-1')
  }

  /** The calls of the Lambda API; what goes wrong in them is told in words of the command line. */
  async call<T>(work: (lambda: Lambda) => Promise<T>): Promise<T> {
    this.#lambda ??= awsLambda({ endpoint: this.endpoint, region: this.#region })
    try {
      return await work(await this.#lambda)
    } catch (error) {
      throw this.#told(error)
    }
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
    return '$metadata' in error ? new UsageError(`${error.name}: ${error.message}`) : error
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
