import { cases } from './cases.ts'
import { driveByClient } from './drive-by-client.ts'
import { check } from './outcome.ts'
import { Stage, type Sdk } from './stage.ts'
const stage = new Stage()
await stage.open()
for (const sdk of (process.argv[2] ?? 'official,perdure').split(',') as Sdk[])
for (const one of cases) {
  if (process.argv[3] && !process.argv[3].split(',').includes(one.program)) continue
  const t = Date.now()
  try {
    const o = await Promise.race([driveByClient(stage, sdk, one), new Promise<never>((_, r) => setTimeout(() => r(new Error('gave up')), 20000))])
    let verdict = 'ok'
    try { check(o, one.ends) } catch (e) { verdict = (e as Error).message.slice(0, 300).replaceAll('\n', ' ') }
    console.log(sdk, one.program, one.host ?? '', Date.now() - t, verdict)
    if (process.argv[4]) console.log(JSON.stringify(o.events.map((e: any) => { const {EventTimestamp, EventId, ...r} = e; return r }), null, 1).slice(0, 6000))
  } catch (e) { console.log(sdk, one.program, 'THREW', String(e).slice(0, 400), stage.said().slice(-3)) }
}
await stage.close()
process.exit(0)
