import { expect } from 'chai'
import fc from 'fast-check'

import { MemoryStore } from '../../../lib/service/memory-store.ts'
import { holds } from '../../laws/support/law.ts'
import { ByHand, type HandledInvocation } from '../../service/by-hand.ts'
import { startCallback, startStep } from '../../service/updates.ts'
import { malformed, type Malformed } from './malformed.ts'
import { RawClient, type RawAnswer } from './raw-request.ts'
import { serve, type Served } from './served.ts'

const batches = 250
const atOnce = 20

describe('law: a malformed request is refused and changes nothing', function () {
  this.timeout(120_000)
  const store = new MemoryStore()
  const stored = () => JSON.stringify([...store.load()])
  let served: Served
  let raw: RawClient
  let invocation: HandledInvocation
  let callbackId: string

  before(async () => {
    served = await serve({}, new ByHand({ store }))
    raw = new RawClient(served.url)
    invocation = await served.byHand.start()
    const { NewExecutionState } = await invocation.checkpoint(startCallback('1'))
    const [record] = NewExecutionState.Operations
    callbackId = (record?.Type === 'CALLBACK' && record.CallbackDetails?.CallbackId) || ''
  })
  after(() => {
    raw.close()
    return served.close()
  })

  it(`holds for ${batches} times ${atOnce} requests`, async () => {
    const { arn, token } = invocation
    const before = stored()
    const refused: Record<string, number> = {}

    const anAbuse = malformed({ arn, token, callbackId })
    const together = { minLength: atOnce, maxLength: atOnce }
    const property = fc.asyncProperty(fc.array(anAbuse, together), async (requests) => {
      const answers = await Promise.all(requests.map((request) => raw.send(request)))
      requests.forEach((request, i) => {
        const kind = check(request, answers[i])
        refused[kind] = (refused[kind] ?? 0) + 1
      })
      if (stored() !== before) throw new Error('One of the requests has changed something.')
    })
    await holds(batches, property)

    expect(served.byHand.invocations).to.have.length(1)
    expect(Object.keys(refused)).to.include.members([
      '400 InvalidParameterValueException',
      '400 InvalidRequestContentException',
      '403 AccessDeniedException',
      '404 ResourceNotFoundException',
      '404 UnknownOperationException',
      '405 UnknownOperationException',
    ])
    expect(await invocation.update(startStep('2'))).to.deep.equal(['2 STARTED'])
  })
})

/** Answers how the request was refused; throws if that was not as it should be. */
function check(request: Malformed, answer: RawAnswer | undefined): string {
  const { status = 0, errorType = '', requestId = '', text = '' } = answer ?? {}
  const got = `${status} ${errorType} ${text}`
  if (!request.statuses.includes(status)) {
    throw new Error(`Expected ${request.statuses.join(' or ')}, got ${got}`)
  }
  if (!errorType.endsWith('Exception') || !/^[\da-f-]{36}$/.test(requestId)) throw new Error(got)
  const kind = `${status} ${errorType}`
  if (request.method === 'HEAD') return kind
  const { Type, message, Message = message } = JSON.parse(text) as Record<string, unknown>
  if (Type !== 'User' || typeof Message !== 'string') throw new Error(got)
  return kind
}
