import { expect } from 'chai'
import { step } from 'perdure'
import { crashEverywhere } from 'perdure/testing'

describe('crashing a workflow of 200 operations', function () {
  this.timeout(30_000)

  it('everywhere takes fewer runs than there are points', async () => {
    const written = new Map<number, string>()
    function* workflow() {
      for (let i = 0; i < 200; i++) {
        yield* step(`write ${i}`, async () => void written.set(i, 'written'))
      }
      return written.size
    }

    const report = await crashEverywhere(workflow, undefined, { world: written })

    expect(report.ok).to.equal(true)
    expect(report.tried.points).to.be.above(1200)
    expect(report.runs).to.be.below(420)
  })

  it('takes no more of them where the world cannot be put back as it was at some moment', async () => {
    function* workflow() {
      for (let i = 0; i < 50; i++) yield* step(`write ${i}`, async () => i)
      return 'written'
    }

    const { ok, tried, runs } = await crashEverywhere(workflow, undefined)

    // Before a body and behind it; and four that befall the invocation; and two undisturbed runs.
    expect({ ok, points: tried.points, runs }).to.deep.equal({ ok: true, points: 304, runs: 107 })
  })
})
