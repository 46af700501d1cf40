import Mocha from 'mocha'

/** Mocha's dots and failures, closed by one line that a person and a machine read alike. */
export default class Reporter extends Mocha.reporters.Dot {
  /** Mocha calls this when all else is written, so the line is the last one. */
  override done(count: number, exit?: (count: number) => void) {
    const { passes, failures, pending } = this.stats
    const skipped = pending > 0 ? `, ${pending} skipped` : ''
    process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`)
    exit?.(count)
  }
}
