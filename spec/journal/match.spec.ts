import { expect } from 'chai'
import { mismatch, type Difference, type Request } from '../../lib/journal/match.ts'
import type { OperationRecord } from '../../lib/journal/record.ts'

const request: Request = { type: 'STEP', subType: 'Step', name: 'charge', parentId: '3' }
const record = {
  Id: '3-1',
  Type: 'STEP',
  SubType: 'Step',
  Name: 'charge',
  ParentId: '3',
  Status: 'SUCCEEDED',
  StartTimestamp: 0,
} satisfies OperationRecord

const differ = (
  member: Difference['member'],
  recorded: string | undefined | null,
  yielded: string | undefined,
) => ({ member, recorded, yielded })

describe('a request and the record found in its place', () => {
  const table: { when: string; record?: object; request?: Partial<Request>; is?: object }[] = [
    { when: 'all is the same' },
    { when: 'another type', record: { Type: 'WAIT' }, is: differ('type', 'WAIT', 'STEP') },
    {
      when: 'another sub-type',
      record: { SubType: 'WaitForCondition' },
      is: differ('sub-type', 'WaitForCondition', 'Step'),
    },
    { when: 'the sub-type not echoed', record: { SubType: undefined } },
    { when: 'the sub-type echoed as null', record: { SubType: null } },
    { when: 'another name', record: { Name: 'refund' }, is: differ('name', 'refund', 'charge') },
    { when: 'a name lost', request: { name: undefined }, is: differ('name', 'charge', undefined) },
    { when: 'a name gained', record: { Name: undefined }, is: differ('name', undefined, 'charge') },
    { when: 'no name on either side', record: { Name: null }, request: { name: undefined } },
    { when: 'another parent', record: { ParentId: '2' }, is: differ('parent', '2', '3') },
    {
      when: 'a parent lost',
      request: { parentId: undefined },
      is: differ('parent', '3', undefined),
    },
    {
      when: 'no parent on either side',
      record: { ParentId: null },
      request: { parentId: undefined },
    },
    {
      when: 'nothing the same, of which the type comes first',
      record: { Type: 'WAIT', SubType: 'Wait', Name: 'x', ParentId: '9' },
      is: differ('type', 'WAIT', 'STEP'),
    },
    {
      when: 'another name and parent, of which the name comes first',
      record: { Name: 'x', ParentId: '9' },
      is: differ('name', 'x', 'charge'),
    },
  ]
  for (const { when, record: found = {}, request: asked = {}, is } of table) {
    it(`${is === undefined ? 'fit' : 'do not fit'} with ${when}`, () => {
      const difference = mismatch(
        { ...record, ...found },
        {
          ...request,
          ...asked,
        },
      )

      expect(difference).to.deep.equal(is)
    })
  }
})
