import { expect } from 'chai'
import { clean } from './clean.ts'
import { plant, type Answer } from './tree.ts'

interface Plant {
  /** The promise of tsconfig.json that is broken. */
  readonly promise: string
  readonly code: string
  readonly file: string
  readonly source: string
}

const inLib = (promise: string, code: string, source: string): Plant => ({
  promise,
  code,
  file: `lib/driver/${promise.replaceAll(' ', '-')}.ts`,
  source,
})

const plants: readonly Plant[] = [
  inLib('strict', 'TS2322', 'export const text: string = null\n'),
  inLib('indices are checked', 'TS2322', 'export const first = (l: string[]): string => l[0]\n'),
  inLib(
    'optional is exact',
    'TS2375',
    'export const absent: { value?: string } = { value: undefined }\n',
  ),
  inLib(
    'override is said',
    'TS4114',
    `export class Failure extends Error {\n  toString() {\n    return ''\n  }\n}\n`,
  ),
  inLib(
    'cases do not fall through',
    'TS7029',
    'export function f(n: number) {\n  switch (n) {\n    case 1:\n      n++\n    case 2:\n      return n\n  }\n  return 0\n}\n',
  ),
  inLib('locals are used', 'TS6133', 'export {}\nconst unused = 1\n'),
  inLib('parameters are used', 'TS6133', 'export const f = (unused: number) => 1\n'),
  inLib(
    'types are imported as types',
    'TS1484',
    `import { Checkpoint } from '../checkpoint/port.ts'\nexport type C = Checkpoint\n`,
  ),
  inLib('types can be erased', 'TS1294', 'export enum Kind {\n  Step,\n}\n'),
  inLib('extensions are written', 'TS2835', `export * from './drive'\n`),
  inLib('no browser globals', 'TS2584', 'export const title = document.title\n'),
  {
    promise: 'type specs are judged',
    code: 'TS2344',
    file: 'spec/types/wrong.ts',
    source: `import { expectTypeOf } from 'expect-type'\n\nexpectTypeOf(1 as number).toEqualTypeOf<string>()\n`,
  },
  {
    promise: 'samples are judged',
    code: 'TS2305',
    file: 'samples/wrong.ts',
    source: `export { nothing } from 'perdure'\n`,
  },
]

describe('types', function () {
  this.timeout(120_000)
  let onClean: Answer
  let onPlanted: Answer

  before(async () => {
    const tree = plant(clean)
    const broken = plant({
      ...clean,
      ...Object.fromEntries(plants.map(({ file, source }) => [file, source])),
    })
    ;[onClean, onPlanted] = await Promise.all([tree.npm('types'), broken.npm('types')])
    tree.remove()
    broken.remove()
  })

  it('let a clean tree pass', () => {
    expect(onClean).to.include({ output: '', status: 0 })
  })

  for (const { promise, code, file } of plants) {
    it(`report ${code}: ${promise}`, () => {
      expect(errorsIn(onPlanted.output)).to.include(`${file} ${code}`)
    })
  }

  it('report nothing else, and fail', () => {
    expect(errorsIn(onPlanted.output)).to.have.length(plants.length)
    expect(onPlanted.status).to.equal(2)
  })
})

function errorsIn(output: string): string[] {
  return [...output.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(
    ([, file = '', code = '']) => `${file} ${code}`,
  )
}
