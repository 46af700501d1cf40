import { limits } from '../kernel/limits.ts'

/** What the service allows; each can be set, so that a spec may meet a limit with small data. */
export interface ServiceLimits {
  operationsPerExecution: number
  /** Bytes of one operation's input, result or state. */
  operationPayloadBytes: number
  /** Bytes of an execution's input and of its result. */
  executionPayloadBytes: number
  /** Bytes of the input of an execution that nobody waits for. */
  eventPayloadBytes: number
  /** Bytes of an error, as JSON. */
  errorBytes: number
  /** Records and bytes in the event of an invocation; the rest is fetched in pages. */
  envelopeItems: number
  envelopeBytes: number
  /** Records or events in a page whose request names no number, and the most it may name. */
  defaultPageItems: number
  pageItems: number
  /** Bytes of records in a page of state. */
  pageBytes: number
}

/** The quotas of the Lambda service, where sources agree on one; else the widest. */
export const defaultServiceLimits: ServiceLimits = {
  operationsPerExecution: limits.operationsPerExecution,
  operationPayloadBytes: limits.operationPayloadBytes,
  executionPayloadBytes: limits.executionPayloadBytes,
  eventPayloadBytes: 1_048_576,
  errorBytes: 1_048_576,
  envelopeItems: limits.pageSize,
  // Lambda takes 6 MB of event; some of it is the envelope itself.
  envelopeBytes: 6 * 1024 * 1024 - 32 * 1024,
  defaultPageItems: 100,
  pageItems: limits.pageSize,
  pageBytes: 5 * 1024 * 1024,
}
