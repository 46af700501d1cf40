import type * as Perdure from 'perdure'

import { sleep, type Timer } from '../../lib/kernel/clock.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'
import {
  Embedded,
  type EmbeddedOptions,
  type Handler as Hosted,
} from '../../lib/testing/embedded.ts'
import { CapturedOutput } from './captured-output.ts'
import { driverOptions, type Handler, isDurable } from './handler.ts'
import type { House } from './house.ts'
import type { Requirement } from './requirement.ts'

/** Seconds, and more than an execution may last: who sleeps so long wakes when all else is over. */
const forever = 400 * 24 * 60 * 60

/** The service and the functions in this process, on virtual time: an hour's wait takes no time at all. */
export class EmbeddedHouse implements House {
  readonly functionName: string
  readonly embedded: Embedded
  readonly clock = new VirtualClock()
  readonly #output: CapturedOutput
  /** Whether an invocation has ended since somebody last asked. */
  #isNews = false
  #tell: () => void = () => undefined

  constructor(
    { id }: Requirement,
    handler: Handler,
    { createDriver, driver: plainDriver }: typeof Perdure,
    between?: EmbeddedOptions['between'],
  ) {
    this.embedded = new Embedded({ clock: this.clock, ...(between ? { between } : {}) })
    this.functionName = `conformance-${id}`
    const { workflow, targets = {} } = handler
    const driver = createDriver(driverOptions(handler))
    this.#host(this.functionName, driver.lambdaHandler(workflow))
    for (const [name, target] of Object.entries(targets)) {
      if (isDurable(target)) this.#host(name, plainDriver.lambdaHandler(target))
      else this.embedded.register(name, target as Hosted, { durable: false })
    }
    // Last: were the driver to refuse its options, nobody would be there to restore the streams.
    this.#output = new CapturedOutput()
  }

  async somethingNew(arn: string): Promise<void> {
    if (!this.#isNews) {
      const told = new Promise<void>((resolve) => (this.#tell = resolve))
      let timer: Timer | undefined
      const nothingLeft = new Promise<void>((resolve) => {
        timer = this.clock.startTimer(forever * 1000, resolve)
      })
      await Promise.race([told, this.embedded.service.ended(arn), nothingLeft])
      timer?.cancel()
    }
    this.#isNews = false
  }

  sleep(seconds: number): Promise<void> {
    return sleep(this.clock, seconds * 1000)
  }

  /** The clock moves on, be it by nothing, only when nothing goes on in the process. */
  rest(): Promise<void> {
    return this.sleep(0)
  }

  output(): readonly string[] {
    return this.#output.lines()
  }

  async close(): Promise<void> {
    this.#output.restore()
  }

  #host(name: string, handler: (event: unknown, context: unknown) => Promise<unknown>): void {
    this.embedded.register(name, async (event, context) => {
      try {
        return await handler(event, context)
      } finally {
        // A turn later, when the service has written down what came of it.
        this.clock.startTimer(0, () => {
          this.#isNews = true
          this.#tell()
        })
      }
    })
  }
}
