import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** A fenced block of a page. */
export interface Block {
  readonly language: string
  /** What else stands behind the fence: `continued`, `run`. */
  readonly marks: readonly string[]
  readonly text: string
  /** Of its first line, counted from 1. */
  readonly line: number
}

export interface Page {
  /** From the root: `docs/errors.md`. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
  /** Modules that the page's code imports and no reader needs to see: `<!-- file shop.ts … -->`. */
  readonly files: Readonly<Record<string, string>>
}

const paths = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** README.md and all that lies in docs. */
export const pages: readonly Page[] = paths.map((path) => {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, blocks: blocksOf(text), files: filesOf(text) }
})

/** Throws where there is no page of that path. */
export function page(path: string): Page {
  const found = pages.find((one) => one.path === path)
  if (!found) throw new Error(`There is no page ${path}.`)
  return found
}

/** The text of a page without its code, so that what looks like a link is one. */
export function prose({ text }: Page): string {
  return text.replace(/^```.*?^```$/gms, '').replace(/<!--.*?-->/gs, '')
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map((match) => {
    const [, info = '', body = ''] = match
    const [language = '', ...marks] = info.split(' ')
    const line = text.slice(0, match.index).split('\n').length + 1
    return { language, marks, text: body, line }
  })
}

function filesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/<!-- file (\S+)\n(.*?)-->/gs)]
  return Object.fromEntries(found.map(([, name = '', body = '']) => [name, body]))
}
