import { invalidOption } from '../kernel/errors.ts'
import { functionsOf, parseSource } from './hosting.ts'
import { LocalService, type LocalServiceOptions } from './local-service.ts'
import type { HostedFunction } from './ports.ts'
import type { Fault, PlantedFault } from './chaos/chaos.ts'

/** A function to host: where its code lies, or what runs it, and Lambda's settings. */
export interface LocalFunction extends Pick<
  HostedFunction,
  'timeoutSeconds' | 'memoryMegabytes' | 'concurrency' | 'environment' | 'aliases'
> {
  /** `FILE#EXPORT`, or `FILE` for its export `handler`. */
  readonly handler?: string | undefined
  /** Any program that speaks the Lambda Runtime API, as a command line of the shell. */
  readonly command?: string | undefined
  /** `false` for a plain function; when left out, handlers of a durable SDK are durable. */
  readonly durable?:
    | boolean
    | { readonly executionTimeoutSeconds?: number; readonly retentionPeriodInDays?: number }
    | undefined
}

export interface LocalOptions extends Omit<LocalServiceOptions, 'functions' | 'workers'> {
  /** By name: where the handler lies (`orders.ts#handler`), or more than that. */
  readonly functions: Readonly<Record<string, string | LocalFunction>>
}

/** The local service while it runs. */
export interface Local {
  /** What `AWS_ENDPOINT_URL_LAMBDA` is to be set to. */
  readonly url: string
  /** What to set for a process that is to speak to this service: endpoint, region, dummy credentials. */
  readonly environment: Readonly<Record<string, string>>
  /** Its clock: what time it is, in milliseconds since 1970, and how to move it. */
  readonly time: {
    now(): number
    move(milliseconds: number): number
    moveToNext(): number | undefined
  }
  /** Has a fault befall calls or invocations. */
  plant(fault: Fault): PlantedFault
  clearFaults(): number
  /** Ends it; what is under way goes on when the same store is opened again. */
  close(): Promise<void>
}

/**
 * Starts the local service on a free port of this machine, or the one that is named. Rejects with
 * `CANNOT_LISTEN`, `MODULE_UNUSABLE` or one of `STORE_LOCKED`, `STORE_TOO_NEW`, `STORE_UNUSABLE`.
 */
export async function startLocal({ functions, ...options }: LocalOptions): Promise<Local> {
  const hosted = await Promise.all(
    Object.entries(functions).map(([name, one]) => hostedOf(name, one)),
  )
  const local = new LocalService({ ...options, functions: hosted })
  try {
    await local.start()
  } catch (error) {
    await local.close()
    throw error
  }
  const { clock, chaos, url } = local
  return {
    url,
    environment: {
      AWS_ENDPOINT_URL_LAMBDA: url,
      AWS_REGION: options.region ?? 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    time: {
      now: () => clock.now(),
      move: (milliseconds) => clock.move(milliseconds),
      moveToNext: () => clock.moveToNext(),
    },
    plant: (fault) => chaos.plant(fault),
    clearFaults: () => chaos.clear(),
    close: () => local.close(),
  }
}

async function hostedOf(name: string, given: string | LocalFunction): Promise<HostedFunction> {
  const { handler, command, durable, ...settings } =
    typeof given === 'string' ? { handler: given } : given
  const durability = typeof durable === 'object' ? durable : {}
  if ((handler === undefined) === (command === undefined)) {
    throw invalidOption(`functions.${name}`, 'either a `handler` or a `command`', given)
  }
  if (command !== undefined) {
    const launch = { kind: 'command', command } as const
    return { ...settings, name, launch, durable: durable === false ? undefined : durability }
  }
  const { file, exportName = 'handler' } = parseSource(handler ?? '')
  const [found] = await functionsOf(
    { file, exportName, name },
    {
      defaults: { ...settings, durable: durability },
      isDurable: () => (durable === undefined ? undefined : durable !== false),
    },
  )
  if (!found) throw invalidOption(`functions.${name}`, 'a handler', handler)
  return found
}
