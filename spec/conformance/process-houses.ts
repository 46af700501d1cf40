import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostedFunction } from '../../lib/server/ports.ts'
import { pacedDurability, PacedService } from '../support/paced-service.ts'
import { type Handler, isDurable, type Target } from './handler.ts'
import type { ServedHouse } from './house.ts'
import type { Requirement } from './requirement.ts'

const program = fileURLToPath(new URL('./processes/hosted.ts', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Houses of the local service: its HTTP API, and functions in processes of their own. Case after case
 * is played in the same service, so that processes stay warm: one for each module of handlers, and
 * one for each function that is invoked.
 */
export class ProcessHouses {
  #tenant: { readonly service: PacedService; readonly targets: Map<string, Target> } | undefined
  #lines: string[] = []
  #opened = 0

  readonly open = async ({ id }: Requirement, handler: Handler): Promise<ServedHouse> => {
    const { file, targets = {} } = handler
    if (file === undefined) throw new Error(`The handler of ${id} is in no module.`)
    const { service, targets: known } = await this.#serviceFor(targets)
    const { local } = service
    const functionName = `conformance-${basename(file).replaceAll(/[^A-Za-z0-9_-]/g, '-')}`
    if (!local.functions.some(({ name }) => name === functionName)) {
      local.host({ ...hosted(functionName, 'handler', { file }), durable: pacedDurability })
    }
    for (const [name, target] of Object.entries(targets)) {
      if (known.get(name) === target) continue
      known.set(name, target)
      const durable = isDurable(target) ? pacedDurability : undefined
      local.host({ ...hosted(name, 'target', { file, id, target: name }), durable })
    }
    this.#lines = []
    this.#opened += 1
    return house(service, `${id}_${this.#opened}`, functionName, () => this.#lines)
  }

  async close(): Promise<void> {
    await this.#tenant?.service.local.close()
    this.#tenant = undefined
  }

  /** The one that there is, unless it hosts functions that are none of this case's. */
  async #serviceFor(targets: object) {
    const foreign = [...(this.#tenant?.targets.keys() ?? [])].some((name) => !(name in targets))
    if (foreign && Object.keys(targets).length > 0) await this.close()
    if (this.#tenant) return this.#tenant
    const service = new PacedService({
      functions: [],
      folder: root,
      onLog: ({ stream, text }) => void (stream === 'platform' || this.#lines.push(text)),
    })
    await service.local.start()
    return (this.#tenant = { service, targets: new Map() })
  }
}

function hosted(
  name: string,
  exportName: string,
  { file, id = '', target = '' }: { file: string; id?: string; target?: string },
): HostedFunction {
  return {
    name,
    launch: { kind: 'module', file: program, exportName },
    environment: { CONFORMANCE_FILE: file, CONFORMANCE_ID: id, CONFORMANCE_TARGET: target },
  }
}

function house(
  service: PacedService,
  executionName: string,
  functionName: string,
  output: () => readonly string[],
): ServedHouse {
  let seen = 0
  return {
    url: service.local.url,
    functionName,
    executionName,
    async somethingNew(arn) {
      for (;;) {
        await service.quiet()
        const count = await eventCount(service, arn)
        if (count !== seen || !service.moveOn()) {
          seen = count
          return
        }
      }
    },
    sleep: (seconds) => service.sleep(seconds),
    rest: () => service.quiet(),
    output,
    whileTalking: (call) => call(),
    whileWaiting: (call) => service.passUntil(call()),
    close: () => service.quiet(),
  }
}

async function eventCount({ local }: PacedService, arn: string): Promise<number> {
  const page = await local.service.getDurableExecutionHistory({
    DurableExecutionArn: arn,
    ReverseOrder: true,
    MaxItems: 1,
  })
  return page.Events[0]?.EventId ?? 0
}
