import { limits } from '../kernel/limits.ts'
import { functionArn, parseFunctionReference, type Location } from './arn.ts'
import { invalid, notFound } from './refusal.ts'

/** What the service has to know of a function. Without `durable` it is a plain one. */
export interface FunctionSettings {
  readonly name: string
  readonly durable?:
    | { readonly executionTimeoutSeconds?: number; readonly retentionPeriodInDays?: number }
    | undefined
  /** How long one invocation may take; 900 when left out. */
  readonly timeoutSeconds?: number
  /** `$LATEST` when left out. */
  readonly version?: string
  /** Qualifiers that stand for this version, or `'any'` for all that stand for no other. */
  readonly aliases?: readonly string[] | 'any'
}

/** A registered function, all of it filled in. */
export interface RegisteredFunction {
  readonly name: string
  readonly version: string
  readonly arn: string
  readonly timeoutSeconds: number
  readonly durable?: { readonly timeoutSeconds: number; readonly retentionDays: number }
}

const longestInvocationSeconds = 900
const longestExecutionSeconds = limits.longestDelaySeconds
const defaultRetentionDays = 14

/** The functions that can be called here. */
export class Functions {
  readonly location: Location
  /** By name, then by version; the version registered last comes last. */
  readonly #functions = new Map<string, Map<string, RegisteredFunction>>()
  /** By name and alias, `name:*` for any. */
  readonly #aliases = new Map<string, RegisteredFunction>()

  constructor(location: Location) {
    this.location = location
  }

  register(settings: FunctionSettings): void {
    const { name, version = '$LATEST', timeoutSeconds = longestInvocationSeconds } = settings
    const { executionTimeoutSeconds = longestExecutionSeconds, retentionPeriodInDays } =
      settings.durable ?? {}
    const retentionDays = retentionPeriodInDays ?? defaultRetentionDays
    checkWhole('timeoutSeconds', timeoutSeconds, longestInvocationSeconds)
    checkWhole('executionTimeoutSeconds', executionTimeoutSeconds, longestExecutionSeconds)
    checkWhole('retentionPeriodInDays', retentionDays, 90)
    if (!/^(\$LATEST|\d+)$/.test(version)) throw invalid(`Invalid function version '${version}'`)
    if (!/^[A-Za-z0-9_-]{1,140}$/.test(name)) throw invalid(`Invalid function name '${name}'`)

    const versions = this.#functions.get(name) ?? new Map<string, RegisteredFunction>()
    this.#functions.set(name, versions)
    versions.delete(version)
    const registered: RegisteredFunction = {
      name,
      version,
      arn: functionArn(this.location, name, version),
      timeoutSeconds,
      ...(settings.durable
        ? { durable: { timeoutSeconds: executionTimeoutSeconds, retentionDays } }
        : {}),
    }
    versions.set(version, registered)
    const { aliases = [] } = settings
    for (const alias of aliases === 'any' ? ['*'] : aliases) {
      this.#aliases.set(`${name}:${alias}`, registered)
    }
  }

  get(name: string, version: string): RegisteredFunction | undefined {
    return this.#functions.get(name)?.get(version)
  }

  /**
   * The function that a name, partial or full ARN stands for: its `$LATEST` unless a qualifier says
   * otherwise. Refuses what is malformed, elsewhere or unknown; `act` is what the caller meant to do.
   */
  resolve(reference: string, qualifier?: string, act = 'invoke'): RegisteredFunction {
    const parsed = parseFunctionReference(reference, this.location)
    const version = qualifier ?? parsed.qualifier
    if (qualifier && parsed.qualifier && qualifier !== parsed.qualifier) {
      throw invalid(
        'The derived qualifier from the function name does not match the specified qualifier.',
      )
    }
    const { region, accountId } = parsed.location ?? this.location
    if (accountId !== this.location.accountId) {
      throw invalid(`Cannot ${act} a function in another account.`)
    }
    if (region !== this.location.region) {
      throw invalid(`Cannot ${act} a function in another region.`)
    }
    const versions = this.#functions.get(parsed.name)
    const found =
      version === undefined
        ? (versions?.get('$LATEST') ?? [...(versions?.values() ?? [])].at(-1))
        : (versions?.get(version) ?? this.#aliased(parsed.name, version))
    if (found) return found
    const arn = functionArn(this.location, parsed.name, version ?? '$LATEST')
    throw notFound(
      `Function not found: ${version === undefined ? arn.replace(/:\$LATEST$/, '') : arn}`,
    )
  }

  /** Whether it is said which version or alias is meant. */
  isQualified(reference: string, qualifier?: string): boolean {
    return (qualifier ?? parseFunctionReference(reference, this.location).qualifier) !== undefined
  }

  #aliased(name: string, qualifier: string): RegisteredFunction | undefined {
    return this.#aliases.get(`${name}:${qualifier}`) ?? this.#aliases.get(`${name}:*`)
  }
}

function checkWhole(setting: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw invalid(`Expected \`${setting}\` to be an integer from 1 to ${most}, got ${String(value)}.`)
}
