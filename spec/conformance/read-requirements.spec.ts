import { join } from 'node:path'

import { expect } from 'chai'

import { readRequirements } from './read-requirements.ts'
import { TemporaryFolder } from './temporary-folder.ts'

const content = 'ExpectedExecutionHistory: []\n'

describe('a folder of requirements', () => {
  const folder = new TemporaryFolder({
    'README.md': 'not a requirement',
    'step/1-11.yaml': content,
    'step/1-2.yaml': content,
    'step/1-1.yml': content,
    'plugin/10-1.yaml': content,
    'wait/2-1.yaml': content,
  })
  after(() => folder.dispose())

  function read(place: string, ...suites: string[]): string[] {
    return readRequirements(join(folder.path, place), suites).map(
      ({ suite, id }) => `${suite} ${id}`,
    )
  }

  it('is read whole, by number', () => {
    expect(read('.')).to.deep.equal([
      'step 1-1',
      'step 1-2',
      'step 1-11',
      'wait 2-1',
      'plugin 10-1',
    ])
  })

  it('is read by suites', () => {
    expect(read('.', 'plugin', 'wait')).to.deep.equal(['wait 2-1', 'plugin 10-1'])
  })

  it('may be one suite, or one file', () => {
    expect(read('wait')).to.deep.equal(['wait 2-1'])
    expect(read('step/1-11.yaml')).to.deep.equal(['step 1-11'])
  })

  it('names the suites there are where one is missing', () => {
    expect(() => read('.', 'wait', 'map')).to.throw(
      /There is no suite "map" in .*\. It holds: plugin, step, wait\./,
    )
  })

  it('is missed by name', () => {
    expect(() => read('nowhere')).to.throw(/There is no file or folder .*nowhere/)
  })

  it('is refused where it holds none', () => {
    const empty = new TemporaryFolder({ 'README.md': '' })
    after(() => empty.dispose())

    expect(() => readRequirements(empty.path)).to.throw('There are no requirement files (*.yaml)')
  })
})
