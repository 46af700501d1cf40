import { invalidOption } from '../../kernel/errors.ts'
import { historyOf, splitHistories, type History } from '../history/read-history.ts'

/** Histories to verify: in a list or by name, each as `readHistory` takes or answers it. */
export type Sources = readonly unknown[] | Readonly<Record<string, unknown>> | string

export interface Source {
  readonly name: string
  /** Throws INVALID_ENVELOPE for what cannot be read. */
  readonly read: () => History
}

/** Each history by its name. One source may hold several, as a file of lines does. */
export function sourcesOf(sources: Sources): Source[] {
  if (typeof sources === 'string') return within('history', sources)
  if (typeof sources !== 'object' || (sources as unknown) === null) {
    throw invalidOption('histories', 'an array, or an object of histories by name', sources)
  }
  if (!Array.isArray(sources)) {
    if (isAnswer(sources)) return within('history', sources)
    return Object.entries(sources).flatMap(([name, source]) => within(name, source))
  }
  if (sources.length > 0 && sources.every(isPart)) return within('history', sources)
  return sources.flatMap((source, index) => within(`history ${index + 1}`, source))
}

function within(name: string, source: unknown): Source[] {
  if (isRead(source)) return [{ name, read: () => source }]
  try {
    const groups = splitHistories(source)
    if (groups.length === 0) return [{ name, read: () => historyOf([]) }]
    return groups.map((pages, index) => ({
      name: groups.length === 1 ? name : `${name} #${index + 1}`,
      read: () => historyOf(pages),
    }))
  } catch (error) {
    return [
      {
        name,
        read: () => {
          throw error
        },
      },
    ]
  }
}

/** Whether it has been read already. */
function isRead(source: unknown): source is History {
  if (typeof source !== 'object' || source === null) return false
  return 'records' in source && 'asked' in source
}

const answered = ['Events', 'Operations', 'InitialExecutionState']

/** Whether it is an answer of the API itself, and no object of histories by name. */
function isAnswer(source: object): boolean {
  return isRead(source) || answered.some((member) => member in source)
}

/** Whether it is one event or one operation: then the list is one history. */
function isPart(source: unknown): boolean {
  if (typeof source !== 'object' || source === null) return false
  return 'EventType' in source || ('Type' in source && 'Status' in source)
}
