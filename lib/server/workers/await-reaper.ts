import { readFileSync } from 'node:fs'
import { sleep, type Clock } from '../../kernel/clock.ts'
import { reaperName } from './reaper.ts'

const mostMilliseconds = 5000
const lookMilliseconds = 10

/**
 * Resolves when the reaper with this process id has done its work. Where the system does not tell
 * whether the id has been given to another process since, it gives up after a while.
 */
export async function awaitReaper(pid: number, clock: Clock): Promise<void> {
  const deadline = clock.now() + mostMilliseconds
  while (isAlive(pid) && clock.now() < deadline) await sleep(clock, lookMilliseconds)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || isReaper(pid)
}

function isReaper(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(reaperName)
  } catch {
    return false
  }
}
