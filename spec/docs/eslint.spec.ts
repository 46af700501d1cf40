import { expect } from 'chai'
import { Linter } from 'eslint'
import { plugin, recommended } from 'perdure/eslint'
import tseslint from 'typescript-eslint'
import { page, pages, type Block } from './pages.ts'

// The page shows bad code as `js bad`, and good code as `ts`, which is compiled as well.

const rules = Object.keys(plugin.rules)
const parser = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }
const { text, blocks } = page('docs/eslint.md')
const sections = text.split(/^## /m).slice(1)

/** The rules that have something to say, in the order of the text. */
function toldOf(code: string, filename: string): string[] {
  const messages = new Linter().verify(code, [parser, ...recommended] as Linter.Config[], filename)
  return messages.map(({ ruleId, message }) => ruleId ?? message)
}

function blocksIn(section: string, fits: (block: Block) => boolean): Block[] {
  return blocks.filter((block) => section.includes(block.text) && fits(block))
}

describe('the docs of the lint rules', () => {
  it('have a section for each', () => {
    const headings = sections.map((section) => section.slice(0, section.indexOf('\n')))

    expect(headings).to.deep.equal(['What is workflow code', ...headings.slice(1)])
    expect(headings.slice(1)).to.have.members(rules)
  })

  for (const rule of rules) {
    const section = sections.find((one) => one.startsWith(`${rule}\n`)) ?? ''
    const bad = blocksIn(section, ({ marks }) => marks.includes('bad'))
    const good = blocksIn(section, ({ language }) => language === 'ts')

    it(`show code of which ${rule} tells, and no other rule`, () => {
      expect(bad).to.have.length(1)
      const told = toldOf(bad[0]?.text ?? '', 'bad.js')
      expect(new Set(told)).to.deep.equal(new Set([`perdure/${rule}`]))
    })

    it(`show code that ${rule} asks for`, () => {
      expect(good).to.have.length(1)
      expect(toldOf(good[0]?.text ?? '', 'good.ts')).to.deep.equal([])
    })
  }
})

describe('the recommended rules on the code in the docs', () => {
  it('tell only of the mistake that is shown on purpose', () => {
    const told = pages.flatMap(({ path, blocks: all }) =>
      modulesOf(all).flatMap((code) => toldOf(code, 'docs.ts').map((rule) => [path, rule])),
    )

    expect(told).to.deep.equal([['docs/operations.md', 'perdure/no-unyielded-operation']])
  })
})

/** TypeScript blocks, those marked `continued` together with what they continue. */
function modulesOf(all: readonly Block[]): string[] {
  const found: string[] = []
  for (const { language, marks, text: code } of all) {
    if (language !== 'ts') continue
    const before = marks.includes('continued') ? (found.pop() ?? '') : ''
    found.push(before + code)
  }
  return found
}
