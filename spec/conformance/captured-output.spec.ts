import { expect } from 'chai'

import { CapturedOutput } from './captured-output.ts'

describe('the output of a case', () => {
  it('is kept as lines, whichever way it was written, and not shown', async () => {
    const write: unknown = Reflect.get(process.stdout, 'write')
    const output = new CapturedOutput()
    try {
      console.log('one %s', 1)
      process.stdout.write('two ')
      process.stdout.write(new TextEncoder().encode('halves\n\n'))
      console.error('three')
      await new Promise<void>((resolve) => process.stderr.write('four', () => resolve()))
      process.stdout.write(' and five\n', 'utf8')
    } finally {
      output.restore()
    }

    expect(output.lines()).to.deep.equal(['one 1', 'two halves', 'three', 'four and five'])
    expect(Reflect.get(process.stdout, 'write')).to.equal(write)
  })
})
