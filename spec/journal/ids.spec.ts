import { expect } from 'chai'
import fc from 'fast-check'
import { positionId } from '../../lib/journal/ids.ts'

/** The id of the operation reached by these turns, one for each context on the way. */
const idOf = (turns: readonly number[]) =>
  turns.reduce((context, turn) => positionId(context, turn), '')

const path = fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 40 })

describe('the id of an operation', () => {
  const table: [string, number | string, string][] = [
    ['', 1, '1'],
    ['', 12, '12'],
    ['3', 1, '3-1'],
    ['3-1', 2, '3-1-2'],
    ['1', 'x', '1-x'],
  ]
  for (const [context, turn, id] of table) {
    it(`is ${id} for turn ${turn} of context ${context || 'none'}`, () => {
      expect(positionId(context, turn)).to.equal(id)
    })
  }

  it('is its position as it is, as long as the service takes it', () => {
    const context = '1-'.repeat(31) + '1'

    expect(positionId(context.slice(0, 62), 1)).to.equal(`${context.slice(0, 62)}-1`)
    expect(positionId(context, 1)).to.equal(`${context.slice(0, 47)}_8e5af2c44beda870`)
  })
})

describe('law: ids', () => {
  it('are taken by the service, however deep the operation', () => {
    fc.assert(
      fc.property(path, (turns) => {
        expect(idOf(turns)).to.match(/^[a-zA-Z0-9_-]{1,64}$/)
      }),
    )
  })

  it('are the same for the same position, and for no other', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(idOf(one)).to.equal(idOf([...one]))
        expect(idOf(one) === idOf(other)).to.equal(one.join('-') === other.join('-'))
      }),
    )
  })

  it('are distinct for siblings far down, where paths are cut', () => {
    const deep = Array.from({ length: 40 }, () => 7)
    const ids = Array.from({ length: 500 }, (_, turn) => idOf([...deep, turn + 1]))
    const below = ids.map((id) => positionId(id, 1))

    expect(new Set([...ids, ...below]).size).to.equal(1000)
  })
})
