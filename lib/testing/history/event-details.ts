import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { OperationStatus } from '../../journal/record.ts'
import { isPlain, type Plain } from './pages.ts'
import { misfit, unreadable } from './refusal.ts'
import { timeIn } from './times.ts'

/** An event in words: `event 7 (StepSucceeded of operation 3)`. */
export function placeOf(event: Plain): string {
  const { EventId: id, EventType: type, Id: operation } = event
  const of = typeof operation === 'string' ? ` of operation ${operation}` : ''
  return `event ${String(id)} (${String(type)}${of})`
}

/** The details of one event, read by someone who trusts none of them. */
export class Details {
  readonly #event: Plain
  readonly #name: string
  readonly #members: Plain

  constructor(event: Plain, name: string) {
    const members = event[name] ?? {}
    if (!isPlain(members)) throw misfit(`\`${name}\` of ${placeOf(event)}`, 'an object', members)
    this.#event = event
    this.#name = name
    this.#members = members
  }

  /** The payload of a member, `undefined` where it has none; refused where it was left out. */
  payload(member: string, isOptional = false): unknown {
    const data = this.#members[member]
    if (data == null && isOptional) return undefined
    if (!isPlain(data) || data['Truncated'] === true) throw this.#withoutData(member)
    return data['Payload'] ?? undefined
  }

  textPayload(member: string, isOptional = false): string | undefined {
    const payload = this.payload(member, isOptional)
    if (payload === undefined || typeof payload === 'string') return payload
    throw misfit(this.#place(`${member}.Payload`), 'text', payload)
  }

  outcome(status: OperationStatus): { Result?: string; Error?: ErrorRecord } {
    if (this.#event['EventType'] === 'WaitSucceeded') return {}
    if (status === 'SUCCEEDED') {
      const result = this.textPayload('Result')
      return result === undefined ? {} : { Result: result }
    }
    const error = this.payload('Error', status !== 'FAILED')
    if (error === undefined) return {}
    if (!isPlain(error)) throw misfit(this.#place('Error.Payload'), 'an object', error)
    return { Error: error }
  }

  text(member: string, otherwise?: string): string {
    const value = this.#members[member] ?? otherwise
    if (typeof value !== 'string') throw misfit(this.#place(member), 'text', value)
    return value
  }

  number(member: string, otherwise?: number): number {
    const value = this.#members[member] ?? otherwise
    if (typeof value !== 'number') throw misfit(this.#place(member), 'a number', value)
    return value
  }

  time(member: string): number {
    return timeIn(this.#members[member], this.#place(member))
  }

  retry(before: unknown): { attempt: number; delay: number | undefined } {
    const { CurrentAttempt, NextAttemptDelaySeconds } = (this.#members['RetryDetails'] ??
      {}) as Plain
    const attempt = typeof CurrentAttempt === 'number' ? CurrentAttempt : Number(before ?? 0) + 1
    const delay = NextAttemptDelaySeconds
    return { attempt, delay: typeof delay === 'number' && delay > 0 ? delay : undefined }
  }

  #place(member: string): string {
    return `\`${this.#name}.${member}\` of ${placeOf(this.#event)}`
  }

  #withoutData(member: string): Error {
    return unreadable(
      `${this.#place(member)} was left out or cut, and without it the execution cannot be replayed. ` +
        'Read the history with its data: `aws lambda get-durable-execution-history ' +
        '--include-execution-data …`.',
    )
  }
}
