import type { DriverOptions, Workflow } from 'perdure'

/** What answers one requirement: a workflow, and what it needs around it. */
export interface Handler {
  /** Gets the requirement's input. */
  readonly workflow: Workflow<never>
  /** Options for the driver that runs the workflow. */
  readonly options?: DriverOptions
  /**
   * Functions that the workflow may invoke, by their bare names: a generator function is a durable
   * function, any other a plain one.
   */
  readonly targets?: Readonly<Record<string, Target>>
  /** Plugins for the driver, after those in `options`. */
  readonly plugins?: readonly unknown[]
  /** The module that it was loaded from. */
  readonly file?: string
}

export type Target = Workflow<never> | PlainFunction

/** A Lambda function that is not durable. */
export type PlainFunction = (event: never, context: never) => unknown

/** What a module of handlers exports as `handlers`: a handler for each requirement id. */
export type Handlers = Readonly<Record<string, Handler>>

/** Options for the driver, the plugins among them. */
export function driverOptions({ options, plugins = [] }: Handler): DriverOptions {
  if (plugins.length === 0) return options ?? {}
  const own = (options as { plugins?: readonly unknown[] } | undefined)?.plugins ?? []
  return { ...options, plugins: [...own, ...plugins] } as DriverOptions
}

/** A call of a generator function makes a generator, and only that can be driven. */
export function isDurable(target: Target): target is Workflow<never> {
  return Object.prototype.toString.call(target) === '[object GeneratorFunction]'
}
