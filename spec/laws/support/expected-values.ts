import type { OperationStatus } from '../../../lib/journal/record.ts'
import type { CallbackAnswer, CallbackReading, Reading, Value } from './plan.ts'
import { ownWords, Raised, thrown, wrapped } from './raised.ts'
import { make } from './values.ts'

/** What a step hands over of the value that its body returned. */
export function expectedValue(value: Value, reading: Reading): unknown {
  if (value.is === 'bigint') throw unreadable()
  const made = make(value)
  if (made !== undefined && reading === 'broken') throw unreadable()
  const read = made === undefined ? undefined : (JSON.parse(JSON.stringify(made)) as unknown)
  return through(reading, read)
}

/** What is handed over of the text that a callback was answered with. */
export function expectedReading(text: string | undefined, reading: CallbackReading): unknown {
  if (text === undefined) return through(reading, undefined)
  if (reading === 'shaped') return { shaped: text }
  try {
    return through(reading, JSON.parse(text) as unknown)
  } catch (error) {
    if (error instanceof Raised) throw error
    if (reading === 'strict') throw unreadable()
    return through(reading, text)
  }
}

/** How a callback ends; its text throws where there is none. */
export function expectedAnswer(answer: CallbackAnswer): {
  readonly status: OperationStatus
  text(): string | undefined
} {
  switch (answer.how) {
    case 'succeed':
      return { status: 'SUCCEEDED', text: () => answer.text || undefined }
    case 'fail':
      return {
        status: 'FAILED',
        text: () => {
          throw wrapped('CALLBACK_FAILED', thrown(answer.thrown))
        },
      }
    case 'time-out':
      return timedOut('CALLBACK_TIMED_OUT')
    case 'heartbeat-time-out':
      return timedOut('CALLBACK_HEARTBEAT_TIMED_OUT')
  }
}

function timedOut(code: string) {
  return {
    status: 'TIMED_OUT' as const,
    text: (): never => {
      throw new Raised(code, ownWords)
    },
  }
}

function through(reading: Reading | CallbackReading, value: unknown): unknown {
  if (reading === 'refused') throw unreadable()
  return reading === 'shaped' ? { shaped: value } : value
}

function unreadable(): Raised {
  return new Raised('SERDES_FAILED', ownWords)
}
