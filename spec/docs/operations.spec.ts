import { expect } from 'chai'
import * as perdure from 'perdure'
import { page } from './pages.ts'

/** What is exported and yields nothing. */
const others = [
  'PerdureError',
  'completion',
  'createDriver',
  'driver',
  'duration',
  'isPerdureError',
  'json',
  'poll',
  'retry',
  'text',
]

describe('the docs of the operations', () => {
  const operations = Object.keys(perdure).filter((name) => !others.includes(name))

  it('have a section for each', () => {
    const headings = [...page('docs/operations.md').text.matchAll(/^## (.*)$/gm)]
    const words = headings.flatMap(([, heading = '']) => heading.split(', '))

    expect(words).to.include.members(operations)
  })

  it('have a row for each in the README', () => {
    const table = page('README.md').text.matchAll(/^\| (`\w+\(.*?) +\|/gm)
    const named = [...table].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)\(/g)].map(([, name]) => name),
    )

    expect(named).to.have.members(operations)
  })
})
