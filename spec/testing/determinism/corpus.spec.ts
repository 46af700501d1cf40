import { expect } from 'chai'
import { createDriver, type Log } from 'perdure'
import { run } from 'perdure/testing'
import { corpus, foundBy, lineIn, type Faulty } from '../faulty/index.ts'

/** How a faulty workflow ends where determinism is checked, and what was warned of. */
async function checked({ workflow, input }: Faulty) {
  const warnings: string[] = []
  const log: Log = {
    debug() {},
    info() {},
    warn: (message) => void warnings.push(message),
    error() {},
  }
  const handler = createDriver({ determinism: 'check', log }).lambdaHandler(workflow)
  const { status, errorRecord } = await run(handler, {
    input,
    callbacks: { approval: { succeed: true } },
  })
  return { status, error: errorRecord, warnings }
}

describe('the corpus of faulty workflows', () => {
  it('has twelve, each with its line marked', () => {
    expect(new Set(corpus.map(({ file }) => file))).to.have.property('size', 12)
  })
})

describe('a check of determinism', () => {
  for (const faulty of foundBy('determinism check')) {
    it(`ends ${faulty.file} with its line`, async () => {
      const { status, error } = await checked(faulty)

      expect([status, error?.ErrorType]).to.deep.equal(['FAILED', 'NonDeterministicExecutionError'])
      expect(error?.ErrorMessage).to.match(lineIn(faulty))
    })
  }

  for (const faulty of foundBy('forgotten yield')) {
    it(`ends ${faulty.file} with its line`, async () => {
      const { status, error } = await checked(faulty)

      expect([status, error?.ErrorType]).to.deep.equal(['FAILED', 'ForgottenYieldError'])
      expect(error?.ErrorMessage).to.match(lineIn(faulty))
    })
  }

  for (const faulty of foundBy('cancellation report')) {
    it(`warns of ${faulty.file} with its line`, async () => {
      const { status, warnings } = await checked(faulty)

      expect([status, warnings.length]).to.deep.equal(['SUCCEEDED', 1])
      expect(warnings[0]).to.match(lineIn(faulty))
    })
  }

  for (const faulty of foundBy('crash explorer', 'order explorer', 'verifier')) {
    it(`has nothing to say of ${faulty.file}, which others are to find`, async () => {
      const { status, warnings } = await checked(faulty)

      expect([status, warnings]).to.deep.equal(['SUCCEEDED', []])
    })
  }
})
