type Write = typeof process.stdout.write

/**
 * What is written to standard output and standard error, by the console too, while a case runs: kept
 * as lines, in order, instead of shown. `restore` puts the streams back.
 */
export class CapturedOutput {
  #text = ''
  readonly #undo: (() => void)[] = []

  constructor() {
    for (const stream of [process.stdout, process.stderr]) {
      const own = Reflect.get<typeof stream, 'write'>(stream, 'write')
      stream.write = this.#write
      this.#undo.push(() => (stream.write = own))
    }
  }

  lines(): string[] {
    return this.#text.split('\n').filter((line) => line.trim() !== '')
  }

  restore(): void {
    for (const undo of this.#undo.splice(0)) undo()
  }

  readonly #write: Write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ) => {
    this.#text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) queueMicrotask(callback)
    return true
  }
}
