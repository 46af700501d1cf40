import { expect } from 'chai'
import { assert, match, spy, stub } from 'sinon'
import { createDriver, step, wait, type RetryStrategy } from '../../lib/index.ts'
import { Embedded } from '../../lib/testing/embedded.ts'

// What a user hands over, seen from where it is called.

describe('what a user hands to the driver', () => {
  it('is asked for a retry with the very error and the number of the attempt', async () => {
    const refused = new Error('refused')
    const retry = stub<Parameters<RetryStrategy>, ReturnType<RetryStrategy>>()
    retry.onFirstCall().returns('5s').onSecondCall().returns(false)
    const handler = createDriver({ retry }).lambdaHandler(function* () {
      yield* step('charge', () => {
        throw refused
      })
    })

    await run(handler)

    expect(retry.args).to.deep.equal([
      [refused, 1],
      [refused, 2],
    ])
  })

  it('is asked once to write a value, and once in each invocation to read it', async () => {
    const serdes = {
      serialize: spy((...asked: [value: unknown, context: object]) => JSON.stringify(asked[0])),
      deserialize: spy((...asked: [text: string, context: object]): unknown =>
        JSON.parse(asked[0]),
      ),
    }
    const handler = createDriver().lambdaHandler(function* () {
      yield* step('load', () => ({ id: 7 }), { serdes })
      yield* wait('1d')
    })

    await run(handler)

    assert.calledOnceWithExactly(serdes.serialize, { id: 7 }, match({ operationId: '1' }))
    assert.calledTwice(serdes.deserialize)
    assert.alwaysCalledWithExactly(serdes.deserialize, '{"id":7}', match({ operationId: '1' }))
  })

  it('hears each message once, with the execution and the operation that it is about', async () => {
    const log = { debug: spy(), info: spy(), warn: spy(), error: spy() }
    const handler = createDriver({ log }).lambdaHandler(function* (_input, context) {
      context.log.info('before')
      yield* step('charge', (its) => {
        its.log.warn('in between', { amount: 5 })
      })
      yield* wait('1d')
      context.log.info('after')
    })

    await run(handler)

    assert.calledTwice(log.info)
    assert.calledWith(log.info.firstCall, 'before', match.has('executionArn'))
    assert.calledWith(log.info.secondCall, 'after', match.has('requestId'))
    assert.calledOnceWithExactly(
      log.warn,
      'in between',
      match({ operationId: '1', operationName: 'charge', attempt: 1, amount: 5 }),
    )
  })
})

async function run(handler: (event: unknown, context: unknown) => Promise<unknown>): Promise<void> {
  const embedded = new Embedded()
  embedded.register('workflow', handler)
  await embedded.service.invoke({ FunctionName: 'workflow', Payload: 'null' })
}
