import { join } from 'node:path'
import { LocalService } from '../../lib/server/local-service.ts'

// The server that is killed: `server.ts STORE PORT LEDGER NUMBER`. It says when it listens.

const [, , store = '', port = '', ledger = '', number = ''] = process.argv
const file = join(import.meta.dirname, 'functions.ts')
const environment = { SOAK_LEDGER: ledger, SOAK_SERVER: number }
const settings = { environment, timeoutSeconds: 60, memoryMegabytes: 512 }

const local = new LocalService({
  store,
  port: Number(port),
  clock: { kind: 'scaled', factor: 4 },
  // A kill is no failure of the function, and nothing else fails here.
  retry: { initialDelaySeconds: 1 },
  functions: [
    hosted('soak-main', 'main', 3),
    hosted('soak-callee', 'callee', 1),
    { ...hosted('soak-plain', 'plain', 1), durable: undefined },
  ],
  onFailure: ({ message }) => {
    process.stderr.write(`${message}\n`)
    process.exit(1)
  },
})

function hosted(name: string, exportName: string, concurrency: number) {
  const launch = { kind: 'module', file, exportName } as const
  return { ...settings, name, launch, concurrency, durable: {} }
}

await local.start()
process.stdout.write(`listening at ${local.url}\n`)
process.on('SIGTERM', () => {
  void local.close().then(() => process.exit(0))
})
