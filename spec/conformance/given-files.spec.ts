import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect } from 'chai'

import { examine } from './conformance.ts'
import { embeddedStage } from './embedded-stage.ts'
import { operationSuites, requirementsPlace } from './given-files.ts'
import { httpStage } from './http-stage.ts'
import { loadHandlers, type RegisteredHandler } from './load-handlers.ts'
import { readRequirements } from './read-requirements.ts'

describe('the requirement files beside this project', () => {
  if (!existsSync(requirementsPlace)) {
    console.log(`There are no requirement files in ${requirementsPlace}: their cases are skipped.`)
    it.skip('are met')
    return
  }
  let handlers: Map<string, RegisteredHandler>
  before(async () => {
    handlers = await loadHandlers(fileURLToPath(new URL('./handlers', import.meta.url)))
  })

  for (const [how, stagehand] of [
    ['by calls', embeddedStage],
    ['over HTTP', httpStage()],
  ] as const) {
    for (const requirement of readRequirements(requirementsPlace, operationSuites)) {
      it(`are met ${how}: ${requirement.id} ${requirement.title}`, async () => {
        const handler = handlers.get(requirement.id)
        const { outcome, difference } = await examine(requirement, handler, stagehand)

        expect({ outcome, difference }).to.deep.equal({ outcome: 'PASSED', difference: undefined })
      })
    }
  }
})
