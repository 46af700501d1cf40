import { cases } from './cases.ts'
import { driveByClient } from './drive-by-client.ts'
import { normal } from './normal.ts'
import { Stage } from './stage.ts'
import { writeFileSync } from 'node:fs'
const stage = new Stage()
await stage.open()
const out: any = {}
for (const one of cases) {
  if (process.argv[2] && !process.argv[2].split(',').includes(one.program)) continue
  if (one.program === 'endless' || one.program==='crashing') continue
  const a = normal((await driveByClient(stage, 'official', one)).events, 'official')
  const b = normal((await driveByClient(stage, 'perdure', one)).events, 'perdure')
  const la = a.map((e) => JSON.stringify(e)), lb = b.map((e) => JSON.stringify(e))
  writeFileSync('/tmp/a.txt', la.join('\n') + '\n'); writeFileSync('/tmp/b.txt', lb.join('\n') + '\n')
  const { spawnSync } = await import('node:child_process')
  const d = spawnSync('diff', ['/tmp/a.txt', '/tmp/b.txt']).stdout.toString()
  console.log('##', one.program, one.host ?? '', d === '' ? 'EQUAL' : '\n' + d.split('\n').map((l: string) => l.slice(0, 420)).join('\n'))
}
await stage.close()
process.exit(0)
