import { expect } from 'chai'

import { difference } from './match.ts'

const accepted: [title: string, expected: unknown, actual: unknown][] = [
  ['* and a value', '*', { any: 'thing' }],
  ['{} and a value', {}, 'text'],
  ['{} and a list', {}, [1, 2]],
  ['equal numbers', 2, 2],
  ['null and null', null, null],
  ['fewer keys than there are', { a: 1 }, { a: 1, b: 2 }],
  ['lists with matching items', [{ a: 1 }, '*'], [{ a: 1, b: 2 }, 3]],
  ['an expression found in a number', '${/^[0-5]$/}', 4],
  ['an expression found in a text', '${/.*Error$/}', 'TransientError'],
  ['an expression found in an object', '${/"a":1/}', { a: 1 }],
  ['a name used twice for one value', { x: '${ID}', y: '${ID}' }, { x: 'i', y: 'i' }],
  ['a name bound to an object', ['${O}', '${O}'], [{ a: 1 }, { a: 1 }]],
  ['a bound name inside a text', ['${ID}', 'op-${ID}'], ['7', 'op-7']],
  ['a bound name inside an expression', ['${ID}', '${/^op-${ID}$/}'], ['7', 'op-7']],
]

const refused: [title: string, expected: unknown, actual: unknown, difference: string][] = [
  ['another text', 'a', 'b', 'expected the value to be "a", got "b"'],
  ['a number as text', 2, '2', 'expected the value to be 2, got "2"'],
  ['an absent key', { a: {} }, { b: 1 }, 'expected a to be {}, but it is absent'],
  ['an absent key for a *', { a: '*' }, {}, 'expected a to be "*", but it is absent'],
  ['an absent key for a name', { a: '${N}' }, {}, 'expected a to be "${N}", but it is absent'],
  [
    'another value deep inside',
    { a: { b: [1, 2] } },
    { a: { b: [1, 3] } },
    'expected a.b[1] to be 2, got 3',
  ],
  ['a longer list', [1], [1, 2], 'expected the value to have 1 items, got 2: [1,2]'],
  ['no list', { a: [1] }, { a: {} }, 'expected a to be [1], got {}'],
  ['no object', { a: { b: 1 } }, { a: null }, 'expected a to be {"b":1}, got null'],
  ['an expression not found', '${/^a$/}', 'ab', 'expected the value to be "${/^a$/}", got "ab"'],
  [
    'a name with two values',
    { x: '${ID}', y: '${ID}' },
    { x: 'i', y: 'j' },
    'expected y to be "i", got "j"',
  ],
]

describe('what a requirement expects', () => {
  for (const [title, expected, actual] of accepted) {
    it(`accepts ${title}`, () => {
      expect(difference(expected, actual, new Map())).to.equal(undefined)
    })
  }

  for (const [title, expected, actual, found] of refused) {
    it(`refuses ${title}`, () => {
      expect(difference(expected, actual, new Map())).to.equal(found)
    })
  }

  it('remembers the names it has met', () => {
    const bindings = new Map<string, unknown>([['KNOWN', 'k']])
    difference({ Id: '${ID1}', Name: '${KNOWN}' }, { Id: '1', Name: 'k' }, bindings)

    expect(Object.fromEntries(bindings)).to.deep.equal({ KNOWN: 'k', ID1: '1' })
  })
})
