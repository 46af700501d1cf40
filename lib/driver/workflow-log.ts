import { logLevels, type Log, type LogLevel } from '../kernel/logger.ts'

/** Which messages of replayed code are written again: none, all, or those from a level up. */
export type ReplayLogs = 'suppress' | 'all' | 'errors' | 'warnings'

const audible: Readonly<Record<ReplayLogs, readonly LogLevel[]>> = {
  suppress: [],
  all: logLevels,
  errors: ['error'],
  warnings: ['warn', 'error'],
}

/** `log` with `fields` on every message. */
export function withFields(log: Log, fields: object): Log {
  const at = (level: LogLevel) => (message: string, own?: object) => {
    // An error's message and stack are not among the members that a spread would take over.
    const its = own instanceof Error ? { error: own } : own
    log[level](message, its === undefined ? fields : { ...fields, ...its })
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** `log` as replayed code may use it. */
export function replayAware(log: Log, policy: ReplayLogs, isReplaying: () => boolean): Log {
  const at = (level: LogLevel) => (message: string, fields?: object) => {
    if (audible[policy].includes(level) || !isReplaying()) log[level](message, fields)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** For code that is walked once more, to learn something of it. */
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
