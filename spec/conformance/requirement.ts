import {
  array,
  boolean,
  create,
  enums,
  type Infer,
  integer,
  min,
  nonempty,
  nullable,
  number,
  optional,
  record,
  string,
  StructError,
  type,
  unknown,
} from 'superstruct'
import { parse } from 'yaml'

// The parts of a requirement file that are read; whatever else it holds is prose for people.

const Fields = record(string(), unknown())

const Action = type({
  CallbackName: optional(string()),
  Operation: enums(['success', 'failure', 'heartbeat']),
  Payload: optional(unknown()),
  Delay: optional(min(number(), 0)),
})

const LogExpectation = type({
  match: Fields,
  count: optional(min(integer(), 0)),
  min_count: optional(min(integer(), 0)),
  before: optional(unknown()),
  after: optional(unknown()),
})

const RequirementFile = type({
  description: optional(nullable(string())),
  optional: optional(nullable(boolean())),
  AsyncInvoke: optional(nullable(boolean())),
  Variables: optional(nullable(Fields)),
  Input: optional(unknown()),
  ExpectedResult: optional(nullable(Fields)),
  ExpectedExecutionHistory: optional(nullable(array(Fields))),
  ExpectedLogs: optional(nullable(array(LogExpectation))),
  CallbackActions: optional(nullable(array(Action))),
})

/** What a callback is told. It is found by its name: `*` is any, and `${/…/}` or `/…/` an expression. */
export interface CallbackAction {
  readonly CallbackName?: string | undefined
  readonly Operation: 'success' | 'failure' | 'heartbeat'
  readonly Payload?: unknown
  /** Seconds. */
  readonly Delay?: number | undefined
}

export interface LogExpectation {
  readonly match: Record<string, unknown>
  readonly count?: number | undefined
  readonly minCount?: number | undefined
  /** Each must be satisfied by some record that comes later. */
  readonly before: readonly Record<string, unknown>[]
  /** Each must be satisfied by some record that came earlier. */
  readonly after: readonly Record<string, unknown>[]
}

/** One requirement: what to run, what to do meanwhile, and what to expect of it. */
export interface Requirement {
  readonly id: string
  readonly suite: string
  readonly title: string
  readonly file: string
  /** A failure of an optional requirement is told, and fails no run. */
  readonly optional: boolean
  readonly async: boolean
  readonly variables: Record<string, unknown>
  readonly input: unknown
  /** Absent where the case is over as soon as its history is there. */
  readonly result?: Record<string, unknown>
  readonly history: readonly Record<string, unknown>[]
  readonly logs: readonly LogExpectation[]
  readonly callbackActions: readonly CallbackAction[]
}

/** Where a requirement comes from: the name of its file is its id, its folder its suite. */
export interface Source {
  readonly id: string
  readonly suite: string
  readonly file: string
}

/** Reads the text of one requirement file. */
export function parseRequirement(text: string, source: Source): Requirement {
  const file = parsed(text, source)
  return {
    ...source,
    title: file.description?.replace(/\s+/g, ' ').trim() ?? source.id,
    optional: file.optional ?? false,
    async: file.AsyncInvoke ?? false,
    variables: file.Variables ?? {},
    input: file.Input ?? null,
    ...(file.ExpectedResult ? { result: file.ExpectedResult } : {}),
    history: file.ExpectedExecutionHistory ?? [],
    logs: (file.ExpectedLogs ?? []).map((entry) => ({
      match: entry.match,
      count: entry.count,
      minCount: entry.min_count,
      before: matchers(entry.before, source),
      after: matchers(entry.after, source),
    })),
    callbackActions: file.CallbackActions ?? [],
  }
}

function parsed(text: string, source: Source): Infer<typeof RequirementFile> {
  try {
    return create(parse(text) as unknown, RequirementFile)
  } catch (cause) {
    throw new Error(`${source.file} is no requirement: ${reason(cause)}.`, { cause })
  }
}

function reason(cause: unknown): string {
  if (cause instanceof StructError) {
    const where = cause.path.length === 0 ? 'its content' : cause.path.join('.')
    return `expected ${where} to be ${cause.type}, got ${JSON.stringify(cause.value)}`
  }
  return (cause instanceof Error ? cause.message : String(cause)).trim()
}

/** One matcher or a list of them. */
function matchers(value: unknown, source: Source): Record<string, unknown>[] {
  if (value === undefined || value === null) return []
  try {
    return create(Array.isArray(value) ? value : [value], nonempty(array(Fields)))
  } catch (cause) {
    throw new Error(`${source.file} is no requirement: ${reason(cause)}.`, { cause })
  }
}
