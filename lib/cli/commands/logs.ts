import type { Command } from 'commander'
import { sleep, systemClock } from '../../kernel/clock.ts'
import { findExecution, functionsOf, isArn } from '../executions.ts'
import type { Remote } from '../remote.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'

interface LogsOptions {
  readonly follow?: boolean
  readonly platform?: boolean
}

interface Line {
  readonly at: string
  readonly functionName: string
  readonly executionArn?: string
  readonly stream: 'stdout' | 'stderr' | 'platform'
  readonly text: string
}

interface Page {
  readonly lines: readonly Line[]
  readonly next?: number
  readonly end?: number
}

const pauseMilliseconds = 300

/** `perdure logs EXEC|FUNCTION`: what functions wrote. */
export function logsCommand(terminal: Terminal): Command {
  return serviceCommand<LogsOptions>(
    terminal,
    'logs',
    'show what functions wrote, of an execution or a function; local service only',
    async ({ args: [what = ''], options: { follow, platform, json }, remote }) => {
      const wanted = await wantedLines(remote, what)
      const interruption = new AbortController()
      const stopListening = follow ? terminal.onInterrupt(() => interruption.abort()) : undefined
      let after: number | undefined
      let isAtEnd = false
      while (!interruption.signal.aborted && (follow === true || !isAtEnd)) {
        const page = (await remote.admin.get('logs', {
          ...wanted,
          after: after?.toString(),
        })) as Page
        for (const line of page.lines) {
          if (line.stream === 'platform' && !platform) continue
          terminal.print(json ? JSON.stringify(line) : shown(line, 'function' in wanted))
        }
        after = page.end ?? after
        isAtEnd = page.next === undefined
        if (follow && isAtEnd) await sleep(systemClock, pauseMilliseconds)
      }
      stopListening?.()
    },
  )
    .argument('<what>', `a function's name; or an execution: ${executionArgument}`)
    .option('--follow', 'go on until Ctrl-C')
    .option('--platform', "also Lambda's own lines: START, END, REPORT")
}

async function wantedLines(remote: Remote, what: string): Promise<Record<string, string>> {
  // Asked first, so that with --aws nobody searches executions for nothing.
  const { admin } = remote
  await admin.get('')
  if (!isArn(what) && (await functionsOf(remote)).some((one) => one.FunctionName === what)) {
    return { function: what }
  }
  return { execution: await findExecution(remote, what) }
}

function shown({ at, text, executionArn }: Line, isOfFunction: boolean): string {
  const [, execution] = /\/durable-execution\/([^/]+)\//.exec(executionArn ?? '') ?? []
  const whose = isOfFunction && execution !== undefined ? `  ${execution}` : ''
  return `${at}${whose}  ${text}`
}
