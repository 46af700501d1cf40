import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { pages, page, prose, root } from './pages.ts'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

for (const one of pages) {
  const text = prose(one)

  describe(`the page ${one.path}`, () => {
    it('links to files and headings that exist', () => {
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
      const broken = links.filter((link) => !link.startsWith('https://') && !leads(one.path, link))

      expect(broken).to.deep.equal([])
    })

    it('names files that exist', () => {
      const named = [...one.text.matchAll(/(?<![\w./])(?:samples|spec|lib|docs)\/[\w./-]*\w/g)]
      const missing = named.map(([name]) => name).filter((name) => !existsSync(join(root, name)))

      expect(missing).to.deep.equal([])
    })

    it('names npm scripts that exist', () => {
      const named = [...one.text.matchAll(/npm (?:run ([\w:]+)|(test|start)\b)/g)]
      const missing = named.map(([, run, own]) => run ?? own ?? '').filter((name) => !scripts[name])

      expect(missing).to.deep.equal([])
    })
  })
}

describe('the README', () => {
  it('has the two command lines that a newcomer types', () => {
    const lines = page('README.md').text.split('\n')

    expect(lines).to.include('npm ci && npm start')
    expect(lines).to.include('npm ci && npm test')
  })

  it('stays short', () => {
    expect(page('README.md').text.split('\n')).to.have.length.below(250)
  })
})

function leads(from: string, link: string): boolean {
  const [file = '', heading] = link.split('#')
  const path = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(root, path))) return false
  return heading === undefined || headings(path).includes(heading)
}

/** As GitHub names them: lower case, spaces as dashes, and of the rest letters and digits only. */
function headings(path: string): string[] {
  const found = [...prose(page(path)).matchAll(/^#+ (.*)$/gm)]
  return found.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
