import type { StoredExecution } from '../../service/store.ts'
import type { Place } from './points.ts'
import { Run, type Company, type Finished, type Outcome } from './run.ts'
import type { Subject } from './subject.ts'

/** One decision of whose end is heard next. */
export interface Choice {
  readonly chosen: Place
  /** Its place among those that had ended, which were so many. */
  readonly index: number
  readonly of: number
}

/** A run in which the ends of what was open side by side were heard in one of their orders. */
export interface OneOrder {
  readonly outcome: Outcome
  readonly choices: readonly Choice[]
  /** What races and early completions have decided, which is on record. */
  readonly decided: string
  readonly unused: Finished['unused']
}

/** Runs a subject; where more than one end can be heard next, `choose` decides among so many. */
export async function runInOrder(
  subject: Subject,
  choose: (of: number, turn: number) => number,
): Promise<OneOrder> {
  const gate = new Gate(choose)
  const { outcome, execution, unused } = await new Run(subject, gate).run()
  return { outcome, choices: gate.choices, decided: decisionsIn(execution), unused }
}

/** Holds whatever has ended until nothing else goes on, and then lets one of them be heard. */
class Gate implements Company {
  readonly choices: Choice[] = []
  readonly #choose: (of: number, turn: number) => number
  readonly #ended: { readonly what: Place; readonly go: () => void }[] = []
  /** Bodies under way, of all invocations. */
  readonly #running = new Set<string>()

  constructor(choose: (of: number, turn: number) => number) {
    this.#choose = choose
  }

  readonly observe = (): ReturnType<NonNullable<Company['observe']>> => {
    this.#running.clear()
    return {
      attempting: ({ id }) => void this.#running.add(id),
      attempted: ({ id }) => void this.#running.delete(id),
      dropped: ({ id }) => void this.#running.delete(id),
    }
  }

  readonly deliver = (what: Place, go: () => void): void => void this.#ended.push({ what, go })

  readonly whenQuiet = (): boolean => {
    if (this.#running.size > 0 || this.#ended.length === 0) return false
    // Which of them came first must not matter for what a choice means.
    this.#ended.sort((a, b) => order(a.what.id, b.what.id))
    const of = this.#ended.length
    const index = of === 1 ? 0 : this.#choose(of, this.choices.length)
    const [next] = this.#ended.splice(index, 1)
    if (!next) return false
    this.choices.push({ chosen: next.what, index, of })
    next.go()
    return true
  }
}

function order(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

/** What was decided by arrival and is on record, so that a replay sees the same. */
function decisionsIn({ operations }: StoredExecution): string {
  const records = operations.map(({ record }) => record)
  return records
    .flatMap((record) => {
      const { Id, SubType } = record
      const { Result, Error } = record.Type === 'CONTEXT' ? (record.ContextDetails ?? {}) : {}
      switch (SubType) {
        case 'Race':
          return [`${Id} ${winnerIn(Result) ?? Error?.ErrorMessage}`]
        case 'Any':
        case 'All':
          return [`${Id} ${SubType === 'Any' ? Result : ''} ${Error?.ErrorMessage}`]
        case 'Map':
        case 'Parallel':
          return records
            .filter(({ ParentId }) => ParentId === Id)
            .map((member) => `${member.Id} ${member.Status}`)
        default:
          return []
      }
    })
    .sort(order)
    .join()
}

function winnerIn(result: string | undefined): string | undefined {
  if (result === undefined) return undefined
  const { winner } = JSON.parse(result) as { readonly winner?: unknown }
  return String(winner)
}
