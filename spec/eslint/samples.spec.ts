import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ESLint } from 'eslint'
import { recommended } from 'perdure/eslint'
import tseslint from 'typescript-eslint'

const root = join(import.meta.dirname, '../..')
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
    ...recommended,
  ],
})

describe('the recommended rules on the samples', function () {
  this.timeout(30_000)

  it('have nothing to say', async () => {
    const results = await eslint.lintFiles('samples/*.ts')

    expect(results).to.have.length.above(9)
    expect(results.filter(({ messages }) => messages.length > 0)).to.deep.equal([])
  })

  it('find a mistake that is made in one', async () => {
    const sample = readFileSync(join(root, 'samples/hello.ts'), 'utf8')
    const broken = sample.replace('yield* now()', 'Date.now()').replace('yield* wait', 'wait')

    const [result] = await eslint.lintText(broken, { filePath: 'samples/hello.ts' })
    expect(result?.messages.map(({ ruleId, line }) => [ruleId, line])).to.deep.equal([
      ['perdure/no-unyielded-operation', 12],
      ['perdure/no-clock', 13],
    ])
  })
})
