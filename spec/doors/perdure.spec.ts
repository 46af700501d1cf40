import { expect } from 'chai'
import * as perdure from 'perdure'
import { loadedBy, printedBy } from './child.ts'

const names = [
  'PerdureError',
  'childContext',
  'context',
  'createCallback',
  'createDriver',
  'driver',
  'duration',
  'invoke',
  'isPerdureError',
  'json',
  'now',
  'poll',
  'random',
  'retry',
  'step',
  'text',
  'uuid',
  'wait',
  'waitForCallback',
  'waitForCondition',
]

/** What `debug` takes up where it happens to be installed. */
const coloursOfDebug = ['supports-color', 'has-flag']

describe('the door `perdure`', function () {
  this.timeout(30_000)

  it('opens on what workflow authors need', () => {
    expect(Object.keys(perdure).sort()).to.deep.equal(names)
  })

  it('opens to require()', () => {
    const script = `console.log(JSON.stringify(Object.keys(require('perdure'))))`

    expect(printedBy('commonjs', script)).to.have.members(names)
  })

  it('loads the engine, superstruct and debug, and no more', () => {
    const loaded = loadedBy('perdure')
    const packages = loaded
      .flatMap((file) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])
      .filter((name) => !coloursOfDebug.includes(name))
    const folders = loaded.flatMap((file) => /^(?:lib|dist)\/(\w+)\//.exec(file)?.[1] ?? [])

    expect(new Set(packages)).to.deep.equal(new Set(['superstruct', 'debug', 'ms']))
    expect(new Set(folders)).to.deep.equal(
      new Set(['checkpoint', 'driver', 'journal', 'kernel', 'lambda', 'operations']),
    )
    expect(loaded.filter((file) => file.includes('aws-client'))).to.deep.equal([])
  })
})
