import { systemClock } from '../kernel/clock.ts'
import { readExecution } from './executions.ts'
import type { Remote } from './remote.ts'
import type { Terminal } from './terminal.ts'
import { executionView } from './views/execution-view.ts'
import { explain, type Explanation } from './views/explain.ts'
import { oneLine } from './views/text.ts'
import type { ExecutionView } from './views/view.ts'

export interface FollowOptions {
  readonly remote: Remote
  readonly terminal: Terminal
  /** Whether nothing is shown on the way. */
  readonly isQuiet: boolean
}

const localPause = 200
const awsPause = 1500

/**
 * Follows an execution to its end, and shows on the way what it waits for: in one line that is drawn
 * over, where somebody looks on, else in a line for each change. Answers nothing when interrupted.
 */
export async function follow(
  arn: string,
  { remote, terminal, isQuiet }: FollowOptions,
): Promise<ExecutionView | undefined> {
  const interruption = new AbortController()
  let wake = () => {}
  const stopListening = terminal.onInterrupt(() => {
    interruption.abort()
    wake()
  })
  const shown = isQuiet ? undefined : new Progress(terminal)
  try {
    for (;;) {
      const source = await readExecution(remote, arn)
      const view = executionView(source, { now: await remote.now(), longest: Infinity })
      if (view.execution.status !== 'RUNNING') return view
      shown?.show(explain(view, { flags: remote.flags }))
      await new Promise<void>((resolve) => {
        if (interruption.signal.aborted) return resolve()
        const pause = remote.endpoint === undefined ? awsPause : localPause
        const timer = systemClock.startTimer(pause, resolve)
        wake = () => {
          timer.cancel()
          resolve()
        }
      })
      if (interruption.signal.aborted) return undefined
    }
  } finally {
    stopListening()
    shown?.clear()
  }
}

class Progress {
  readonly #terminal: Terminal
  #said = ''
  #isDrawn = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show({ state, sentence, awaited, commands }: Explanation): void {
    const columns = this.#terminal.progressColumns
    const what = JSON.stringify([state, awaited.map(({ id, since }) => [id, since])])
    if (what !== this.#said && state !== 'running') {
      this.clear()
      const lines = columns === undefined ? [sentence, ...commands.map(indented)] : []
      this.#terminal.tell(...(columns === undefined ? lines : commands.map(indented)))
    }
    this.#said = what
    if (columns === undefined) return
    this.#terminal.draw(`\r\u001b[2K${oneLine(sentence, columns - 1)}`)
    this.#isDrawn = true
  }

  clear(): void {
    if (this.#isDrawn) this.#terminal.draw('\r\u001b[2K')
    this.#isDrawn = false
  }
}

function indented(command: string): string {
  return `  ${command}`
}
