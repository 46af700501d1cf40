import { InvocationFailure } from '../../service/invoker.ts'
import { responseBytes } from './read-body.ts'

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Signals by the words in which Lambda reports them. */
const signalWords: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
}

/** The failure of an invocation whose process ended; `hint` is what the process said last. */
export function exited(
  requestId: string | undefined,
  { code, signal }: Exit,
  hint?: string,
): InvocationFailure {
  const how = signal
    ? `Runtime exited with error: signal: ${signalWords[signal] ?? signal}`
    : code === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: exit status ${code ?? 'unknown'}`
  const reason = hint === undefined ? how : `${how}: ${hint}`
  return new InvocationFailure('Runtime.ExitError', forRequest(requestId, reason))
}

export function forRequest(requestId: string | undefined, reason: string): string {
  return requestId === undefined ? `Error: ${reason}` : `RequestId: ${requestId} Error: ${reason}`
}

/** What a runtime posts of an error: an `ErrorRequest` of the Runtime API. */
export function reported(body: string, header: string | undefined): InvocationFailure {
  const { errorType, errorMessage, stackTrace, trace } = objectIn(body)
  const lines = Array.isArray(stackTrace) ? stackTrace : Array.isArray(trace) ? trace : undefined
  return new InvocationFailure(
    textOr(header ?? 'Unhandled', errorType),
    textOr(errorType === undefined ? body : '', errorMessage),
    lines === undefined ? {} : { stackTrace: lines.map(String) },
  )
}

export function responseTooLarge(): InvocationFailure {
  const text = `Response payload size exceeded maximum allowed payload size (${responseBytes} bytes).`
  return new InvocationFailure('Function.ResponseSizeTooLarge', text)
}

function textOr(otherwise: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}

function objectIn(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
