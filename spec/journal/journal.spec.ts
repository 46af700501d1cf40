import { expect } from 'chai'
import { Journal } from '../../lib/journal/journal.ts'
import type { ExecutionRecord, OperationRecord } from '../../lib/journal/record.ts'
import { refusal } from '../support/refusal.ts'

const execution: ExecutionRecord = {
  Id: 'e',
  Type: 'EXECUTION',
  Status: 'STARTED',
  StartTimestamp: 0,
}
const wait = (Id: string, Status: OperationRecord['Status'] = 'STARTED'): OperationRecord => ({
  Id,
  Type: 'WAIT',
  Status,
  StartTimestamp: 0,
})

describe('a journal', () => {
  it('knows the execution by its type, wherever it stands', () => {
    const journal = new Journal([wait('1'), execution, wait('2')])

    expect([journal.execution, journal.size]).to.deep.equal([execution, 2])
  })

  it('holds the latest record of each operation', () => {
    const journal = new Journal([execution, wait('1'), wait('2'), wait('1', 'SUCCEEDED')])
    const before = journal.get('1')?.Status
    journal.take(wait('1', 'CANCELLED'))
    journal.take(wait('3'))

    expect([before, journal.get('1')?.Status, journal.size]).to.deep.equal([
      'SUCCEEDED',
      'CANCELLED',
      3,
    ])
    expect([...journal.records()].map(({ Id }) => Id)).to.deep.equal(['1', '2', '3'])
  })

  it('hands out the very records that it was given', () => {
    const record = wait('1')

    expect(new Journal([execution, record]).get('1')).to.equal(record)
  })

  it('does not count the execution among its operations', () => {
    const journal = new Journal([execution])
    journal.take({ ...execution, Status: 'SUCCEEDED' })

    expect([journal.size, journal.has('e'), journal.execution]).to.deep.equal([0, false, execution])
  })

  it('is not led astray by ids that name members of every object', () => {
    const journal = new Journal([execution, wait('__proto__')])

    expect(['__proto__', 'constructor', 'toString'].map((id) => journal.has(id))).to.deep.equal([
      true,
      false,
      false,
    ])
  })

  it('is refused without an execution', () => {
    expect(refusal(() => new Journal([wait('1')]))).to.deep.equal({
      code: 'INVALID_ENVELOPE',
      message:
        'The state of the execution holds no operation of type EXECUTION, even on its last page.',
    })
  })
})
