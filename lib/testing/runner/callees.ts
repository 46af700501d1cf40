import { parseFunctionReference, type Location } from '../../service/arn.ts'
import type { InvocationRequest } from '../../service/invoker.ts'
import type { Embedded, EmbeddedSettings, Handler } from '../embedded.ts'
import type { ScenarioFunction } from '../scenario.ts'
import { calleeOf, type Subject } from './subject.ts'

const nowhere: Location = { region: '', accountId: '' }

/** Where the functions are that are named by an ARN: the service has to stand there, too. */
export function locationOf(names: readonly string[]): Partial<Location> {
  const locations = names.map((name) => parseFunctionReference(name, nowhere).location)
  return locations.find((location) => location !== undefined && location.region !== '') ?? {}
}

/** A name for the workflow that none of the export functions has. */
export function freeName(functions: object): string {
  let name = 'workflow'
  while (Object.keys(functions).some((key) => key.includes(name))) name += '-under-test'
  return name
}

/** The functions that a workflow invokes, under the names by which it does: with a qualifier or not. */
export class Callees {
  readonly #keys = new Map<string, string>()
  readonly #called = new Set<string>()

  constructor(
    functions: Readonly<Record<string, ScenarioFunction>>,
    embedded: Embedded,
    handlerOf: (subject: Subject) => Handler,
  ) {
    let published = 0
    for (const [key, one] of Object.entries(functions)) {
      const { name, qualifier } = parseFunctionReference(key, nowhere)
      const isVersion = qualifier !== undefined && /^(\$LATEST|\d+)$/.test(qualifier)
      // Each alias stands for a version of its own, far from those that a caller may name.
      const version = qualifier === undefined || isVersion ? qualifier : String(++published + 1000)
      const settings: EmbeddedSettings = {
        ...(version === undefined ? {} : { version }),
        ...(isVersion ? {} : { aliases: qualifier === undefined ? 'any' : [qualifier] }),
      }
      this.#keys.set(`${name}:${version ?? '$LATEST'}`, key)
      const callee = calleeOf(key, one)
      if ('durable' in callee) embedded.register(name, handlerOf(callee.durable), settings)
      else {
        const plain = (input: unknown) => callee.plain(input as never)
        embedded.register(name, plain, { ...settings, durable: false })
      }
    }
  }

  /** Names of those that were never called. */
  get unused(): string[] {
    return [...this.#keys.values()].filter((key) => !this.#called.has(key))
  }

  /** To be called with each invocation of any function. */
  note({ functionName, version }: InvocationRequest): void {
    const key = this.#keys.get(`${functionName}:${version}`)
    if (key !== undefined) this.#called.add(key)
  }
}
