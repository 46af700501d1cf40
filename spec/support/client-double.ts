import type {
  CheckpointRequest,
  CheckpointResponse,
  StateRequest,
  StateResponse,
} from '../../lib/checkpoint/port.ts'
import type { DurableClient } from '../../lib/index.ts'
import { Ledger } from './ledger.ts'

export const executionArn =
  'arn:aws:lambda:eu-west-1:123456789012:function:shop:1/durable-execution/order-7/11111111'

/** A client by hand: takes checkpoints into a ledger, and fails or goes silent where it is told to. */
export class ClientDouble implements DurableClient {
  readonly ledger: Ledger
  readonly checkpoints: CheckpointRequest[] = []
  readonly pages: StateRequest[] = []
  /** What the next checkpoints answer, in place of the usual: an answer, or an error to reject with. */
  readonly script: (CheckpointResponse | Error)[] = []
  /** What pages are answered with, in order. */
  readonly listing: (StateResponse | Error)[] = []

  constructor(ledger = new Ledger()) {
    this.ledger = ledger
  }

  checkpoint(request: object): Promise<object> {
    const asked = request as CheckpointRequest
    this.checkpoints.push(asked)
    const scripted = this.script.shift()
    if (scripted instanceof Error) return Promise.reject(scripted)
    const records = this.ledger.apply(asked.Updates ?? [])
    return Promise.resolve(
      scripted ?? {
        CheckpointToken: `t${this.checkpoints.length}`,
        NewExecutionState: { Operations: records },
      },
    )
  }

  getExecutionState(request: object): Promise<object> {
    this.pages.push(request as StateRequest)
    const page = this.listing.shift() ?? {}
    return page instanceof Error ? Promise.reject(page) : Promise.resolve(page)
  }

  /** Each checkpoint as `START 1, SUCCEED 1`. */
  get words(): string[] {
    return this.checkpoints.map(({ Updates = [] }) =>
      Updates.map(({ Action, Id }) => `${Action} ${Id}`).join(', '),
    )
  }

  /** The event of an invocation that finds what the ledger holds. */
  event(over: object = {}): object {
    return {
      DurableExecutionArn: executionArn,
      CheckpointToken: 't0',
      InitialExecutionState: { Operations: this.ledger.records },
      ...over,
    }
  }
}

/** An error as the AWS client rejects with it. */
export function serviceError(name: string, status: number, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })
}
