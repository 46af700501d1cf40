import type { OperationUpdate } from '../../../lib/journal/update.ts'
import type { Entry, EntryOf } from './transcript.ts'

const mostUpdates = 250
const mostBytes = 750 * 1024

/** Judges L7: what each invocation sends, and when. */
export function judgeOrder(entries: readonly Entry[]): string[] {
  const judges = new Map<number, OrderOfOne>()
  return entries.flatMap((entry) => {
    const judge = judges.get(entry.invocation) ?? new OrderOfOne()
    judges.set(entry.invocation, judge)
    return judge.hear(entry).map((fault) => `invocation ${entry.invocation}: ${fault}`)
  })
}

class OrderOfOne {
  /** Whether each operation is still open, as told and sent. */
  #isOpen = new Map<string, boolean>()
  #isOpenBefore = new Map<string, boolean>()
  #inFlight: number | undefined
  #token: string | undefined

  hear(entry: Entry): string[] {
    switch (entry.what) {
      case 'told':
        for (const { Id, EndTimestamp } of entry.records) {
          this.#isOpen.set(Id, EndTimestamp === undefined)
        }
        return []
      case 'sent':
        return this.#sent(entry)
      case 'answered':
        this.#inFlight = undefined
        this.#token = entry.token
        return []
      case 'refused':
        this.#inFlight = undefined
        this.#isOpen = this.#isOpenBefore
        return []
      default:
        return []
    }
  }

  #sent({ call, token, updates }: EntryOf<'sent'>): string[] {
    const faults: string[] = []
    this.#isOpenBefore = new Map(this.#isOpen)
    if (this.#inFlight !== undefined) {
      faults.push(`call ${call} is sent while call ${this.#inFlight} is in flight`)
    }
    this.#inFlight = call
    if (this.#token !== undefined && token !== this.#token) {
      faults.push(`call ${call} does not carry the token of the answer before`)
    }
    if (updates.length > mostUpdates) faults.push(`call ${call} carries ${updates.length} updates`)
    const bytes = Buffer.byteLength(JSON.stringify(updates))
    if (updates.length > 1 && bytes > mostBytes) faults.push(`call ${call} has ${bytes} bytes`)
    const before = new Map<string, OperationUpdate>()
    updates.forEach((update, i) => {
      const isLast = i === updates.length - 1
      const fault = update.Type === 'EXECUTION' ? !isLast && 'is not the last' : this.#wrong(update)
      if (fault) faults.push(`${words(update)} in call ${call} ${fault}`)
      const earlier = before.get(update.Id)
      if (earlier && !mayFollow(earlier, update)) {
        faults.push(`${words(update)} in call ${call} follows ${words(earlier)}`)
      }
      before.set(update.Id, update)
    })
    return faults
  }

  #wrong({ Id, ParentId, Action }: OperationUpdate): string | false {
    const isOpen = this.#isOpen.get(Id)
    this.#isOpen.set(Id, Action === 'START' || Action === 'RETRY')
    if (isOpen === false) return 'comes after its end'
    if (isOpen === undefined && Action !== 'START') return 'comes before its START'
    if (ParentId === undefined) return false
    const isParentOpen = this.#isOpen.get(ParentId)
    if (isParentOpen === undefined) return `comes before its parent ${ParentId}`
    return !isParentOpen && `comes after the end of its parent ${ParentId}`
  }
}

function mayFollow(earlier: OperationUpdate, update: OperationUpdate): boolean {
  const closes = update.Type === 'STEP' || update.Type === 'CONTEXT'
  return closes && earlier.Action === 'START' && update.Action !== 'START'
}

function words({ Action, Type, Id }: OperationUpdate): string {
  return `${Action} of ${Type} ${Id}`
}
