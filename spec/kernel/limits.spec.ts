import { expect } from 'chai'
import { limits } from '../../lib/kernel/limits.ts'

describe('the limits of the service', () => {
  it('are those of the API model and its documentation', () => {
    expect(limits).to.deep.equal({
      idLength: 64,
      nameLength: 256,
      subTypeLength: 32,
      longestDelaySeconds: 366 * 24 * 60 * 60,
      longestCallbackTimeoutSeconds: 99_999_999,
      operationPayloadBytes: 1024 * 1024,
      errorBytes: 1024 * 1024,
      executionPayloadBytes: 6 * 1024 * 1024,
      responseBytes: 6_291_406,
      inlineContextBytes: 256 * 1024,
      updatesPerCheckpoint: 250,
      bytesPerCheckpoint: 768_000,
      pageSize: 1000,
      operationsPerExecution: 30_000,
    })
  })
})
