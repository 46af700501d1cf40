import { readFileSync, statSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'

/**
 * The files that a module is made of: itself, and what it imports by relative paths, and what those
 * do. Read from the text, so that a module that does not even parse has its files; packages are left
 * out, and so is a path that is only known when the code runs.
 */
export function filesOf(module: string): Set<string> {
  const files = new Set<string>()
  const unread = [module]
  for (let file = unread.pop(); file !== undefined; file = unread.pop()) {
    if (files.has(file)) continue
    files.add(file)
    for (const [, , path = ''] of textOf(file).matchAll(relativeImport)) {
      const found = resolve(join(dirname(file), path))
      if (found !== undefined) unread.push(found)
    }
  }
  return files
}

/** What code is written in, or reads as it is loaded. */
export const sourceExtensions = [
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
  '.json',
]

const relativeImport = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g

/** A path may say `.js` where the file is `.ts`, leave the extension out, or name a folder. */
function resolve(path: string): string | undefined {
  const bare = path.slice(0, path.length - extname(path).length)
  const candidates = [
    path,
    ...sourceExtensions.map((extension) => bare + extension),
    ...sourceExtensions.map((extension) => path + extension),
    ...sourceExtensions.map((extension) => join(path, `index${extension}`)),
  ]
  return candidates.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile())
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
