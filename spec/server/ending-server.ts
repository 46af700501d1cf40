// A server to be ended: `ending-server.ts WAY STORE`. Closed, it has a call in flight, and a process that
// is just starting; left to itself, it starts executions until its disk is full.

import { fileURLToPath } from 'node:url'
import { startLocal } from '../../lib/local.ts'

const [, , way = '', store = ''] = process.argv
const file = fileURLToPath(new URL('ending-functions.mjs', import.meta.url))
const hasBegun = new Promise<void>((resolve) => {
  const onLog = ({ text }: { text: string }) => {
    if (text === 'begun') resolve()
  }
  void startLocal({
    store,
    functions: {
      endless: { handler: `${file}#endless`, durable: false },
      other: { handler: `${file}#endless`, durable: false },
      orders: { handler: `${file}#endless`, durable: true },
    },
    onLog,
  }).then(way === 'close' ? closeAtWork : fill)

  async function closeAtWork(local: Awaited<ReturnType<typeof startLocal>>): Promise<void> {
    invoke(local.url, 'endless').catch(() => process.stdout.write('cut off\n'))
    await hasBegun
    invoke(local.url, 'other').catch(() => process.stdout.write('cut off\n'))
    await local.close()
    process.stdout.write('closed\n')
  }
})

async function fill({ url }: { url: string }): Promise<void> {
  for (;;) await invoke(url, 'orders', JSON.stringify('x'.repeat(100_000)))
}

async function invoke(url: string, name: string, body = '{}'): Promise<void> {
  const type = name === 'orders' ? 'Event' : 'RequestResponse'
  await fetch(`${url}/2015-03-31/functions/${name}/invocations?Qualifier=$LATEST`, {
    method: 'POST',
    body,
    headers: { 'X-Amz-Invocation-Type': type },
  })
}
