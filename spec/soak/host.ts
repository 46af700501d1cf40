import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface HostOptions {
  readonly store: string
  readonly ledger: string
  readonly port: number
}

/** One server after the other on the same store and port. */
export class Host {
  readonly #options: HostOptions
  #child: ChildProcess | undefined
  #said = ''
  servers = 0

  constructor(options: HostOptions) {
    this.#options = options
  }

  /** Starts the next server; `listening` resolves when it says so, or to false when it is gone. */
  start(): { readonly listening: Promise<boolean> } {
    const { store, ledger, port } = this.#options
    this.servers += 1
    const program = join(import.meta.dirname, 'server.ts')
    const given = [store, String(port), ledger, String(this.servers)]
    const child = spawn(
      process.execPath,
      ['--import=tsx', '--conditions=source', program, ...given],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#child = child
    this.#said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    const listening = new Promise<boolean>((resolve) => {
      child.stdout.on('data', () => resolve(true))
      child.on('close', () => resolve(false))
    })
    return { listening }
  }

  get isAlive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null
  }

  /** What the present server wrote on its standard error. */
  get said(): string {
    return this.#said
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Ends it in good order; answers its exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  /** Processes of functions that are left of all servers but the present one, by process id. */
  strays(): { readonly pid: number; readonly server: number }[] {
    const all = processesOf(this.#options.ledger)
    return all.filter(({ server }) => server !== this.servers || !this.isAlive)
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    if (!child) return null
    if (this.isAlive) {
      const closed = once(child, 'exit')
      child.kill(signal)
      await closed
    }
    return child.exitCode
  }
}

/** Processes whose environment names this ledger. Only Linux can tell. */
function processesOf(ledger: string): { pid: number; server: number }[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const environment = read(`/proc/${pid}/environ`)
      if (!environment.includes(`SOAK_LEDGER=${ledger}\0`)) return []
      const [, server = '0'] = /SOAK_SERVER=(\d+)/.exec(environment) ?? []
      return [{ pid: Number(pid), server: Number(server) }]
    })
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
