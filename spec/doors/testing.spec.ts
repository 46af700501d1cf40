import { expect } from 'chai'
import * as testing from 'perdure/testing'
import { layersIn, loadedBy, packagesIn, printedBy } from './child.ts'

const names = [
  'CrashesMatter',
  'Embedded',
  'OrderMatters',
  'StepperError',
  'VirtualClock',
  'cloudRunner',
  'crashEverywhere',
  'expectGolden',
  'exploreOrders',
  'formatCrashReport',
  'formatInvocation',
  'formatOrderReport',
  'formatVerification',
  'graph',
  'like',
  'play',
  'readHistory',
  'run',
  'start',
  'stepThrough',
  'verify',
]

describe('the door `perdure/testing`', function () {
  this.timeout(30_000)

  it('opens on the testing kit', () => {
    expect(Object.keys(testing).sort()).to.deep.equal(names)
  })

  it('opens to require()', () => {
    const script = `console.log(JSON.stringify(Object.keys(require('perdure/testing'))))`

    expect(printedBy('commonjs', script)).to.have.members(names)
  })

  it('loads no AWS client, no server and no command line', () => {
    const loaded = loadedBy('perdure/testing')

    expect(['superstruct', 'debug', 'ms']).to.include.members([...packagesIn(loaded)])
    expect([...layersIn(loaded)])
      .to.include('testing')
      .and.not.to.include.oneOf(['server', 'cli'])
    expect(loaded.filter((file) => file.includes('aws-client'))).to.deep.equal([])
  })
})
