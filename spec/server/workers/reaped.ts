// A process to be killed: it starts others in groups of their own, tells its reaper of them, and says
// their ids, the reaper's first.

import { spawn } from 'node:child_process'
import { Reaper } from '../../../lib/server/workers/reaper.ts'

const reaper = new Reaper()
const pids = [reaper.start()]
for (let started = 0; started < 3; started += 1) {
  const child = spawn(process.execPath, ['--eval', 'for (;;) {}'], {
    detached: true,
    stdio: 'ignore',
  })
  if (child.pid !== undefined) reaper.watch(child.pid)
  pids.push(child.pid)
}
process.stdout.write(JSON.stringify(pids))
process.stdin.resume() // stays
