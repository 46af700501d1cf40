import { expect } from 'chai'
import { step, type Member } from '../../lib/index.ts'
import { begin, isGenerator, isMember } from '../../lib/operations/member.ts'
import { refusal } from '../support/refusal.ts'

const workflow = { words: 'the workflow' }
const operation = step('s', () => 1)
function* body() {
  return yield* operation
}

describe('a member', () => {
  const members: [string, () => Member<number>][] = [
    ['a generator function', () => body],
    ['a function that returns an operation', () => () => operation],
    ['a function that returns a generator', () => () => body()],
    ['an operation', () => operation],
    ['a generator object', () => body()],
  ]
  for (const [what, make] of members) {
    it(`begins to yield the same: ${what}`, () => {
      const member = make()
      const begun = begin(member, workflow)

      expect(isMember(member)).to.equal(true)
      expect([begun.next(), begun.next(7)]).to.deep.equal([
        { done: false, value: operation },
        { done: true, value: 7 },
      ])
    })
  }

  it('runs none of its code before it is walked', () => {
    const words: string[] = []
    begin(function* () {
      words.push('ran')
      return yield* operation
    }, workflow)

    expect(words).to.deep.equal([])
  })

  const expected =
    'which cannot be run. Expected a generator function, a function that returns an operation, ' +
    'an operation, or a generator object.'
  const work = "Work that makes a value belongs in a step: `step('name', () => …)`."
  const wrong: [unknown, string][] = [
    [() => 5, `The body of step "x" returned 5 (number), ${expected} ${work}`],
    [
      () => undefined,
      `The body of step "x" returned undefined, ${expected} Is a \`return\` missing, or the \`*\` of \`function*\`?`,
    ],
    [
      () => Promise.resolve(operation),
      `The body of step "x" returned a Promise, ${expected} ${work}`,
    ],
    [() => [operation], `The body of step "x" returned an array of 1, ${expected} ${work}`],
    [
      () => body,
      `The body of step "x" returned body (function), ${expected} Hand over that one, or call it.`,
    ],
    [null, `The body of step "x" is null, ${expected} ${work}`],
    ['text', `The body of step "x" is "text" (string), ${expected} ${work}`],
  ]
  for (const [member, message] of wrong) {
    it(`cannot begin: ${message.slice(0, message.indexOf(','))}`, () => {
      expect(refusal(() => begin(member as Member<unknown>, { words: 'step "x"' }))).to.deep.equal({
        code: 'NOT_AN_OPERATION',
        message,
      })
    })
  }

  it('cannot begin twice where it is a generator object', () => {
    const made = body()
    begin(made, { words: 'race' })

    expect(refusal(() => begin(made, { words: 'step "x"' }))).to.deep.equal({
      code: 'NOT_AN_OPERATION',
      message:
        'The body of step "x" is a generator object that has been run before, and can be run once. ' +
        'Hand over the generator function that makes it.',
    })
  })

  it('passes on what its function throws', () => {
    const broken = (): never => {
      throw new RangeError('no body')
    }

    expect(() => begin(broken, workflow)).to.throw(RangeError, 'no body')
  })

  it('is told from things that iterate', () => {
    const things = [body(), [1], 'text', new Map(), null, undefined, { next() {} }]

    expect(things.map(isGenerator)).to.deep.equal([true, false, false, false, false, false, false])
  })
})
