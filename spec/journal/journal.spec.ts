import { expect } from 'chai'
import { Journal } from '../../lib/journal/journal.ts'
import type { ContextRecord, ExecutionRecord, OperationRecord } from '../../lib/journal/record.ts'
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

    expect([before, journal.get('1')?.Status]).to.deep.equal(['SUCCEEDED', 'CANCELLED'])
    expect([...journal.records()].map(({ Id }) => Id)).to.deep.equal(['1', '2', '3'])
  })

  it('counts what the invocation has found, and nothing that came since', () => {
    const journal = new Journal([execution, wait('1'), wait('2')])
    journal.take(wait('3'))

    expect(journal.size).to.equal(2)
  })

  it('tells the furthest turn of a context, that of an operation deep inside included', () => {
    const ids = ['2', '3-4-1', '3-2', '3-10-2', '3-10-1', 'c-3-7', 'x_1']
    const journal = new Journal([execution, ...ids.map((id) => wait(id))])

    expect(
      ['', '3', '3-4', '3-10', 'c', 'c-3', '9'].map((id) => journal.lastTurn(id)),
    ).to.deep.equal([3, 10, 1, 2, 3, 7, 0])
  })

  it('looks into no context that is on record whole, and into all others', () => {
    const context = (Id: string, rest: Partial<ContextRecord>): ContextRecord => ({
      ...{ Id, Type: 'CONTEXT', Status: 'SUCCEEDED', StartTimestamp: 0 },
      ...rest,
    })
    const journal = new Journal([
      execution,
      { ...wait('1-1'), ParentId: '1' },
      context('1', {}),
      context('2', { ContextDetails: { ReplayChildren: true } }),
      { ...wait('2-1'), ParentId: '2' },
      context('3', { Status: 'STARTED' }),
      { ...wait('3-1'), ParentId: '3' },
    ])

    expect(['', '1', '2', '3'].map((id) => journal.lastTurn(id))).to.deep.equal([3, 0, 1, 1])
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
