import { expect } from 'chai'

import { bindVariables, substitute } from './variables.ts'

/** Draws the alphabet from its start. */
function counting() {
  let drawn = 0
  return { fraction: () => (drawn++ % 36) / 36, bytes: () => new Uint8Array(), uuid: () => '' }
}

describe('the variables of a requirement', () => {
  it('are random strings of the asked length, or what is written', () => {
    const bindings = bindVariables(
      { A: '${GEN_STR:4}', B: 'b-${A}-${GEN_STR:2}', C: 7 },
      counting(),
    )

    expect(Object.fromEntries(bindings)).to.deep.equal({ A: 'abcd', B: 'b-abcd-ef', C: 7 })
  })

  it('are put in place of their names at any depth', () => {
    const bindings = new Map<string, unknown>([
      ['NAME', 'ada'],
      ['COUNT', 3],
    ])

    expect(
      substitute(
        { a: ['${NAME}', 'hi ${NAME}!'], n: '${COUNT}', t: 'x${COUNT}', no: null },
        bindings,
      ),
    ).to.deep.equal({ a: ['ada', 'hi ada!'], n: 3, t: 'x3', no: null })
  })

  it('leave names without a value as they are', () => {
    expect(substitute('${ID1} and ${/x/}', new Map())).to.equal('${ID1} and ${/x/}')
  })
})
