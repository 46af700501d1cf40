import { expect } from 'chai'
import { crashEverywhere, exploreOrders, type Handler, type Scenario } from 'perdure/testing'
import { sampleFiles } from '../../support/sample-files.ts'

interface Sample {
  readonly handler: Handler
  readonly scenario: Scenario
}

const folder = new URL('../../../samples/', import.meta.url)

describe('the explorers', () => {
  for (const file of sampleFiles) {
    it(`find nothing in the sample ${file}`, async () => {
      const { handler, scenario } = (await import(new URL(file, folder).href)) as Sample
      const { input, ...around } = scenario

      const crashes = await crashEverywhere(handler, input, around)
      const orders = await exploreOrders(handler, input, { ...around, bound: 50 })

      expect(crashes.undisturbed.status).to.equal('SUCCEEDED')
      expect(crashes.tried.points).to.be.above(5)
      expect(orders.outcomes.map(({ outcome }) => outcome.status)).to.deep.equal(['SUCCEEDED'])
    })
  }
})
