import { fileURLToPath } from 'node:url'

import { expect } from 'chai'

import { examine } from './conformance.ts'
import { httpStage } from './http-stage.ts'
import { loadHandlers, type RegisteredHandler } from './load-handlers.ts'
import { ProcessHouses } from './process-houses.ts'
import { parseRequirement } from './requirement.ts'

const cases = {
  '1-17': `
    description: A crash of the process is one of the invocation
    Input: "five"
    ExpectedResult: { ExecutionStatus: FAILED }
    ExpectedExecutionHistory:
      - { EventId: 2, EventType: StepStarted }
      - EventId: 3
        EventType: InvocationCompleted
        InvocationCompletedDetails: { Error: { Payload: { ErrorType: Runtime.ExitError } } }
      - { EventId: 4, EventType: StepFailed }
    ExpectedLogs: [{ match: { message: 'about to crash with five' }, count: 1 }]`,
  '4-10': `
    description: A callback is answered after its delay
    AsyncInvoke: true
    Input: "approval"
    CallbackActions: [{ CallbackName: approval, Operation: success, Payload: yes, Delay: 60 }]
    ExpectedResult: { ExecutionStatus: SUCCEEDED, Result: "yes" }
    ExpectedExecutionHistory:
      - { EventId: 2, EventType: CallbackStarted }
      - { EventId: 5, EventType: WaitSucceeded }
      - { EventId: 7, EventType: CallbackSucceeded }`,
  '5-1': `
    description: A target has a process of its own
    Input: "hello"
    ExpectedResult: { ExecutionStatus: SUCCEEDED, Result: hello }
    ExpectedExecutionHistory: [{ EventId: 2, EventType: ChainedInvokeStarted }]`,
  '5-3': `
    description: A wrong expectation is found out
    Input: "hello"
    ExpectedResult: { ExecutionStatus: SUCCEEDED, Result: goodbye }`,
}

describe('conformance cases in processes', function () {
  this.timeout(60_000)
  const houses = new ProcessHouses()
  let handlers: Map<string, RegisteredHandler>
  before(async () => {
    handlers = await loadHandlers(fileURLToPath(new URL('./handlers', import.meta.url)))
  })
  after(() => houses.close())

  const differenceIn = async (id: keyof typeof cases) => {
    const source = { id, suite: 'own', file: `${id}.yaml` }
    const requirement = parseRequirement(cases[id], source)
    const report = await examine(requirement, handlers.get(id), httpStage(houses.open))
    return report.difference
  }

  it('survive a process that ends, and have its log', async () => {
    expect(await differenceIn('1-17')).to.equal(undefined)
  })

  it('have their time pass while nothing is at work', async () => {
    expect(await differenceIn('4-10')).to.equal(undefined)
  })

  it('call targets, and are judged', async () => {
    expect(await differenceIn('5-1')).to.equal(undefined)
    expect(await differenceIn('5-3')).to.include('goodbye')
  })

  it('need a handler that lies in a module', async () => {
    const requirement = parseRequirement(cases['5-1'], {
      id: '5-1',
      suite: 'own',
      file: 'own.yaml',
    })
    const { workflow } = handlers.get('5-1') as RegisteredHandler

    const { difference } = await examine(requirement, { workflow }, httpStage(houses.open))

    expect(difference).to.equal('The handler of 5-1 is in no module.')
  })
})
