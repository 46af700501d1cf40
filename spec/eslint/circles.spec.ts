import { expect } from 'chai'
import { Linter } from 'eslint'
import { recommended } from 'perdure/eslint'

// Code that is being typed has such things in it, and an editor lints it all the same.

const circles = [
  'const a = b, b = a; function* flow() { yield* a(); a.b.c(); yield* step("a", a) }',
  'const a = a.a; function* flow() { yield a; a(); yield* step("a", a.a.a) }',
  'const a = { a }; function* flow() { yield* a.a.a.a(); yield* all(a) }',
  'const a = a ? a : a; function* flow() { yield* a(); yield* step("a", a); a() }',
  'function* flow() { const a = yield* a.cancel(); const b = yield* fork(b); a.cancel(); yield b }',
  'function* flow() { const { a } = a; yield* all([a, a.map(() => a)]); a.push(a) }',
  'function* flow() { const a = step("a", () => a); a; const b = all([b]); b.c }',
  'const a = () => b(), b = () => a(); function* flow() { a(); yield* wait("1s"); b() }',
  'function* flow() { yield* other() } function* other() { yield* flow(); wait("1s") }',
]

describe('the recommended rules on names that lead to themselves', () => {
  for (const circle of circles) {
    it(`come to an end: ${circle}`, () => {
      const code = `import { all, fork, step, wait } from 'perdure'\n${circle}`
      const messages = new Linter().verify(code, recommended)

      expect(messages.filter(({ fatal }) => fatal)).to.deep.equal([])
    })
  }
})
