import { expect } from 'chai'
import fc from 'fast-check'
import { json, lenientJson, text } from '../../lib/kernel/serdes.ts'

const context = { operationId: '1', executionArn: 'arn' }

describe('the json serdes', () => {
  it('gives back every value that JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const kept = json.serialize(value, context) as string
        expect(json.deserialize(kept, context)).to.deep.equal(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses text that is not JSON', () => {
    expect(() => json.deserialize('yes', context) as unknown).to.throw(SyntaxError)
  })
})

describe('the text serdes', () => {
  it('leaves every text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const kept = text.serialize(value, context) as string
        expect([kept, text.deserialize(kept, context)]).to.deep.equal([value, value])
      }),
    )
  })
})

describe('a payload from outside', () => {
  const table: [string, unknown][] = [
    ['{"ok":true}', { ok: true }],
    ['"yes"', 'yes'],
    ['yes', 'yes'],
    ['42', 42],
    ['', ''],
    ['{"ok":', '{"ok":'],
    ['null', null],
  ]
  for (const [payload, value] of table) {
    it(`${JSON.stringify(payload)} is read as ${JSON.stringify(value)}`, () => {
      expect(lenientJson.deserialize(payload, context)).to.deep.equal(value)
    })
  }
})
