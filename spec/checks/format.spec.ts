import { expect } from 'chai'
import { clean } from './clean.ts'
import { plant, type Answer } from './tree.ts'

const plants = {
  'lib/driver/semicolon.ts': `export const one = 1;\n`,
  'lib/driver/quotes.ts': `export const one = "1"\n`,
  'lib/driver/width.ts': `export const wide = [${"'twelve chars', ".repeat(8)}'twelve chars']\n`,
  'spec/checks/table.json': `{"a":1}\n`,
  'samples/indent.ts': `export function* f() {\n    return 1\n}\n`,
  'docs/list.md': `* one\n* two\n`,
  'bench/run.mjs': `export const one = 1;\n`,
  '.ci/config.js': `export const one = 1;\n`,
}

const ignored = {
  'dist/index.js': `export const one = 1;\n`,
  'package-lock.json': `{"lockfileVersion":3}`,
}

describe('format', function () {
  this.timeout(120_000)
  let onClean: Answer
  let onPlanted: Answer

  before(async () => {
    const tree = plant({ ...clean, ...ignored })
    const broken = plant({ ...clean, ...plants })
    ;[onClean, onPlanted] = await Promise.all([tree.npm('format'), broken.npm('format')])
    tree.remove()
    broken.remove()
  })

  it('lets a clean tree pass', () => {
    expect(onClean).to.include({ errors: '', status: 0 })
  })

  it('reports each file that prettier would write otherwise, and fails', () => {
    expect(warnedOf(onPlanted)).to.have.members(Object.keys(plants))
    expect(onPlanted.status).to.equal(1)
  })
})

function warnedOf({ output, errors }: Answer): string[] {
  const lines = (output + errors).matchAll(/^\[warn\] (\S+)$/gm)
  return [...lines].map(([, file = '']) => file)
}
