import type { InvocationFailure, InvocationRequest } from '../../service/invoker.ts'

export interface Report {
  readonly milliseconds: number
  readonly memoryMegabytes: number
  readonly peakBytes: number
  /** Of the start, where this was the first invocation of its process. */
  readonly initMilliseconds: number | undefined
  /** Of one that the process did not live to answer. */
  readonly failure: InvocationFailure | undefined
}

export function startLine({ requestId, version }: InvocationRequest): string {
  return `START RequestId: ${requestId} Version: ${version}`
}

export function endLine({ requestId }: InvocationRequest): string {
  return `END RequestId: ${requestId}`
}

/** The line in which Lambda sums an invocation up, its parts set apart by tabs. */
export function reportLine({ requestId }: InvocationRequest, report: Report): string {
  const { milliseconds, memoryMegabytes, peakBytes, initMilliseconds, failure } = report
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${milliseconds.toFixed(2)} ms`,
    `Billed Duration: ${Math.max(1, Math.ceil(milliseconds))} ms`,
    `Memory Size: ${memoryMegabytes} MB`,
    ...(peakBytes > 0 ? [`Max Memory Used: ${Math.ceil(peakBytes / 2 ** 20)} MB`] : []),
    ...(initMilliseconds === undefined ? [] : [`Init Duration: ${initMilliseconds.toFixed(2)} ms`]),
    ...(failure ? statusOf(failure) : []),
  ].join('\t')
}

function statusOf({ errorType }: InvocationFailure): string[] {
  if (errorType === 'Sandbox.Timedout') return ['Status: timeout']
  return ['Status: error', `Error Type: ${errorType}`]
}
