import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'

import { parseRequirement, type Requirement } from './requirement.ts'

/**
 * Every requirement in `place`: a folder of suites, one suite, or one file. A suite is the folder that
 * a file lies in; where `suites` are named, only their requirements are read.
 */
export function readRequirements(place: string, suites: readonly string[] = []): Requirement[] {
  const files = requirementFiles(resolve(place))
  const found = [...new Set(files.map(suiteOf))].sort()
  const missing = suites.filter((suite) => !found.includes(suite))
  if (missing.length > 0) {
    throw new Error(
      `There is no suite ${missing.map(quoted).join(', ')} in ${place}. It holds: ${found.join(', ')}.`,
    )
  }
  return files
    .filter((file) => suites.length === 0 || suites.includes(suiteOf(file)))
    .map((file) => {
      const source = { id: basename(file, extname(file)), suite: suiteOf(file), file }
      return parseRequirement(readFileSync(file, 'utf8'), source)
    })
    .sort((one, other) => bySuite(one, other) || byId(one.id, other.id))
}

/** Numbers within ids count as numbers: 1-2 stands before 1-11. */
function byId(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

function bySuite(one: Requirement, other: Requirement): number {
  return (
    byId(one.id.replace(/-.*/, ''), other.id.replace(/-.*/, '')) || byId(one.suite, other.suite)
  )
}

function requirementFiles(place: string): string[] {
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats === undefined) throw new Error(`There is no file or folder ${place}.`)
  const files = stats.isDirectory() ? yamlFilesBelow(place) : [place]
  if (files.length === 0) throw new Error(`There are no requirement files (*.yaml) below ${place}.`)
  return files
}

function yamlFilesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return yamlFilesBelow(path)
    return /\.ya?ml$/.test(entry.name) ? [path] : []
  })
}

function suiteOf(file: string): string {
  return basename(dirname(file))
}

function quoted(text: string): string {
  return `"${text}"`
}
