// Quotas of the Lambda durable execution service. The Lambda API model (version 2025-12-01, as
// published in `@aws-sdk/client-lambda`) is the source unless a line names another.

export const limits = {
  /** Characters of `[a-zA-Z0-9-_]` in an operation's id. */
  idLength: 64,
  /** Printable ASCII characters in an operation's name. */
  nameLength: 256,
  subTypeLength: 32,
  /** Seconds that a wait or a retry may be put off: 366 days. */
  longestDelaySeconds: 31_622_400,
  /** Seconds before a callback may time out (API reference of `CallbackOptions`). */
  longestCallbackTimeoutSeconds: 99_999_999,
  /** Bytes of one operation's payload (documentation of `OperationUpdate`). */
  operationPayloadBytes: 1_048_576,
  /** Bytes of all of an error's fields (the same). */
  errorBytes: 1_048_576,
  /** Bytes of an execution's result: 6 MB of Lambda response. */
  executionPayloadBytes: 6_291_456,
  /** Bytes of a result that still fit the response envelope; longer ones travel as a checkpoint. */
  responseBytes: 6 * 1024 * 1024 - 50,
  /** Bytes of a child context's result kept inline, as the official SDKs do; longer ones replay. */
  inlineContextBytes: 262_144,
  /** Updates and bytes that the official SDKs put into one checkpoint call. */
  updatesPerCheckpoint: 250,
  bytesPerCheckpoint: 750 * 1024,
  /** Records in one page of `GetDurableExecutionState`, at most. */
  pageSize: 1000,
  /** Operations of one execution; sources differ between 3,000 and 30,000. */
  operationsPerExecution: 30_000,
} as const
