/**
 * The checkpoint tokens of one invocation: each opens one call and is spent by it. Those of an
 * earlier invocation never fit.
 */
export class TokenChain {
  readonly #invocation: string
  #issued = 0
  #current: string

  constructor(invocation: string) {
    this.#invocation = invocation
    this.#current = this.#token()
  }

  /** The one token that opens the next call. */
  get current(): string {
    return this.#current
  }

  /** Makes the current token worthless and issues the next one. */
  spend(): string {
    this.#issued += 1
    this.#current = this.#token()
    return this.#current
  }

  #token(): string {
    return Buffer.from(`${this.#invocation}.${this.#issued}`).toString('base64')
  }

  /** Whether `token` was issued to this invocation, spent or not: enough for reading state. */
  issued(token: unknown): boolean {
    if (typeof token !== 'string') return false
    const [invocation, turn] = Buffer.from(token, 'base64').toString().split('.')
    return invocation === this.#invocation && Number(turn) <= this.#issued
  }
}
