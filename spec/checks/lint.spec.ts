import { relative } from 'node:path'
import { expect } from 'chai'
import { clean } from './clean.ts'
import { plant, type Answer } from './tree.ts'

interface Plant {
  readonly rule: string
  readonly file: string
  readonly source: string
}

const inLib = (rule: string, name: string, ...sources: string[]): Plant[] =>
  sources.map((source, index) => ({ rule, file: `lib/driver/${name}-${index}.ts`, source }))

const elsewhere = (rule: string, file: string, source: string): Plant => ({ rule, file, source })

const added = (rule: string, file: keyof typeof clean, source: string): Plant =>
  elsewhere(rule, file, clean[file] + source)

const plants: readonly Plant[] = [
  // Time, chance and the process around us enter by a port.
  ...inLib(
    'no-restricted-globals',
    'global',
    'setTimeout(() => 1, 1)\n',
    'setInterval(() => 1, 1)\n',
    'setImmediate(() => 1)\n',
    'export const at = performance.now()\n',
    'export const id = crypto.randomUUID()\n',
    `console.log('here')\n`,
  ),
  ...inLib(
    'no-restricted-properties',
    'property',
    'export const at = Date.now()\n',
    'export const at = process.hrtime()\n',
    'globalThis.setTimeout(() => 1, 1)\n',
    'export const drawn = Math.random()\n',
    'process.exit(1)\n',
  ),
  ...inLib(
    'no-restricted-syntax',
    'date',
    'export const at = new Date()\n',
    'export const at = Date()\n',
  ),
  ...inLib(
    'no-restricted-imports',
    'import',
    `export { setTimeout } from 'node:timers/promises'\n`,
    `export { randomBytes } from 'node:crypto'\n`,
  ),
  added('no-restricted-properties', 'lib/kernel/clock.ts', 'export const f = Math.random()\n'),
  added('no-restricted-properties', 'lib/kernel/random.ts', 'export const t = Date.now()\n'),
  elsewhere('no-restricted-properties', 'lib/cli/late.ts', 'export const t = Date.now()\n'),

  // What types can tell.
  elsewhere('@typescript-eslint/no-floating-promises', 'spec/floating.ts', 'Promise.resolve(1)\n'),
  elsewhere(
    '@typescript-eslint/no-misused-promises',
    'samples/misused.ts',
    `export const f = (run: () => Promise<void>) => {\n  process.on('exit', run)\n}\n`,
  ),
  ...inLib(
    '@typescript-eslint/await-thenable',
    'thenable',
    'export const f = async () => {\n  await 1\n}\n',
  ),
  ...inLib(
    '@typescript-eslint/switch-exhaustiveness-check',
    'switch',
    `export function f(kind: 'a' | 'b') {\n  switch (kind) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n`,
  ),
  ...inLib('@typescript-eslint/no-explicit-any', 'any', 'export type Loose = any\n'),
  ...inLib(
    '@typescript-eslint/no-unsafe-return',
    'unsafe',
    'export const f = (text: string): number => JSON.parse(text)\n',
  ),
  ...inLib(
    '@typescript-eslint/no-unnecessary-condition',
    'condition',
    'export const f = (value: string) => value ?? 1\n',
  ),
  ...inLib(
    '@typescript-eslint/no-invalid-void-type',
    'void',
    'export type Answer = string | void\n',
  ),
  ...inLib(
    '@typescript-eslint/no-confusing-void-expression',
    'sink',
    `export const f = (sink: () => void): unknown => {\n  const sunk = sink()\n  return [sunk]\n}\n`,
  ),
  ...inLib(
    '@typescript-eslint/restrict-template-expressions',
    'template',
    'export const f = (value: RegExp[]) => `${value}`\n',
  ),
  ...inLib(
    '@typescript-eslint/only-throw-error',
    'throw',
    `export const f = () => {\n  throw 'text'\n}\n`,
  ),
  ...inLib(
    '@typescript-eslint/consistent-type-imports',
    'type-import',
    `import { drive } from './drive.ts'\nexport type Drive = typeof drive\n`,
  ),
  ...inLib(
    '@typescript-eslint/no-unused-vars',
    'unused',
    'export const f = (value: number) => 1\n',
  ),

  // What perdure says of workflow code.
  elsewhere('perdure/no-clock', 'samples/clock.ts', 'export const at = () => Date.now()\n'),

  // Comments that silence nothing, and plain JavaScript.
  ...inLib('unused directive', 'directive', '// eslint-disable-next-line no-var\nexport {}\n'),
  elsewhere('no-undef', 'bench/run.mjs', 'missing()\n'),
  elsewhere('no-unused-vars', 'notes.js', 'const unused = 1\n'),
]

const allowed = {
  'lib/driver/allowed.ts': `export function* early() {
  return 1
}

export const rethrow = (error: unknown) => {
  throw error
}

export const reject = (error: unknown) => Promise.reject(error)

export const tell = (sink: (text: string) => void, text: string): void => {
  return sink(\`\${[...text].length} characters\`)
}

export const leaveOut = ({ dropped, ...rest }: { dropped: number; kept: number }) => rest

export const at = new Date(0)
`,
  'lib/testing/exit-trap.ts': `export const end = () => process.exit(1)
`,
  'lib/testing/virtual-clock.ts': `export const drain = (fire: () => void) => setImmediate(fire)
`,
}

describe('lint', function () {
  this.timeout(120_000)
  let onClean: Answer
  let onPlanted: Answer
  let found: ReadonlyMap<string, readonly string[]>

  before(async () => {
    const files = Object.fromEntries(plants.map(({ file, source }) => [file, source]))
    const tree = plant({ ...clean, ...allowed })
    const broken = plant({ ...clean, ...files })
    ;[onClean, onPlanted] = await Promise.all([
      tree.npm('lint'),
      broken.npm('lint', '--format', 'json'),
    ])
    found = rulesByFile(onPlanted.output, broken.path)
    tree.remove()
    broken.remove()
  })

  it('lets a clean tree pass', () => {
    expect(onClean).to.include({ output: '', status: 0 })
  })

  for (const { rule, file } of plants) {
    it(`reports ${rule} in ${file}`, () => {
      expect(found.get(file)).to.deep.equal([rule])
    })
  }

  it('reports nothing else, and fails', () => {
    expect([...found.keys()]).to.have.members(plants.map(({ file }) => file))
    expect(onPlanted.status).to.equal(1)
  })
})

function rulesByFile(json: string, root: string): Map<string, readonly string[]> {
  const results = JSON.parse(json) as {
    filePath: string
    messages: { ruleId: string | null; message: string }[]
  }[]
  return new Map(
    results
      .filter(({ messages }) => messages.length > 0)
      .map(({ filePath, messages }) => [
        relative(root, filePath),
        messages.map(({ ruleId, message }) =>
          message.startsWith('Unused eslint-disable') ? 'unused directive' : (ruleId ?? message),
        ),
      ]),
  )
}
