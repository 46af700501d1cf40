import { flow, judge, told } from './judge.ts'

judge('no-io', {
  good: {
    'requests and files in the body of a step': `
import { readFile } from 'node:fs/promises'
import { step } from 'perdure'
function* flow() {
  yield* step('a', async () => fetch(await readFile('url')))
  yield* step('b', () => new Promise((resolve) => setTimeout(resolve, process.env.DELAY)))
}`,
    'modules that reach nowhere': `
import { join } from 'node:path'
import { STATUS_CODES } from 'node:http'
import { wait } from 'perdure'
function* flow() { yield* wait('1s'); return join('a', STATUS_CODES[404]) }`,
    'what was read before any workflow ran': `
import { wait } from 'perdure'
const { STAGE } = process.env
const region = process.env.REGION
function* flow() { yield* wait('1s'); return [STAGE, STAGE.length, region, region.at(0)] }`,
    'the id of a callback that is handed out in a step, logged, or made part of something': flow(`
const { id } = yield* createCallback()
const links = []
log.info(id)
links.push(id)
const link = order.link(id)
yield* step('send', () => send(link, id))`),
    'methods of that name of something else': flow(`
yield* wait('1s')
return [order.fetch(), log.setTimeout(), order.process.env.A]`),
  },
  bad: {
    'requests, files and processes': {
      code: `import * as fs from 'node:fs'
import { readFile as read } from 'fs/promises'
import { execSync } from 'node:child_process'
import axios from 'axios'
import { wait } from 'perdure'
const { request } = require('node:https')
const load = async () => fetch('https://example.com')
function* flow() {
  yield* wait('1s')
  fetch('https://example.com')
  fs.readFileSync('a')
  read('a')
  execSync('a')
  axios.get('a')
  request('a')
  new WebSocket('wss://example.com')
  load()
}`,
      says: told('io', 10, 11, 12, 13, 14, 15, 16, 17),
    },
    'the id of a callback that is handed out': {
      code: flow(`const { id } = yield* createCallback()
const other = yield* createCallback()
mail.send(order, id)
publish(other.id)`),
      says: told('callback', 5, 6),
    },
    timers: {
      code: `import { setTimeout as sleep } from 'node:timers/promises'
import { wait } from 'perdure'
function* flow() {
  yield* wait('1s')
  setTimeout(() => 1, 10)
  globalThis.setInterval(() => 1, 10)
  sleep(10)
  process.nextTick(() => 1)
}`,
      says: told('timer', 5, 6, 7, 8),
    },
    'the environment': {
      code: `import { env } from 'node:process'
import { wait } from 'perdure'
function* flow() {
  yield* wait('1s')
  const { STAGE } = process.env
  return [process.env.STAGE.length, process.env['A'], env.B, process.cwd(), STAGE]
}`,
      says: told('environment', 5, 6, 6, 6, 6),
    },
    'modules that the configuration names': {
      code: `import { database } from './database.js'
import { wait } from 'perdure'
function* flow() { yield* wait('1s'); database.query('a') }`,
      options: [{ modules: ['./database.js'] }],
      says: told('io', 3),
    },
  },
})
