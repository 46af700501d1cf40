import { StringDecoder } from 'node:string_decoder'
import type { LogLine, LogSink } from '../ports.ts'

export interface OutputLimits {
  /** Characters of one line. */
  readonly lineCharacters: number
  /** Characters of what one invocation may write, all its lines together. */
  readonly invocationCharacters: number
}

/** Whose line it is. */
export interface Owner {
  readonly requestId?: string | undefined
  readonly executionArn?: string | undefined
}

type Stream = 'stdout' | 'stderr'

/** The output of one process, cut into lines, each filed under the invocation that was under way. */
export class Output {
  readonly #functionName: string
  readonly #now: () => number
  readonly #sink: LogSink
  readonly #limits: OutputLimits
  readonly #lines: Record<Stream, Lines>
  #owner: Owner = {}
  #left: number
  #dropped = 0
  /** The last line on stderr: what a program that ends at once has to say of it. */
  lastError: string | undefined

  constructor(functionName: string, now: () => number, sink: LogSink, limits: OutputLimits) {
    this.#functionName = functionName
    this.#now = now
    this.#sink = sink
    this.#limits = limits
    this.#left = limits.invocationCharacters
    const lines = (stream: Stream) =>
      new Lines(limits.lineCharacters, (text, end) => void this.#line(stream, text, end))
    this.#lines = { stdout: lines('stdout'), stderr: lines('stderr') }
  }

  feed(stream: Stream, chunk: Buffer): void {
    if (this.#left > 0) this.#lines[stream].feed(chunk)
    else this.#dropped += chunk.length
  }

  /** From now on, what is written belongs to `owner`. */
  begin({ requestId, executionArn }: Owner): void {
    this.flush()
    this.#owner = { requestId, executionArn }
    this.#left = this.#limits.invocationCharacters
  }

  /** Files what has no line end yet, and says what was cut. */
  flush(): void {
    this.#lines.stdout.flush()
    this.#lines.stderr.flush()
    if (this.#dropped === 0) return
    this.platform(
      `The output of this invocation was cut after ${this.#limits.invocationCharacters} ` +
        `characters: ${this.#dropped} bytes were dropped.`,
    )
    this.#dropped = 0
  }

  /** Files a line that the process did not write itself. */
  platform(text: string): void {
    this.#write('platform', text)
  }

  #line(stream: Stream, text: string, end: string): void {
    if (stream === 'stderr' && text.trim() !== '') this.lastError = text
    if (this.#left <= 0) return void (this.#dropped += Buffer.byteLength(text + end))
    this.#left -= text.length + end.length
    this.#write(stream, text)
  }

  #write(stream: LogLine['stream'], text: string): void {
    this.#sink.write({
      at: this.#now(),
      functionName: this.#functionName,
      ...this.#owner,
      stream,
      text,
    })
  }
}

/** Chunks in, lines out; of one that is too long, the start. */
class Lines {
  readonly #most: number
  readonly #emit: (line: string, end: string) => void
  #decoder = new StringDecoder('utf8')
  #rest = ''
  /** Characters of the present line that went beyond the limit. */
  #over = 0

  constructor(most: number, emit: (line: string, end: string) => void) {
    this.#most = most
    this.#emit = emit
  }

  feed(chunk: Buffer): void {
    const text = this.#decoder.write(chunk)
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#take(text.slice(start, end))
      this.#end('\n')
      start = end + 1
    }
    this.#take(text.slice(start))
  }

  flush(): void {
    this.#take(this.#decoder.end())
    this.#decoder = new StringDecoder('utf8')
    if (this.#rest !== '') this.#end('')
  }

  #take(text: string): void {
    const room = this.#most - this.#rest.length
    this.#rest += room < text.length ? text.slice(0, room) : text
    this.#over += Math.max(0, text.length - room)
  }

  #end(end: string): void {
    const note = this.#over > 0 ? `… (${this.#over} more characters of this line were cut)` : ''
    this.#emit(this.#rest.replace(/\r$/, '') + note, end)
    this.#rest = ''
    this.#over = 0
  }
}
