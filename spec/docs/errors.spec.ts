import { expect } from 'chai'
import { wireTypes } from '../../lib/kernel/errors.ts'
import { page } from './pages.ts'

describe('the catalogue of errors', () => {
  it('lists every code with its wire type, and no other', () => {
    const rows = page('docs/errors.md').text.matchAll(/^\| `([A-Z_]+)` +\| `(\w+)` *\|/gm)

    const listed = [...rows].map(([, code, type]) => ({ code, type }))
    const codes = Object.entries(wireTypes).map(([code, type]) => ({ code, type }))
    expect(listed).to.have.deep.members(codes)
  })
})
