import { expect } from 'chai'
import { run } from '../../../lib/testing/runner/run.ts'
import { verify } from '../../../lib/testing/verify/verify.ts'
import { foundBy, lineIn } from '../faulty/index.ts'
import { before } from '../faulty/renamed-step.ts'

describe('a verifier that is shown what an older version of the code recorded', () => {
  for (const faulty of foundBy('verifier')) {
    it(`finds the mistake in ${faulty.file}, with its line`, async () => {
      const recorded = await run(before, { input: faulty.input as { order: string } })
      const history = { DurableExecutionArn: recorded.executionArn, Events: recorded.events }
      const waiting = { ...history, Events: recorded.events.slice(0, 4) }
      const { histories } = await verify(faulty.workflow, [history, waiting])

      expect(histories.map(({ verdict }) => verdict)).to.deep.equal(['diverges', 'diverges'])
      for (const { differences } of histories) {
        expect(differences[0]).to.include({
          journal: 'step "reserve"',
          code: 'step "allocate"',
        })
        expect(differences[0]?.line).to.match(lineIn(faulty))
      }
    })

    it(`has nothing to say of the code from before ${faulty.file}`, async () => {
      const { executionArn, events } = await run(before, {
        input: faulty.input as { order: string },
      })
      const history = { DurableExecutionArn: executionArn, Events: events }

      expect((await verify(before, [history])).histories[0]?.verdict).to.equal('identical')
    })
  }
})
