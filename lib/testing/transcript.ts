import type { Observer, Reason } from '../driver/observer.ts'
import { describeDescriptor, describeOperation } from '../driver/words.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { type Log, type LogLevel } from '../kernel/logger.ts'

/** One thing that an invocation did, in the order in which it did it. */
export type Entry =
  | {
      readonly what: 'replayed' | 'started' | 'awaited' | 'cancelled' | 'crashed'
      readonly id: string
      readonly words: string
    }
  | {
      readonly what: 'attempt'
      readonly id: string
      readonly words: string
      readonly attempt: number
      readonly error?: string
    }
  | { readonly what: 'said'; readonly level: LogLevel; readonly message: string }
  | { readonly what: 'suspended'; readonly reasons: readonly Reason[] }
  | {
      readonly what: 'died'
      readonly reason: string
      /** The operations whose bodies were running. */
      readonly amid: readonly { readonly id: string; readonly words: string }[]
    }

/** What became of one invocation. */
export interface InvocationTranscript {
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly entries: Entry[]
}

/** Operations whose outcome is shown by their attempts, not by being met. */
const shownByAttempts = new Set(['step', 'condition', 'compensation'])

/** Operations that have no record of having begun: a replay meets them as if they were new. */
const unrecorded = new Set(['all', 'all-settled', 'any', 'race', 'fork'])

/** Those through whom an invocation is written down. */
export interface Scribe {
  readonly transcript: InvocationTranscript
  readonly observer: Observer
  readonly log: Log
  /** To be called with what the invocation tells the service. */
  readonly sent: (updates: readonly OperationUpdate[]) => void
  /** To be called when it has ended without an answer. */
  readonly died: (failure: unknown) => void
}

/** Writes down what an invocation does, as short entries that can be compared or printed. */
export function transcribe(number: number, at: number): Scribe {
  const entries: Entry[] = []
  const running = new Map<string, { id: string; words: string }>()
  const latent = new Map<string, string>()
  /** Those around `id` that left no record are told of by the first thing in them, if that is new. */
  const tellAround = (id: string, isNew: boolean) => {
    for (const [outer, words] of latent) {
      if (!id.startsWith(`${outer}-`)) continue
      latent.delete(outer)
      if (isNew) entries.push({ what: 'started', id: outer, words })
    }
  }
  const observer: Observer = {
    met(operation, position, standing) {
      if (!position) return
      const { id } = position
      const words = describeDescriptor(operation)
      if (standing !== 'answered' && unrecorded.has(operation.kind))
        return void latent.set(id, words)
      tellAround(id, standing === 'new')
      if (standing === 'answered') entries.push({ what: 'replayed', id, words })
      else if (standing === 'open') entries.push({ what: 'awaited', id, words })
      else if (!shownByAttempts.has(operation.kind)) entries.push({ what: 'started', id, words })
    },
    attempting({ id, words }) {
      running.set(id, { id, words })
    },
    attempted(position, attempt, outcome) {
      const { id, words } = position
      running.delete(id)
      const error = outcome.ok ? {} : { error: messageOf(outcome.error) }
      entries.push({ what: 'attempt', id, words, attempt, ...error })
    },
    dropped({ id, words }) {
      running.delete(id)
      entries.push({ what: 'cancelled', id, words })
    },
    suspended(reasons) {
      entries.push({ what: 'suspended', reasons })
    },
  }
  const say = (level: LogLevel) => (message: string) =>
    void entries.push({ what: 'said', level, message })
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  const sent: Scribe['sent'] = (updates) => {
    for (const { Action, Id, Type, SubType, Name } of updates) {
      if (Action !== 'CANCEL') continue
      const words = describeOperation({ type: Type, subType: SubType }, Name)
      entries.push({ what: 'cancelled', id: Id, words })
    }
  }
  const died = (failure: unknown) => {
    // That one was told as it happened.
    if (entries.at(-1)?.what === 'crashed') return
    entries.push({ what: 'died', reason: reasonOf(failure), amid: [...running.values()] })
  }
  return { transcript: { number, at, entries }, observer, log, sent, died }
}

/** A transcript as lines for people; runs of replayed operations are told in one. */
export function formatInvocation(transcript: InvocationTranscript): string[] {
  const { number, at, entries } = transcript
  const lines = [`invocation ${number} at ${moment(at)}`]
  const replayed = entries.flatMap((entry) =>
    entry.what === 'replayed' ? [`${entry.id} ${entry.words}`] : [],
  )
  if (replayed.length > 0) lines.push(`  replayed   ${replayed.join(', ')}`)
  for (const entry of entries) {
    const line = format(entry)
    if (line !== undefined) lines.push(`  ${line}`)
  }
  return lines
}

function format(entry: Entry): string | undefined {
  switch (entry.what) {
    case 'replayed':
      return undefined
    case 'started':
      return `started    ${entry.id} ${entry.words}`
    case 'awaited':
      return `went on    ${entry.id} ${entry.words}`
    case 'cancelled':
      return `cancelled  ${entry.id} ${entry.words}`
    case 'crashed':
      return `crashed    when ${entry.id} ${entry.words} was done and not yet recorded`
    case 'attempt': {
      const times = entry.attempt > 1 ? `, attempt ${entry.attempt}` : ''
      const failure = entry.error === undefined ? '' : `, failed: ${entry.error}`
      return `ran        ${entry.id} ${entry.words}${times}${failure}`
    }
    case 'said':
      return `said       ${entry.level === 'info' ? '' : `${entry.level}: `}${entry.message}`
    case 'suspended':
      return `suspended  for ${entry.reasons.map(formatReason).join(', ')}`
    case 'died': {
      const amid = entry.amid.map(({ id, words }) => `${id} ${words}`).join(', ')
      return `died       ${amid === '' ? '' : `in ${amid}: `}${entry.reason}`
    }
  }
}

function formatReason({ id, words, until }: Reason): string {
  const what = id === '' ? words : `${id} ${words}`
  return `${what}${until === undefined ? '' : ` until ${moment(until)}`}`
}

/** Without the request's id, by which Lambda begins it: it is another one every time. */
function reasonOf(failure: unknown): string {
  return messageOf(failure).replace(/^RequestId: \S+ Error: /, '')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** To the second: 2026-01-01 09:30:00. */
function moment(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
