import { AsyncLocalStorage } from 'node:async_hooks'

// In a Lambda of its own, `process.exit` ends the runtime. In one process with others it must end the
// invocation it was called in, and nothing else.

const crashes = new AsyncLocalStorage<(reason: string) => void>()
let trapped = 0
let realExit: typeof process.exit | undefined

/** Runs `body`; a `process.exit` in it calls `crash` and then throws, so that nothing below it runs. */
export async function trapExit<T>(
  crash: (reason: string) => void,
  body: () => Promise<T>,
): Promise<T> {
  if (trapped === 0) {
    realExit = process.exit.bind(process)
    process.exit = exit
  }
  trapped += 1
  try {
    return await crashes.run(crash, body)
  } finally {
    trapped -= 1
    if (trapped === 0 && realExit) process.exit = realExit
  }
}

function exit(code?: number | string | null): never {
  const crash = crashes.getStore()
  if (!crash) return (realExit as typeof process.exit)(code)
  const reason = `Runtime exited with error: exit status ${String(code ?? 0)}`
  crash(reason)
  throw new Error(reason)
}
