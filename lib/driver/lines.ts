/** A stack as it was noted; made into text only when somebody asks. */
export interface Noted {
  readonly stack?: string
}

const depth = 12

/** Notes where the code stands, from the caller of `below` down. */
export function noteStack(below?: (...args: never[]) => unknown): Noted {
  const noted: Noted = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  Error.captureStackTrace(noted, below)
  Error.stackTraceLimit = limit
  return noted
}

/**
 * The line of the builder's caller: below the constructors comes the builder, and below it the code
 * that called it. Told by shape, because a bundler may have put all of it in one file.
 */
export function builderLine(noted: Noted): string | undefined {
  const frames = framesOf(noted)
  const constructors = frames.findLastIndex((frame) => frame.startsWith('at new '))
  return lineOf(frames[constructors + 2])
}

/** The first line that lies neither in Node nor in a package; the first of all where every one does. */
export function authorLine(noted: Noted): string | undefined {
  const lines = framesOf(noted)
    .map(lineOf)
    .filter((line) => line !== undefined)
  return lines.find((line) => !/^node:|[\\/]node_modules[\\/]/.test(line)) ?? lines[0]
}

function framesOf({ stack = '' }: Noted): string[] {
  return stack.split('\n').map((line) => line.trim())
}

function lineOf(frame: string | undefined): string | undefined {
  return frame && /\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/.exec(frame)?.[1]
}
