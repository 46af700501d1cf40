#!/usr/bin/env node
import { perdure } from './program.ts'
import { Terminal } from './terminal.ts'

// The SDK would say on every command what the README says once.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

// `perdure logs … | head` ends when nobody reads on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const signals = ['SIGINT', 'SIGTERM'] as const

const terminal = new Terminal({
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  onInterrupt: (listener) => {
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  exit: (code) => process.exit(code),
})

// Not awaited: Node has words of its own for a module that never ends.
void perdure(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code
})
