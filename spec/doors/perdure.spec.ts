import { expect } from 'chai'
import * as perdure from 'perdure'
import { layersIn, loadedBy, packagesIn, printedBy } from './child.ts'

const names = [
  'PerdureError',
  'all',
  'allSettled',
  'any',
  'childContext',
  'completion',
  'context',
  'createCallback',
  'createDriver',
  'driver',
  'duration',
  'fork',
  'invoke',
  'isPerdureError',
  'json',
  'map',
  'now',
  'parallel',
  'poll',
  'race',
  'random',
  'retry',
  'saga',
  'status',
  'step',
  'text',
  'uuid',
  'version',
  'wait',
  'waitForCallback',
  'waitForCondition',
]

describe('the door `perdure`', function () {
  this.timeout(30_000)

  it('opens on what workflow authors need', () => {
    expect(Object.keys(perdure).sort()).to.deep.equal(names)
  })

  it('opens to require()', () => {
    const script = `console.log(JSON.stringify(Object.keys(require('perdure'))))`

    expect(printedBy('commonjs', script)).to.have.members(names)
  })

  it('loads the engine and superstruct, and no more', () => {
    const loaded = loadedBy('perdure')

    expect(packagesIn(loaded)).to.deep.equal(new Set(['superstruct']))
    expect(layersIn(loaded)).to.deep.equal(
      new Set(['checkpoint', 'driver', 'journal', 'kernel', 'lambda', 'operations']),
    )
    expect(loaded.filter((file) => file.includes('aws-client'))).to.deep.equal([])
  })

  it('loads debug as well where DEBUG asks for it', () => {
    const loaded = loadedBy('perdure', { DEBUG: 'perdure:*' })

    expect(packagesIn(loaded)).to.deep.equal(new Set(['superstruct', 'debug', 'ms']))
  })
})
