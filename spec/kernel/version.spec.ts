import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { version } from '../../lib/kernel/version.ts'

describe('the version', () => {
  it('is that of package.json', () => {
    const url = new URL('../../package.json', import.meta.url)
    const manifest = JSON.parse(readFileSync(url, 'utf8')) as { version: string }

    expect(version).to.equal(manifest.version)
  })
})
