import { expect } from 'chai'
import { ServiceFailure } from '../../lib/checkpoint/failures.ts'
import { loadRecords } from '../../lib/checkpoint/load-records.ts'
import type { DurableService, StateRequest, StateResponse } from '../../lib/checkpoint/port.ts'
import type { OperationRecord } from '../../lib/journal/record.ts'

const record = (Id: string): OperationRecord => ({
  Id,
  Type: 'WAIT',
  Status: 'STARTED',
  StartTimestamp: 0,
})

function paging(...pages: (StateResponse | Error)[]): DurableService & { asked: StateRequest[] } {
  const asked: StateRequest[] = []
  return {
    asked,
    checkpoint: () => Promise.reject(new Error('Expected no checkpoint.')),
    getExecutionState(request) {
      const page = pages[asked.push(request) - 1] ?? new Error('Expected no further page.')
      return page instanceof Error ? Promise.reject(page) : Promise.resolve(page)
    },
  }
}

const from = (marker: string | null | undefined) => ({ executionArn: 'arn', token: 't0', marker })

describe('the records of an execution', () => {
  for (const marker of [undefined, null, '']) {
    it(`are complete without a call where the marker is ${JSON.stringify(marker)}`, async () => {
      const service = paging()

      expect([await loadRecords(service, from(marker)), service.asked]).to.deep.equal([[], []])
    })
  }

  it('are fetched page by page with the token they were listed under', async () => {
    const service = paging(
      { Operations: [record('1'), record('2')], NextMarker: 'm2' },
      { Operations: [], NextMarker: 'm3' },
      { NextMarker: 'm4' },
      { Operations: [record('3')], NextMarker: '' },
    )
    const records = await loadRecords(service, from('m1'))

    expect(records.map(({ Id }) => Id)).to.deep.equal(['1', '2', '3'])
    expect(service.asked).to.deep.equal(
      ['m1', 'm2', 'm3', 'm4'].map((Marker) => ({
        DurableExecutionArn: 'arn',
        CheckpointToken: 't0',
        Marker,
        MaxItems: 1000,
      })),
    )
  })

  it('are not to be had where a page fails', async () => {
    const refusal = Object.assign(new Error('Invalid marker'), {
      name: 'InvalidParameterValueException',
    })
    const failure: unknown = await loadRecords(
      paging({ NextMarker: 'm2' }, refusal),
      from('m1'),
    ).catch((error: unknown) => error)

    expect(failure).to.be.instanceOf(ServiceFailure)
    expect(failure).to.include({
      message: 'GetDurableExecutionState failed: Invalid marker',
      scope: 'execution',
      cause: refusal,
    })
  })
})
