import type { ErrorReport } from './runtime-client.ts'

export type Handler = (event: unknown, context: HandlerContext, callback: Callback) => unknown

type Callback = (error?: unknown, result?: unknown) => void

export interface HandlerContext {
  callbackWaitsForEmptyEventLoop: boolean
}

export type Returned =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/**
 * Calls a handler of either style: an answer is what its promise comes to, or what it hands to the
 * callback. When nothing is left that could still answer, one with a callback has answered `null`, and
 * one with a promise never will.
 */
export function callHandler(
  handler: Handler,
  event: unknown,
  context: HandlerContext,
): Promise<Returned> {
  return new Promise((resolve) => {
    let isPromised = false
    let called: Returned | undefined
    const settle = (returned: Returned) => {
      process.off('beforeExit', onIdle)
      resolve(returned)
    }
    const onIdle = () => {
      if (called) return void settle(called)
      settle(isPromised ? { ok: false, error: neverSettled() } : { ok: true, value: null })
    }
    const callback: Callback = (error, value) => {
      called ??= error == null ? { ok: true, value } : { ok: false, error }
      if (!context.callbackWaitsForEmptyEventLoop) settle(called)
    }
    process.on('beforeExit', onIdle)
    try {
      const returned = handler(event, context, callback)
      if (!isThenable(returned)) return
      isPromised = true
      Promise.resolve(returned).then(
        (value) => settle({ ok: true, value }),
        (error: unknown) => settle({ ok: false, error }),
      )
    } catch (error) {
      settle({ ok: false, error })
    }
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

function neverSettled(): Error {
  const error = new Error(
    'The handler waits for a promise that nothing can settle any more: no timer, socket or other ' +
      'work is left in the process.',
  )
  error.name = 'Runtime.NodeJsExit'
  return error
}

/** A thrown value in the form in which Lambda's own Node runtime reports it. */
export function errorReport(thrown: unknown): ErrorReport {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] }
  }
  const { name, message, stack } = thrown as { name: unknown; message: unknown; stack?: unknown }
  return {
    errorType: String(name),
    errorMessage: String(message),
    trace: typeof stack === 'string' ? stack.split('\n') : [],
  }
}
