import { logLevels, type Log, type LogLevel } from '../kernel/logger.ts'

/**
 * The default logger: one line a message on standard output, where Lambda takes logs from. Honours
 * Lambda's own settings: AWS_LAMBDA_LOG_LEVEL, and AWS_LAMBDA_LOG_FORMAT, where `Text` asks for
 * tab-separated text in place of JSON. Written past `console`, which Lambda would wrap once more.
 */
export function lambdaLog(
  now: () => number,
  env: Readonly<Record<string, string | undefined>> = process.env,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Log {
  const least = leastLevel(env['AWS_LAMBDA_LOG_LEVEL'])
  const format = env['AWS_LAMBDA_LOG_FORMAT']?.toLowerCase() === 'text' ? asText : asJson
  const at = (level: LogLevel) => (message: string, fields?: object) => {
    if (logLevels.indexOf(level) < least) return
    write(`${format(new Date(now()).toISOString(), level.toUpperCase(), message, fields ?? {})}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Lambda's levels, of which TRACE lies below ours and FATAL above. */
function leastLevel(name: string | undefined): number {
  const level = name?.toLowerCase()
  if (level === 'fatal') return logLevels.length
  return Math.max(0, (logLevels as readonly string[]).indexOf(level ?? ''))
}

function asJson(timestamp: string, level: string, message: string, fields: object): string {
  const own = { timestamp, level, message }
  return stringify(Object.assign({ ...own }, plain(fields), own))
}

function asText(timestamp: string, level: string, message: string, fields: object): string {
  const { requestId = '', ...rest } = plain(fields)
  return [timestamp, String(requestId), level, message, stringify(rest)].join('\t')
}

/** Errors among the fields as what JSON can show of them. */
function plain(fields: object): Record<string, unknown> {
  const entries: [string, unknown][] = []
  for (const [key, value] of Object.entries(fields)) {
    if (!(value instanceof Error)) entries.push([key, value])
    else {
      entries.push(['errorType', value.name], ['errorMessage', value.message])
      if (value.stack !== undefined) entries.push(['stackTrace', value.stack.split('\n')])
    }
  }
  return Object.fromEntries(entries)
}

/** A field that JSON cannot say must not cost the workflow its life. */
function stringify(value: Record<string, unknown>): string {
  try {
    return JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'bigint' ? String(one) : one,
    )
  } catch {
    const { timestamp, level, message } = value
    return JSON.stringify({ timestamp, level, message, fields: 'not serializable' })
  }
}
