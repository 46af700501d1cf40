import { createHash } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Ends the process, but not a second time for the same execution. */
export function crashOnce(executionArn: string): void {
  const hash = createHash('sha256').update(executionArn).digest('hex').slice(0, 16)
  const mark = join(tmpdir(), `perdure-fidelity-${hash}`)
  if (existsSync(mark)) return rmSync(mark)
  writeFileSync(mark, '')
  process.exit(1)
}

/** Long enough for the start of a step to be on record, so that its body is what the crash cuts off. */
export function untilStarted(): Promise<void> {
  return sleep(500)
}
