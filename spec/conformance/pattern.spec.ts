import { expect } from 'chai'

import { pattern } from './pattern.ts'

describe('a regular expression in Python spelling', () => {
  const cases = [
    { source: '^[0-5]$', accepts: ['0', '5'], refuses: ['6', '55'] },
    { source: '(?i)error', accepts: ['an Error', 'ERROR'], refuses: ['eror'] },
    { source: '(?is)a.b', accepts: ['A\nB'], refuses: ['ab'] },
    { source: '(?P<word>\\w+) (?P=word)', accepts: ['hey hey'], refuses: ['hey now'] },
    { source: '\\Astart', accepts: ['start now'], refuses: ['a start', 'a\nstart'] },
    { source: 'end\\Z', accepts: ['the end'], refuses: ['end it', 'end\n'] },
    { source: 'C:\\\\A', accepts: ['in C:\\A'], refuses: ['C:A'] },
    { source: '\\[ERROR\\]', accepts: ['[ERROR] no'], refuses: ['ERROR'] },
  ]
  for (const { source, accepts, refuses } of cases) {
    it(`/${source}/ is searched for as Python would`, () => {
      const expression = pattern(source)

      expect(accepts.filter((text) => expression.test(text))).to.deep.equal(accepts)
      expect(refuses.filter((text) => expression.test(text))).to.deep.equal([])
    })
  }

  it('is refused with its source where it cannot be read', () => {
    expect(() => pattern('(unclosed')).to.throw('/(unclosed/')
    expect(() => pattern('(?x) spaced')).to.throw('(?x)')
  })
})
