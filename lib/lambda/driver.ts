import type { DurableService } from '../checkpoint/port.ts'
import { invalidOption } from '../kernel/errors.ts'
import { checkSerdes } from '../operations/options.ts'
import type { Workflow } from '../operations/workflow.ts'
import { parseEnvelope } from './envelope.ts'
import { markHandler, portsOf } from './host.ts'
import { runInvocation } from './invocation.ts'
import { lambdaLog } from './logger.ts'
import { settle, type DriverOptions, type HandlerOptions } from './options.ts'

export interface Driver {
  /**
   * The handler to export for a workflow. It throws only what Lambda is to try again; whatever ends
   * the execution is in its answer.
   */
  lambdaHandler<I, O>(
    workflow: Workflow<I, O>,
    options?: HandlerOptions<I, O>,
  ): (event: unknown, context: unknown) => Promise<unknown>
}

/** A driver with options of its own. Throws INVALID_OPTION for those that cannot be meant. */
export function createDriver(options: DriverOptions = {}): Driver {
  const settings = settle(options)
  return {
    lambdaHandler(workflow, schemas = {}) {
      if (typeof workflow !== 'function') {
        throw invalidOption('workflow', 'a generator function', workflow)
      }
      checkSerdes(schemas, 'input', 'create')
      checkSerdes(schemas, 'output', 'create')
      return markHandler((event, context) => {
        const ports = portsOf(event)
        return handle(() =>
          runInvocation({
            workflow: workflow,
            schemas,
            settings,
            envelope: parseEnvelope(event),
            ports,
            service: ports.service ?? settings.client ?? lazyService,
            lambda: context ?? {},
            log: settings.log ?? ports.log ?? lambdaLog(() => ports.clock.now()),
          }),
        )
      })
    },
  }
}

/** A driver with all defaults. */
export const driver: Driver = createDriver()

/** A bad event is a rejected promise, as all else that goes wrong in a handler. */
async function handle<T>(run: () => Promise<T>): Promise<T> {
  return run()
}

let loaded: Promise<DurableService> | undefined

/** The AWS client, loaded when it is first needed and kept for the invocations to come. */
function load(): Promise<DurableService> {
  loaded ??= import('./aws-client.ts').then(({ awsService }) => awsService())
  return loaded
}

const lazyService: DurableService = {
  checkpoint: async (request) => (await load()).checkpoint(request),
  getExecutionState: async (request) => (await load()).getExecutionState(request),
}
