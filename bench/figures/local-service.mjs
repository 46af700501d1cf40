// @ts-check
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The local service in a process of its own, on a file, driven over HTTP: what an execution and a
 * durably acknowledged checkpoint take, and what it is to hold many executions that wait.
 * @param {import('../bench.mjs').Field} field
 * @returns {Promise<import('../table.mjs').Figure[]>}
 */
export async function localServiceFigures({ quick }) {
  const executions = quick ? 200 : 1000
  const calls = quick ? 200 : 1000
  const sizes = quick ? [100, 1000] : [100, 1000, 10_000]
  const figures = await withService(async (service) => {
    await manyTimes(64, 16, () => service.run('oneStep', {}))
    const took = await timeOf(() => manyTimes(executions, 16, () => service.run('oneStep', {})))
    const alone = await service.run('checkpoints', { calls })
    const eight = await Promise.all(
      Array.from({ length: 8 }, () => service.run('checkpoints', { calls: calls / 2 })),
    )
    const slowest = Math.max(...eight.map(({ ms }) => ms))
    return [
      figure('local: an execution of one step, 8 processes', 'ms', took / executions),
      figure('local: a durable checkpoint call, 1 connection', 'ms', alone.ms / calls),
      figure('  8 connections', 'ms', slowest / (4 * calls)),
    ]
  })
  for (const size of sizes) figures.push(...(await held(size)))
  return figures
}

/** @param {number} size */
function held(size) {
  return withService(async (service) => {
    await service.run('oneStep', {})
    const before = await service.memory()
    // All are asleep before the first of them is due.
    const until = Date.now() + 10_000 + size * 8
    const started = await timeOf(() =>
      manyTimes(size, 16, () => service.start('sleeper', { until })),
    )
    await eventually(() => service.isIdle('sleeper', size))
    const after = await service.memory()
    if (until - Date.now() < 3000) throw new Error(`Not all of ${size} were asleep in time.`)
    const lone = await service.run('sleeper', { until: Date.now() + 1000 })
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - Date.now())))
    const woken = await timeOf(() => eventually(() => service.isIdle('sleeper', 0)))
    const late = (await service.results('sleeper')).map((one) => one.late).sort((a, b) => a - b)
    return [
      figure(`local: ${size} asleep, a start`, 'ms', started / size),
      figure(
        '  heap of the server for each',
        'kB',
        (after.heapUsed - before.heapUsed) / size / 1000,
      ),
      figure('  resident memory of the server', 'MiB', after.rss / 2 ** 20),
      figure('  woken alone, too late by', 'ms', lone.late),
      figure('  woken all together, each', 'ms', woken / size),
      figure('  too late by, the median', 'ms', late[late.length >> 1] ?? NaN),
      figure('  too late by, 99 of 100 at most', 'ms', late[Math.floor(late.length * 0.99)] ?? NaN),
    ]
  })
}

/** @param {string} name @param {import('../table.mjs').Unit} unit @param {number} perdure */
function figure(name, unit, perdure) {
  return { name, unit, perdure, official: undefined, floor: undefined, goal: undefined }
}

/**
 * @template T
 * @param {(service: Service) => Promise<T>} use
 */
async function withService(use) {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-bench-'))
  const program = fileURLToPath(new URL('../local/server.mjs', import.meta.url))
  const child = fork(program, [join(folder, 'store.db')], { execArgv: ['--expose-gc'] })
  try {
    const [{ url }] = await once(child, 'message')
    return await use(new Service(url, child))
  } finally {
    child.send('close')
    await once(child, 'exit')
    await rm(folder, { recursive: true })
  }
}

class Service {
  #url
  #child
  #agent = new Agent({ keepAlive: true })

  /** @param {string} url @param {import('node:child_process').ChildProcess} child */
  constructor(url, child) {
    this.#url = url
    this.#child = child
  }

  /** @returns {Promise<{ rss: number, heapUsed: number }>} */
  async memory() {
    this.#child.send('memory')
    const [answer] = await once(this.#child, 'message')
    return answer
  }

  /** Runs an execution to its end. @param {string} name @param {object} input @returns {Promise<any>} */
  run(name, input) {
    return this.#invoke(name, input, 'RequestResponse')
  }

  /** @param {string} name @param {object} input */
  start(name, input) {
    return this.#invoke(name, input, 'Event')
  }

  /** Whether so many are running, and all of them are asleep. @param {string} name @param {number} size */
  async isIdle(name, size) {
    const { processes } = await this.#call('GET', '/_perdure/processes')
    const isBusy = processes.some((/** @type {any} */ one) => one.requestId !== undefined)
    return !isBusy && (await this.#count(name, 'RUNNING')) === size
  }

  /** @param {string} name */
  async results(name) {
    const all = []
    for (const { DurableExecutionArn } of await this.#list(name, 'SUCCEEDED')) {
      const path = `/2025-12-01/durable-executions/${encodeURIComponent(DurableExecutionArn)}`
      all.push(JSON.parse((await this.#call('GET', path)).Result))
    }
    return all
  }

  /** @param {string} name @param {string} status */
  async #count(name, status) {
    return (await this.#list(name, status)).length
  }

  /** @param {string} name @param {string} status @returns {Promise<any[]>} */
  async #list(name, status) {
    const path = `/2025-12-01/functions/${name}/durable-executions?Statuses=${status}&MaxItems=1000`
    const all = []
    let marker = ''
    do {
      const page = await this.#call('GET', `${path}${marker && `&Marker=${marker}`}`)
      all.push(...page.DurableExecutions)
      marker = encodeURIComponent(page.NextMarker ?? '')
    } while (marker)
    return all
  }

  /** @param {string} name @param {object} input @param {string} type */
  #invoke(name, input, type) {
    const path = `/2015-03-31/functions/${name}/invocations?Qualifier=%24LATEST`
    return this.#call('POST', path, JSON.stringify(input), { 'X-Amz-Invocation-Type': type })
  }

  /** @param {string} method @param {string} path @param {string} [body] @param {object} [headers] */
  #call(method, path, body = '', headers = {}) {
    return /** @type {Promise<any>} */ (
      new Promise((resolve, reject) => {
        const options = { agent: this.#agent, method, headers: { ...headers } }
        const sent = request(this.#url + path, options, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
          response.on('end', () => {
            const isFine = (response.statusCode ?? 500) < 300
            const failed = response.headers['x-amz-function-error']
            if (isFine && failed === undefined) resolve(text === '' ? undefined : JSON.parse(text))
            else reject(new Error(`${method} ${path}: ${text}`))
          })
        })
        sent.on('error', reject)
        sent.end(body)
      })
    )
  }
}

/** Does `work` so many times, at most `width` at once. @param {number} times @param {number} width @param {() => Promise<unknown>} work */
async function manyTimes(times, width, work) {
  let left = times
  const strand = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: width }, strand))
}

/** @param {() => Promise<unknown>} work */
async function timeOf(work) {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** @param {() => Promise<boolean>} holds */
async function eventually(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100))
}
