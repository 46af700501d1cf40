/** A logger: a message and, where there are any, facts that belong to it. */
export interface Log {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

export type LogLevel = keyof Log

export const logLevels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[]
