import { expect } from 'chai'
import fc from 'fast-check'
import {
  retryAfter,
  scopeOf,
  ServiceFailure,
  type FailureScope,
} from '../../lib/checkpoint/failures.ts'

const stale = 'Invalid checkpoint token'
const invalid = 'InvalidParameterValueException'

describe('a failed call to the service', () => {
  const table: { name?: string; message?: string; status?: number; scope: FailureScope }[] = [
    { name: invalid, message: stale, status: 400, scope: 'invocation' },
    {
      name: invalid,
      message: 'Invalid Checkpoint Token provided',
      status: 400,
      scope: 'invocation',
    },
    { name: invalid, message: 'INVALID CHECKPOINT TOKEN', status: 400, scope: 'invocation' },
    { name: invalid, message: stale, scope: 'invocation' },
    { name: invalid, message: `Not an ${stale}`, status: 400, scope: 'execution' },
    { name: invalid, message: 'Invalid parent operation id.', status: 400, scope: 'execution' },
    { name: invalid, message: 'Invalid parent operation id.', scope: 'execution' },
    { name: 'ResourceNotFoundException', status: 404, scope: 'execution' },
    { name: 'AccessDeniedException', status: 403, scope: 'execution' },
    { name: 'SomethingNew', status: 418, scope: 'execution' },
    { name: 'KMSAccessDeniedException', status: 502, scope: 'execution' },
    { name: 'KMSDisabledException', status: 502, scope: 'execution' },
    { name: 'KMSInvalidStateException', status: 502, scope: 'execution' },
    { name: 'KMSNotFoundException', status: 502, scope: 'execution' },
    { name: 'TooManyRequestsException', status: 429, scope: 'throttled' },
    { name: 'TooManyRequestsException', scope: 'throttled' },
    { name: 'Unknown', status: 429, scope: 'throttled' },
    { name: 'ThrottlingException', status: 400, scope: 'throttled' },
    { name: 'ServiceException', status: 500, scope: 'invocation' },
    { name: 'BadGateway', status: 502, scope: 'invocation' },
    { name: 'TimeoutError', message: 'connect timed out', scope: 'invocation' },
    { name: 'Error', message: 'getaddrinfo ENOTFOUND', scope: 'invocation' },
  ]
  for (const { name, message = '', status, scope } of table) {
    const words = [name, status, message && JSON.stringify(message)].filter(Boolean).join(' ')
    it(`concerns the ${scope === 'throttled' ? 'moment' : scope}: ${words}`, () => {
      const error = Object.assign(new Error(message), {
        name,
        ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
      })

      expect(scopeOf(error)).to.equal(scope)
    })
  }

  it('concerns what it says itself', () => {
    const error = Object.assign(new Error('no'), { name: 'DurableExecutionClientError' })

    expect([
      scopeOf(Object.assign(error, { scope: 'EXECUTION' })),
      scopeOf(Object.assign(error, { scope: 'INVOCATION', $metadata: { httpStatusCode: 400 } })),
      scopeOf(Object.assign(error, { scope: 'elsewhere', $metadata: { httpStatusCode: 400 } })),
    ]).to.deep.equal(['execution', 'invocation', 'execution'])
  })

  it('concerns something, whatever is thrown', () => {
    const strange = fc.oneof(
      fc.anything(),
      fc.record({ name: fc.anything(), message: fc.anything(), scope: fc.anything() }),
    )
    fc.assert(
      fc.property(strange, (error) => {
        expect(['throttled', 'invocation', 'execution']).to.include(scopeOf(error))
      }),
    )
  })

  it('is told with the call, the reason and the cause', () => {
    const cause = new Error('no route')
    const failure = new ServiceFailure('CheckpointDurableExecution', cause)

    expect([failure.message, failure.scope, failure.cause]).to.deep.equal([
      'CheckpointDurableExecution failed: no route',
      'invocation',
      cause,
    ])
    expect(new ServiceFailure('X', 'offline').message).to.equal('X failed: offline')
  })
})

describe('the time that the service asks for', () => {
  const table: [unknown, number | undefined][] = [
    [{ retryAfterSeconds: '3' }, 3_000],
    [{ retryAfterSeconds: '0' }, 0],
    [{ $response: { headers: { 'retry-after': '1.5' } } }, 1_500],
    [{ $response: { headers: {} } }, undefined],
    [{ $response: { headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } } }, undefined],
    [{ retryAfterSeconds: '-1' }, undefined],
    [{}, undefined],
    ['busy', undefined],
    [undefined, undefined],
  ]
  for (const [error, milliseconds] of table) {
    it(`is ${milliseconds === undefined ? 'unknown' : `${milliseconds} ms`} in ${JSON.stringify(error)}`, () => {
      expect(retryAfter(error)).to.equal(milliseconds)
    })
  }
})
