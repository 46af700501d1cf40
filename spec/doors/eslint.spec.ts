import { expect } from 'chai'
import * as door from 'perdure/eslint'
import { layersIn, loadedBy, packagesIn, printedBy } from './child.ts'

const names = ['default', 'plugin', 'recommended']

describe('the door `perdure/eslint`', function () {
  this.timeout(30_000)

  it('opens on a configuration and the plugin that it is made of', () => {
    expect(Object.keys(door).sort()).to.deep.equal(names)
    expect(door.default).to.equal(door.plugin)
    expect(door.plugin.configs.recommended).to.equal(door.recommended)
  })

  it('opens to require()', () => {
    const script = `console.log(JSON.stringify(Object.keys(require('perdure/eslint'))))`

    expect(printedBy('commonjs', script)).to.include.members(names)
  })

  it('recommends every rule, and no other', () => {
    const [{ plugins, rules } = {}] = door.recommended

    expect(plugins).to.deep.equal({ perdure: door.plugin })
    expect(Object.keys(rules ?? {})).to.have.members(
      Object.keys(door.plugin.rules).map((name) => `perdure/${name}`),
    )
  })

  it('loads nothing but the rules, not even ESLint', () => {
    const loaded = loadedBy('perdure/eslint')

    expect(packagesIn(loaded)).to.deep.equal(new Set())
    expect(layersIn(loaded)).to.deep.equal(new Set(['eslint']))
  })
})
