import type { Event } from './events.ts'
import { difference, textOf } from './match.ts'
import { pattern } from './pattern.ts'
import type { CallbackAction } from './requirement.ts'

/** An action whose turn it is: `delay` seconds from now. */
export interface Cue {
  readonly callbackId: string
  readonly delay: number
  readonly action: CallbackAction
}

/**
 * Who is to answer which callback. Callbacks are taken in the order of the history, and each gets the
 * first action not used yet whose name fits; a heartbeat leaves its callback open for another one.
 */
export class CallbackScript {
  readonly #unused: CallbackAction[]
  readonly #answered = new Set<unknown>()

  constructor(actions: readonly CallbackAction[]) {
    this.#unused = [...actions]
  }

  /** The next action to carry out, given the history so far; it is used up by this call. */
  next(events: readonly Event[]): Cue | undefined {
    for (const event of events.filter(isOpenCallback)) {
      if (this.#answered.has(event['Id'])) continue
      const index = this.#unused.findIndex((action) => fits(action, event['Name']))
      const [action] = index < 0 ? [] : this.#unused.splice(index, 1)
      if (action === undefined) continue

      if (action.Operation !== 'heartbeat') this.#answered.add(event['Id'])
      const { CallbackId } = event['CallbackStartedDetails'] as { CallbackId: string }
      return { callbackId: CallbackId, delay: action.Delay ?? 0, action }
    }
    return undefined
  }
}

/** A payload as the runner of the public suite sends it: JSON as Python spells it. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
    return `{${members.map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`).join(', ')}}`
  }
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function isOpenCallback(event: Event, _index: number, events: readonly Event[]): boolean {
  if (event['EventType'] !== 'CallbackStarted') return false
  return !events.some(({ Id, EventType }) => Id === event['Id'] && closing.has(EventType))
}

const closing = new Set<unknown>(['CallbackSucceeded', 'CallbackFailed', 'CallbackTimedOut'])

function fits({ CallbackName: expected = '*' }: CallbackAction, name: unknown): boolean {
  const expression = /^\/([^]*)\/$/.exec(expected)?.[1]
  if (expression !== undefined) return name !== undefined && pattern(expression).test(textOf(name))
  return difference(expected, name, new Map()) === undefined
}
