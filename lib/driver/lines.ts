import type { Begin } from '../operations/member.ts'
import { Descriptor, Look } from '../operations/operation.ts'

/** A stack as it was noted; made into text only when somebody asks. */
export interface Noted {
  readonly stack?: string
}

/** Notes where the code stands: so many frames, from the caller of `below` down. */
export function noteStack(below: (...args: never[]) => unknown, depth: number): Noted {
  const noted: Noted = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  Error.captureStackTrace(noted, below)
  Error.stackTraceLimit = limit
  return noted
}

/** Notes where `operation` is being built; to be called while its constructor is on the stack. */
export function noteBuilder(operation: object): Noted {
  // Another copy of this package has another class, which is looked for by its shape.
  if (!(operation instanceof Descriptor)) return noteStack(noteBuilder, 12)
  // A class is a frame like any function's, though no type says that an abstract one can be called.
  return noteStack(Descriptor as unknown as () => void, 4)
}

/**
 * The line of the `yield*` at which a generator stands; to be asked only where it has come there by
 * asking for an operation: a bare `yield` would be returned from.
 */
export function standingLine(code: ReturnType<Begin>): string | undefined {
  // What a plain function has handed over stands in nobody's code.
  if (Object.prototype.toString.call(code) !== '[object Generator]') return undefined
  let noted: Noted | undefined
  const around = () => {
    noted = noteStack(around, 2)
  }
  code.return?.(new Look(around))
  return noted && lineOf(framesOf(noted)[2])
}

/**
 * The line of the builder's caller: below the constructors comes the builder, and below it the code
 * that called it. Told by shape, because a bundler may have put all of it in one file.
 */
export function builderLine(noted: Noted): string | undefined {
  const frames = framesOf(noted)
  const isConstructor = (frame: string | undefined) => frame?.startsWith('at new ') === true
  let builder = frames.findIndex(isConstructor)
  if (builder < 0) return undefined
  while (isConstructor(frames[builder])) builder += 1
  return lineOf(frames[builder + 1])
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
