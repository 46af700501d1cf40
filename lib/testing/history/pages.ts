import { reasonOf } from '../../kernel/errors.ts'
import { misfit, unreadable } from './refusal.ts'

// What is handed over as a history, taken apart into the answers of the API that it is made of.

export type Plain = Readonly<Record<string, unknown>>

/** One answer of the API, or the event of an invocation. */
export type Page =
  | { readonly kind: 'events'; readonly events: readonly Plain[]; readonly marker: string }
  | {
      readonly kind: 'operations'
      readonly operations: readonly Plain[]
      readonly marker: string
      /** Whether it begins an execution of its own, as the event of an invocation does. */
      readonly isWhole: boolean
      readonly executionArn?: string
    }
  | { readonly kind: 'description'; readonly description: Plain }

/** The pages of one history, or of several after each other. Throws INVALID_ENVELOPE for anything else. */
export function pagesOf(source: unknown): Page[] {
  const values = typeof source === 'string' ? parse(source) : [source]
  return values.flatMap((value) => pagesIn(value, 'the history'))
}

function pagesIn(value: unknown, where: string): Page[] {
  if (typeof value === 'string') return pagesOf(value)
  if (Array.isArray(value)) return pagesInArray(value, where)
  if (!isPlain(value)) throw misfit(where, 'an object or JSON text', value)
  const executionArn = value['DurableExecutionArn']
  const arn = typeof executionArn === 'string' ? { executionArn } : {}
  if ('Events' in value) {
    const events = listOf(value['Events'], `\`Events\` of ${where}`)
    const page: Page = { kind: 'events', events, marker: markerOf(value) }
    return 'executionArn' in arn ? [{ kind: 'description', description: value }, page] : [page]
  }
  const state = value['InitialExecutionState'] ?? value['NewExecutionState']
  const holder = isPlain(state) ? state : value
  if ('Operations' in holder) {
    const operations = listOf(holder['Operations'], `\`Operations\` of ${where}`)
    const isWhole = isPlain(state)
    return [{ kind: 'operations', operations, marker: markerOf(holder), isWhole, ...arn }]
  }
  if ('executionArn' in arn && 'Status' in value) {
    return [{ kind: 'description', description: value }]
  }
  throw unreadable(
    `Expected ${where} to have Events, Operations or InitialExecutionState, got an object with ` +
      `${Object.keys(value).join(', ') || 'nothing'}. Hand over what GetDurableExecutionHistory or ` +
      'GetDurableExecutionState answered, or the event of an invocation.',
  )
}

/** Pages after each other, or, without what the API puts around them, events or operations. */
function pagesInArray(values: readonly unknown[], where: string): Page[] {
  const first = values[0]
  if (isPlain(first) && 'EventType' in first) {
    return [{ kind: 'events', events: listOf(values, where), marker: '' }]
  }
  if (isPlain(first) && 'Id' in first && 'Type' in first) {
    return [{ kind: 'operations', operations: listOf(values, where), marker: '', isWhole: true }]
  }
  return values.flatMap((value, index) => pagesIn(value, `${where}[${index}]`))
}

function listOf(value: unknown, where: string): readonly Plain[] {
  if (!Array.isArray(value)) throw misfit(where, 'an array', value)
  for (const [index, one] of value.entries()) {
    if (!isPlain(one)) throw misfit(`${where}[${index}]`, 'an object', one)
  }
  return value as readonly Plain[]
}

/** The CLI calls what it has left to read `NextToken` where it was told to stop early. */
function markerOf(page: Plain): string {
  const marker = page['NextMarker'] ?? page['NextToken']
  return typeof marker === 'string' ? marker : ''
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One JSON value, or several after each other: lines of a file, outputs of several commands. */
function parse(source: string): unknown[] {
  const text = source.replace(/^\uFEFF/, '').trim()
  if (text === '')
    throw unreadable('The history is empty text. Is the file it was read from whole?')
  try {
    return [JSON.parse(text)]
  } catch (error) {
    const parts = split(text)
    if (parts.length < 2) throw notJson(text, error)
    return parts.map((part) => {
      try {
        return JSON.parse(part) as unknown
      } catch (reason) {
        throw notJson(part, reason)
      }
    })
  }
}

function notJson(text: string, error: unknown): Error {
  return unreadable(
    `The history is no JSON: ${reasonOf(error)}. It begins with ${JSON.stringify(text.slice(0, 40))}. ` +
      'Have the AWS CLI write it with `--output json`.',
    error,
  )
}

/** Text cut after each closing brace or bracket that belongs to no other. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') {
      depth -= 1
      if (depth !== 0) continue
      parts.push(text.slice(from, index + 1))
      from = index + 1
    }
  }
  const rest = text.slice(from).trim()
  return rest === '' ? parts : [...parts, rest]
}
