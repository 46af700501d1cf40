import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Bytes that the process and its children hold in memory, by process id. */
export type Readings = ReadonlyMap<number, number>

/** Reads what the given process groups hold. On Linux from `/proc`, elsewhere by `ps`. */
export function readMemory(leaders: readonly number[]): Promise<Readings> {
  if (process.platform === 'linux') {
    return Promise.resolve(new Map(leaders.map((leader) => [leader, residentBytes(leader)])))
  }
  if (process.platform === 'win32') return Promise.resolve(new Map())
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pgid=,rss='], (error, output) => {
      resolve(error ? new Map() : byGroup(output, new Set(leaders)))
    })
  })
}

/** What one process and those that it started hold; 0 when it is gone, or not on Linux. */
export function residentBytes(pid: number): number {
  const [, pages = 0] = read(`/proc/${pid}/statm`).split(' ').map(Number)
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)
  return children.reduce((sum, child) => sum + residentBytes(Number(child)), pages * pageBytes)
}

/** Of the usual Linux; where pages are larger, limits are only more generous. */
const pageBytes = 4096

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function byGroup(output: string, leaders: ReadonlySet<number>): Readings {
  const sums = new Map<number, number>()
  for (const line of output.split('\n')) {
    const [group = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number)
    if (leaders.has(group)) sums.set(group, (sums.get(group) ?? 0) + kilobytes * 1024)
  }
  return sums
}
