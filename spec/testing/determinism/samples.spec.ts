import { expect } from 'chai'
import { run, type Handler, type RunResult, type Scenario } from 'perdure/testing'
import { sampleFiles } from '../../support/sample-files.ts'

interface Sample {
  readonly handler: Handler
  readonly scenario: Scenario
}

const folder = new URL('../../../samples/', import.meta.url)

describe('a check of determinism', () => {
  it('is tried on every sample', () => {
    expect(sampleFiles).to.include.members(['hello.ts', 'checkout.ts', 'trip.ts', 'agent.ts'])
  })

  for (const file of sampleFiles) {
    it(`finds nothing in the sample ${file}, which ends as it does unchecked`, async () => {
      const { handler, scenario } = (await import(new URL(file, folder).href)) as Sample

      const unchecked = await run(handler, { ...scenario, driver: { determinism: 'off' } })
      const checked = await run(handler, { ...scenario, driver: { determinism: 'check' } })

      const { status, payload, error } = checked
      expect({ status, payload, error }).to.deep.equal({
        status: 'SUCCEEDED',
        payload: unchecked.payload,
        error: undefined,
      })
      expect(said(checked)).to.deep.equal(said(unchecked))
    })
  }
})

/** What was written to the log, of which the check would warn. */
function said({ invocations }: RunResult): string[] {
  return invocations.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.what === 'said' ? [entry.message] : [])),
  )
}
