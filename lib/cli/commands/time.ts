import type { Command } from 'commander'
import { listExecutions, viewExecution } from '../executions.ts'
import type { Remote } from '../remote.ts'
import { serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { explain } from '../views/explain.ts'
import { count, moment, relative } from '../views/text.ts'
import { parseTimeTravel, type TimeTravel } from '../views/time-travel.ts'

interface Time {
  readonly now: string
  readonly mode: string
  readonly timers: number
  readonly next?: string
}

interface Due {
  readonly execution: string
  readonly what: string
  readonly at: string
}

/** Of so many running executions it is told what fell due. */
const mostLooked = 100

/** `perdure time [+2d|next|TIME]`: tells the time of the service, or moves it. */
export function timeCommand(terminal: Terminal): Command {
  return serviceCommand(
    terminal,
    'time',
    'tell the time of the local service, or move it; timers that fall due fire at once',
    async ({ args: [where], options: { json }, remote }) => {
      const before = (await remote.admin.get('time')) as Time
      if (where === undefined)
        return json ? void terminal.json(before) : void terminal.print(standing(before))
      const travel = parseTimeTravel(where, Date.parse(before.now))
      const coming = await comingUp(remote)
      const after = (await remote.admin.post('time', moveOf(travel, before))) as Time
      const due = coming.filter(({ at }) => at > before.now && at <= after.now)
      if (json) return void terminal.json({ ...after, before: before.now, due })
      if (travel.kind === 'next' && before.next === undefined) {
        return void terminal.print(`Nothing is due at any time: it stays ${moment(before.now)}.`)
      }
      terminal.print(
        standing(after),
        ...due.map(({ execution, what, at }) => `  ${moment(at)}  ${execution}  ${what}`),
        ...(due.length === 0 ? ['  No running execution waited for anything up to now.'] : []),
      )
    },
  ).argument('[to]', '+2d, +1h30m, a time such as 2026-01-31T09:00:00Z, or next')
}

function moveOf(travel: TimeTravel, { now }: Time): object {
  switch (travel.kind) {
    case 'next':
      return { IsNext: true }
    case 'by':
      return { Milliseconds: travel.milliseconds }
    case 'to':
      return { Milliseconds: travel.time - Date.parse(now) }
  }
}

/** What running executions wait for that comes by itself, the first to come first. */
async function comingUp(remote: Remote): Promise<Due[]> {
  const running = await listExecutions(remote, { statuses: ['RUNNING'], limit: mostLooked })
  const found: Due[] = []
  for (const one of running) {
    const view = await viewExecution(remote, one.DurableExecutionArn)
    for (const { words, kind, at } of explain(view).awaited) {
      if (at === undefined) continue
      const what =
        kind === 'callback'
          ? `time-out of ${words}`
          : kind === 'retry'
            ? `next attempt of ${words}`
            : words
      found.push({ execution: one.DurableExecutionName, what, at })
    }
  }
  return found.toSorted((one, other) => (one.at < other.at ? -1 : 1))
}

function standing({ now, mode, timers, next }: Time): string {
  const going = {
    real: 'as the real one',
    scaled: 'faster than the real one',
    hand: 'by hand only',
  }
  const how = going[mode as keyof typeof going]
  const coming = next === undefined ? '' : `, the next at ${moment(next)} (${relative(next, now)})`
  return `It is ${moment(now)}; the clock goes ${how}. ${count(timers, 'timer')}${coming}.`
}
