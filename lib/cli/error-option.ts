import { UsageError } from './usage-error.ts'

/** An error from the command line: `Type: message`, or a message alone. */
export function errorOption(text: string): { ErrorType: string; ErrorMessage: string } {
  if (text.trim() === '') throw new UsageError(`--error takes 'Type: message', got nothing.`)
  const [, type, message] = /^([A-Za-z_$][\w.$]*):\s+(.*)$/s.exec(text) ?? []
  if (type === undefined || message === undefined) return { ErrorType: 'Error', ErrorMessage: text }
  return { ErrorType: type, ErrorMessage: message }
}
