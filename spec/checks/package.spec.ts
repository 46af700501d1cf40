import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { clean } from './clean.ts'
import { plant, type Answer, type Files } from './tree.ts'

// attw judges by its profile for ES modules only: what it says of require() is true of older Nodes,
// and spec/doors shows that it works on those that we run on.

describe('the package', function () {
  this.timeout(120_000)
  let onClean: readonly Answer[]
  let emptyDoor: Answer
  let untypedDoor: Answer
  let wideDoor: Answer

  before(async () => {
    ;[onClean, [emptyDoor], [untypedDoor], [wideDoor]] = await Promise.all([
      onBuild({}, 'package', 'size'),
      onBuild({ 'package.json': withDoor('./empty', './dist/empty.js') }, 'package'),
      onBuild(
        {
          'docs/plain.js': 'export const plain = 1\n',
          'package.json': withDoor('./plain', './docs/plain.js'),
        },
        'package',
      ),
      onBuild({ 'lib/index.ts': `export const wide = '${incompressible(60_000)}'\n` }, 'size'),
    ])
  })

  it('passes its checks when clean', () => {
    expect(onClean.map(({ status }) => status)).to.deep.equal([0, 0])
  })

  it('has no door without a file behind it', () => {
    expect(emptyDoor.output).to.include('pkg.exports["./empty"] is ./dist/empty.js but the file')
    expect(emptyDoor.status).to.equal(1)
  })

  it('has no door without types', () => {
    expect(untypedDoor.output).to.match(/"perdure\/plain"\s+node16 \(from ESM\): ❌ No types/)
    expect(untypedDoor.status).to.equal(1)
  })

  it('has a front door of 40 kB at most', () => {
    expect(wideDoor.output).to.include('limit has exceeded')
    expect(wideDoor.status).to.equal(1)
  })
})

/** Text that no compression makes shorter than three quarters. */
function incompressible(bytes: number): string {
  const blocks = Array.from({ length: bytes / 32 }, (_, i) =>
    createHash('sha256').update(String(i)).digest(),
  )
  return Buffer.concat(blocks).toString('base64')
}

/** Builds a tree and runs scripts of package.json on what was built. */
async function onBuild<const S extends readonly string[]>(
  files: Files,
  ...scripts: S
): Promise<{ [K in keyof S]: Answer }> {
  const texts = { LICENSE: 'Apache-2.0\n', 'README.md': '# perdure\n' }
  const tree = plant({ ...clean, ...texts, ...files })
  const built = await tree.npm('build')
  expect(built.status, built.output).to.equal(0)
  const answers = []
  for (const script of scripts) answers.push(await tree.npm(script))
  tree.remove()
  return answers as { [K in keyof S]: Answer }
}

function withDoor(name: string, file: string): string {
  const path = join(import.meta.dirname, '../../package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { exports: object }
  return JSON.stringify({ ...manifest, exports: { ...manifest.exports, [name]: file } })
}
