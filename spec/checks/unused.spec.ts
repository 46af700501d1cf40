import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { clean } from './clean.ts'
import { plant, type Answer } from './tree.ts'

type Manifest = Record<'dependencies' | 'devDependencies', Record<string, string>>

/** What the small tree has no use for; all else that package.json names, it must. */
const beyondTheTree = ['fast-check', 'sinon', '@types/sinon', 'yaml']

function manifest(more: Partial<Manifest> = {}): string {
  const path = join(import.meta.dirname, '../../package.json')
  const whole = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  const devDependencies = Object.entries(whole.devDependencies).filter(
    ([name]) => !beyondTheTree.includes(name),
  )
  return JSON.stringify({
    ...whole,
    dependencies: { ...whole.dependencies, ...more.dependencies },
    devDependencies: { ...Object.fromEntries(devDependencies), ...more.devDependencies },
  })
}

const plants = {
  'package.json': manifest({ dependencies: { ms: '*' }, devDependencies: { semver: '*' } }),
  'lib/driver/alone.ts': 'export const alone = 1\n',
  'spec/support/alone.ts': 'export const alone = 1\n',
  'lib/kernel/random.ts': `${clean['lib/kernel/random.ts']}
export const unused = 1

export type Unused = number
`,
  'samples/unlisted.ts': `export { transform } from 'esbuild'\n`,
}

describe('unused code', function () {
  this.timeout(120_000)
  let onClean: Answer
  let onPlanted: Answer

  before(async () => {
    const tree = plant({ ...clean, 'package.json': manifest() })
    const broken = plant({ ...clean, ...plants })
    ;[onClean, onPlanted] = await Promise.all([
      tree.npm('unused'),
      broken.npm('unused', '--reporter', 'json'),
    ])
    tree.remove()
    broken.remove()
  })

  it('is not found in a clean tree', () => {
    expect(onClean).to.include({ output: '', status: 0 })
  })

  it('is reported by file, export, type and dependency, and fails', () => {
    expect(issuesIn(onPlanted.output)).to.have.members([
      'files lib/driver/alone.ts',
      'files spec/support/alone.ts',
      'exports unused',
      'types Unused',
      'dependencies ms',
      'devDependencies semver',
      'unlisted esbuild',
    ])
    expect(onPlanted.status).to.equal(1)
  })
})

/** Every issue as its kind and its name. */
function issuesIn(json: string): string[] {
  const { issues } = JSON.parse(json) as { issues: Record<string, unknown>[] }
  return issues.flatMap((issue) =>
    Object.entries(issue).flatMap(([kind, found]) =>
      Array.isArray(found) ? found.map(({ name }: { name: string }) => `${kind} ${name}`) : [],
    ),
  )
}
