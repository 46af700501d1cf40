import type { Environment } from '../../driver/environment.ts'
import type { ExecutionRecord, OperationRecord } from '../../journal/record.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import { describe, invalidOption, PerdureError } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { isPromiseLike } from '../../kernel/settled.ts'
import { settle, type DriverOptions, type Settings } from '../../lambda/options.ts'
import { checkOneOf } from '../../operations/options.ts'
import type { Workflow } from '../../operations/workflow.ts'
import { readHistory } from '../history/read-history.ts'
import { asyncSerdes } from './misuse.ts'

/**
 * A recorded execution: whatever `readHistory` takes, what it answered, or the `records` of another run.
 */
export type RecordedHistory = string | object

export interface StepThroughOptions<I> {
  /** What the workflow is handed, as it comes out of its JSON; that of the history when left out. */
  readonly input?: I | undefined
  /** A recorded execution, whose answers come first. */
  readonly history?: RecordedHistory | undefined
  /** Options of the driver that the workflow runs under in production: serdes, retry, errors. */
  readonly driver?: DriverOptions | undefined
  readonly executionArn?: string | undefined
  /** The first moment of 2026 when left out, or when the execution of the history began. */
  readonly startedAt?: Date | undefined
  /**
   * What becomes of the submitters of `waitForCallback`: they have succeeded (`'succeed'`, the
   * default), or each is a step that waits for an answer of its own (`'step'`).
   */
  readonly submitters?: 'succeed' | 'step' | undefined
}

/** All that makes one walk of a workflow the same as the next. */
export interface Setting {
  readonly workflow: Workflow<never>
  readonly settings: Settings
  readonly execution: ExecutionRecord
  readonly executionArn: string
  readonly startedAt: number
  readonly submitters: 'succeed' | 'step'
  /**
   * Delays that strategies have drawn, by what they were asked for: a walk that goes the same way
   * again takes the same time.
   */
  readonly delays: Map<string, number>
}

const anArn =
  'arn:aws:lambda:eu-west-1:123456789012:function:workflow:$LATEST/durable-execution/stepped/1'

/** Throws INVALID_OPTION for what cannot be stepped through. */
export function settingOf(workflow: unknown, options: StepThroughOptions<unknown>): Setting {
  if (typeof workflow !== 'function') {
    throw invalidOption('workflow', 'a generator function', workflow)
  }
  checkOneOf(options, 'submitters', ['succeed', 'step'])
  const history = recorded(options.history)
  const { startedAt, submitters = 'succeed' } = options
  const executionArn = options.executionArn ?? history.executionArn ?? anArn
  const settings = settle({ determinism: 'check', ...options.driver })
  const own = history.records.find(isExecution)
  const began =
    startedAt?.getTime() ?? toEpochMilliseconds(own?.StartTimestamp) ?? Date.UTC(2026, 0, 1)
  const text =
    'input' in options || own === undefined
      ? textOf(options.input, settings, executionArn)
      : own.ExecutionDetails?.InputPayload
  return {
    workflow: workflow as Workflow<never>,
    settings,
    executionArn,
    startedAt: began,
    submitters,
    delays: new Map(),
    execution: {
      Id: 'execution',
      Type: 'EXECUTION',
      Status: 'STARTED',
      StartTimestamp: began,
      ExecutionDetails: text === undefined ? {} : { InputPayload: text },
    },
  }
}

/** Reads a history, unless that has been done. Throws INVALID_ENVELOPE for what is none. */
export function recorded(history: RecordedHistory | undefined): Recorded {
  if (history === undefined) return { records: [] }
  if (isRecords(history)) return { records: history }
  const { records } = history as Partial<Recorded>
  return records !== undefined && isRecords(records) ? (history as Recorded) : readHistory(history)
}

/** The operations that a history has records of, without the execution's own. */
export function recordsOf(history: RecordedHistory | undefined): readonly OperationRecord[] {
  return recorded(history).records.filter((record) => !isExecution(record))
}

interface Recorded {
  readonly records: readonly OperationRecord[]
  readonly executionArn?: string
}

function isRecords(history: object | string): history is readonly OperationRecord[] {
  if (!Array.isArray(history)) return false
  return (history as readonly Partial<OperationRecord>[]).every((one) => one.Id && one.Status)
}

export function isExecution(record: OperationRecord): record is ExecutionRecord {
  return record.Type === 'EXECUTION'
}

function textOf(input: unknown, { serdes }: Settings, executionArn: string): string | undefined {
  if (input === undefined) return undefined
  const text: unknown = serdes.serialize(input, { operationId: 'execution', executionArn })
  if (isPromiseLike(text)) throw asyncSerdes('the input')
  if (text === undefined || typeof text === 'string') return text
  throw new PerdureError('INVALID_INPUT', `The input's serdes made ${describe(text)} of it.`)
}

/** The input, read afresh for each walk: a workflow may change what it was handed. */
export function readInput({ settings, execution, executionArn }: Setting): unknown {
  const text = execution.ExecutionDetails?.InputPayload
  if (text === undefined) return undefined
  const value: unknown = settings.serdes.deserialize(text, {
    operationId: execution.Id,
    executionArn,
  })
  if (isPromiseLike(value)) throw asyncSerdes('the input')
  return value
}

export interface Surroundings {
  readonly now: () => number
  readonly log: Log
  readonly isReplaying: () => boolean
  readonly isAnsweredWhole: NonNullable<Environment['isAnsweredWhole']>
}

/** Chance that is none: a drawn delay is in the middle of what it may be. */
const ports: { readonly random: Random } = {
  random: {
    fraction: () => 0.5,
    bytes: (count) => new Uint8Array(count),
    uuid: () => '00000000-0000-4000-8000-000000000000',
  },
}

export function environmentOf(setting: Setting, around: Surroundings): Environment {
  const { settings, executionArn, startedAt } = setting
  return {
    ...settings,
    determinism: settings.determinism ?? 'off',
    isAnsweredWhole: around.isAnsweredWhole,
    ...ports,
    executionArn,
    clock: { now: around.now, startTimer: () => ({ cancel: () => undefined }) },
    log: () => around.log,
    context: {
      log: around.log,
      executionArn,
      executionName: /\/durable-execution\/([^/]+)\//.exec(executionArn)?.[1] ?? executionArn,
      get isReplaying() {
        return around.isReplaying()
      },
      lambda: {},
      startedAt: new Date(startedAt),
    },
  }
}
