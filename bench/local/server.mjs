// @ts-check
import { fileURLToPath } from 'node:url'
import { startLocal } from '../../dist/local.js'

// The process of the local service while it is measured: `server.mjs STORE`. It says where it is, and
// how much it holds in memory when it is asked.

const file = fileURLToPath(new URL('functions.mjs', import.meta.url))
/** @param {string} name */
const hosted = (name) => ({ handler: `${file}#${name}`, durable: true, concurrency: 8 })

const local = await startLocal({
  store: process.argv[2],
  functions: {
    oneStep: hosted('oneStep'),
    checkpoints: hosted('checkpoints'),
    sleeper: hosted('sleeper'),
  },
})
process.on('message', async (word) => {
  if (word === 'memory') {
    globalThis.gc?.()
    const { rss, heapUsed } = process.memoryUsage()
    process.send?.({ rss, heapUsed, cpu: process.cpuUsage() })
  } else {
    await local.close()
    process.disconnect()
  }
})
process.send?.({ url: local.url })
