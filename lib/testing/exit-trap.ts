import { AsyncLocalStorage } from 'node:async_hooks'

// In a Lambda of its own, `process.exit` ends the runtime. In one process with others it must end the
// invocation it was called in, and nothing else.

const crashes = new AsyncLocalStorage<(reason: string) => void>()
let realExit: typeof process.exit | undefined

/** Runs `body`; a `process.exit` in it calls `crash` and then throws, so that nothing below it runs. */
export function trapExit<T>(crash: (reason: string) => void, body: () => Promise<T>): Promise<T> {
  arm()
  return crashes.run(crash, body)
}

/** Once and for good: what is left of a dead invocation may still want to exit long after. */
function arm(): void {
  if (realExit) return
  realExit = process.exit.bind(process)
  process.exit = exit
}

function exit(...code: Parameters<typeof process.exit>): never {
  const crash = crashes.getStore()
  if (!crash) return (realExit as typeof process.exit)(...code)
  const reason = `Runtime exited with error: exit status ${String(code[0] ?? process.exitCode ?? 0)}`
  crash(reason)
  throw new Error(reason)
}
