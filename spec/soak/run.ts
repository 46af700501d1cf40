import { parseArgs } from 'node:util'
import { removeTemporaryFiles, temporaryFile } from '../support/temporary-file.ts'
import { soak } from './soak.ts'

// `npm run soak -- --kills 200 --seed 1`: kills the local service under load; ends with exit code 1 if
// anything was lost or done twice.

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    load: { type: 'string', default: '50' },
    keep: { type: 'boolean', default: false },
  },
})
const store = temporaryFile()
console.error(`seed ${values.seed}, store ${store}`)
const { breaches, ...report } = await soak({
  seed: Number(values.seed),
  kills: Number(values.kills),
  load: Number(values.load),
  store,
  tell: (text) => console.error(text),
})
console.log(JSON.stringify(report, undefined, 2))
console.log(breaches.length === 0 ? 'no breach' : `${breaches.length} breaches`)
for (const breach of breaches.slice(0, 50)) console.log(`- ${breach}`)
if (!values.keep && breaches.length === 0) removeTemporaryFiles()
process.exitCode = breaches.length === 0 ? 0 : 1
