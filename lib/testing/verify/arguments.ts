import type { Known } from '../../driver/interpret.ts'
import type { OperationRecord } from '../../journal/record.ts'
import { dueAt, toEpochMilliseconds } from '../../journal/time.ts'
import { toSeconds } from '../../kernel/duration.ts'
import type { CallbackOptions } from '../../operations/callback.ts'
import type { InvokeOperation } from '../../operations/invoke.ts'
import type { Deserializer, Serdes, SerdesContext } from '../../kernel/serdes.ts'
import type { Asked } from '../history/read-history.ts'
import { meanSame, shownPayload } from './payloads.ts'

/** An argument that is on record, and is another now. */
export interface Changed {
  readonly what: string
  readonly journal: string
  readonly code: string
}

/** How an operation is asked for now, held against what is on record of how it was. */
export function changesIn(
  operation: Known,
  record: OperationRecord,
  asked: Asked | undefined,
): Changed[] {
  switch (operation.kind) {
    case 'wait':
      return compared([['seconds', asked?.seconds ?? secondsOf(record), operation.seconds]])
    case 'callback':
      return asked === undefined ? [] : compared(timeouts(operation.options, asked))
    case 'invoke':
      return asked === undefined ? [] : compared(target(operation, asked))
    case 'map':
      return fewer(record, 'items', operation.items.length)
    case 'parallel':
      return fewer(record, 'branches', operation.branches.length)
    default:
      return []
  }
}

/** Whether an invoke hands over something else now. */
export async function changedInput(
  { input, options }: InvokeOperation<unknown, unknown>,
  asked: Asked | undefined,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it serves inputs of any kind
  fallback: Serdes<any>,
  context: SerdesContext,
): Promise<Changed[]> {
  if (asked?.payload === undefined) return []
  const serdes = options?.inputSerdes ?? fallback
  const journal = asked.payload ?? undefined
  let code: string | undefined
  try {
    code = input === undefined ? undefined : await serdes.serialize(input, context)
  } catch (error) {
    return [{ what: 'input', journal: shownPayload(journal), code: String(error) }]
  }
  const reading = serdes as Partial<Deserializer<unknown>>
  if (await meanSame(journal, code, reading, context)) return []
  return [{ what: 'input', journal: shownPayload(journal), code: shownPayload(code) }]
}

type Pair = readonly [what: string, journal: unknown, code: unknown]

function compared(pairs: readonly Pair[]): Changed[] {
  return pairs
    .filter(([, journal, code]) => journal !== undefined && journal !== code)
    .map(([what, journal, code]) => ({ what, journal: String(journal), code: String(code) }))
}

/** How long a wait was to take; its record has its beginning and its end. */
function secondsOf(record: OperationRecord): number | undefined {
  const begin = toEpochMilliseconds(record.StartTimestamp)
  const end = dueAt(record)
  return begin === undefined || end === undefined ? undefined : Math.round((end - begin) / 1000)
}

function timeouts(options: CallbackOptions<unknown> | undefined, asked: Asked): Pair[] {
  const { timeout, heartbeatTimeout } = options ?? {}
  const seconds = (duration: typeof timeout) => (duration ? toSeconds(duration) : 0)
  return [
    ['timeout', asked.timeoutSeconds, seconds(timeout)],
    ['heartbeatTimeout', asked.heartbeatSeconds, seconds(heartbeatTimeout)],
  ]
}

function target(
  { functionName, options }: InvokeOperation<unknown, unknown>,
  asked: Asked,
): Pair[] {
  return [
    ['function', nameIn(asked.functionName), nameIn(functionName)],
    ['tenantId', asked.tenantId ?? 'none', options?.tenantId ?? 'none'],
  ]
}

/** A function may be on record by its ARN where the code has its name. */
function nameIn(name: string | undefined): string | undefined {
  return name?.replace(/^(arn:[^:]+:lambda:[^:]*:\d*:function:|(\d{12}:)?function:|\d{12}:)/, '')
}

/** Items may not have been begun when a fan-out was over, but none can have gone. */
function fewer(record: OperationRecord, what: string, count: number): Changed[] {
  const text = record.Type === 'CONTEXT' ? record.ContextDetails?.Result : undefined
  const recorded = /"itemStatuses":"([SF-]*)"/.exec(text ?? '')?.[1]?.length ?? 0
  return recorded > count ? compared([[what, recorded, count]]) : []
}
