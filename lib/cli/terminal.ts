import { painter, wantsColours, type Paint } from './views/text.ts'

/** A stream that text goes to; those of the process fit. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface TerminalPorts {
  readonly out: Output
  readonly err: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Has `listener` called at Ctrl-C, which ends nothing meanwhile. Answers how to stop that. */
  readonly onInterrupt: (listener: () => void) => () => void
  /** Ends the process at once. */
  readonly exit: (code: number) => void
}

/** Where a command says what it has to say: results on `out`, all else on `err`. */
export class Terminal {
  /** 0 when all went well, 1 when a workflow did not, 2 when the command could not do its work. */
  exitCode: 0 | 1 | 2 = 0
  readonly #ports: TerminalPorts

  constructor(ports: TerminalPorts) {
    this.#ports = ports
  }

  get env(): Readonly<Record<string, string | undefined>> {
    return this.#ports.env
  }

  get isColoured(): boolean {
    return wantsColours(this.#ports.out, this.env)
  }

  get paint(): Paint {
    return painter(this.isColoured)
  }

  /** Columns of the terminal that people see progress in; nothing where nobody does. */
  get progressColumns(): number | undefined {
    const { err } = this.#ports
    return err.isTTY === true && this.env['TERM'] !== 'dumb' ? (err.columns ?? 80) : undefined
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.#ports.out.write(`${line}\n`)
  }

  json(value: unknown): void {
    this.print(JSON.stringify(value, null, 2))
  }

  tell(...lines: readonly string[]): void {
    for (const line of lines) this.#ports.err.write(`${line}\n`)
  }

  /** Text as it is, for what draws over itself. */
  draw(text: string): void {
    this.#ports.err.write(text)
  }

  /** Text as commander has it. */
  write(text: string): void {
    this.#ports.out.write(text)
  }

  onInterrupt(listener: () => void): () => void {
    return this.#ports.onInterrupt(listener)
  }

  exit(code: number): void {
    this.#ports.exit(code)
  }
}
