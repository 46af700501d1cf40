import { spawn, type ChildProcess } from 'node:child_process'

/** What its process is called. */
export const reaperName = 'perdure-reaper'

/**
 * Sees to it that no process outlives the server, however that ends: a shell holds the other end of a
 * pipe, and kills the process groups it was told of when the pipe closes. A process cannot be trusted
 * to notice by itself; one in an endless loop never looks. Once the shell is gone, so are they.
 */
export class Reaper {
  #shell: ChildProcess | undefined

  /** Starts the shell, if need be. Answers its process id; nothing where there is no such shell. */
  start(): number | undefined {
    if (process.platform === 'win32') return undefined
    this.#shell ??= start()
    return this.#shell.pid
  }

  watch(group: number): void {
    this.#tell(`+ ${group}`)
  }

  forget(group: number): void {
    this.#tell(`- ${group}`)
  }

  close(): void {
    this.#shell?.stdin?.end()
    this.#shell = undefined
  }

  #tell(line: string): void {
    this.start()
    this.#shell?.stdin?.write(`${line}\n`)
  }
}

// Of the ways to name a signal and a group, dash does not understand `kill -9 -- -1234`.
const script = `
trap '' HUP INT TERM
groups=
while read -r sign group; do
  kept=
  for one in $groups; do [ "$one" = "$group" ] || kept="$kept $one"; done
  groups=$kept
  [ "$sign" = + ] && groups="$groups $group"
done
for one in $groups; do kill -s KILL -- "-$one"; done
`

function start(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', script, reaperName], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without it all is well as long as the server ends in good order.
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  return shell
}
