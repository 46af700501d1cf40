/**
 * The checkpoint tokens of one invocation: each opens one call and is spent by it. Those of an
 * earlier invocation never fit.
 */
export class TokenChain {
  readonly #invocation: string
  #issued = 0

  constructor(invocation: string) {
    this.#invocation = invocation
  }

  /** The one token that opens the next call. */
  get current(): string {
    return Buffer.from(`${this.#invocation}.${this.#issued}`).toString('base64')
  }

  /** Makes the current token worthless and issues the next one. */
  spend(): string {
    this.#issued += 1
    return this.current
  }

  /** Whether `token` was issued to this invocation, spent or not: enough for reading state. */
  issued(token: unknown): boolean {
    if (typeof token !== 'string') return false
    const [invocation, turn] = Buffer.from(token, 'base64').toString().split('.')
    return invocation === this.#invocation && Number(turn) <= this.#issued
  }
}
