import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing'
import { examine } from '../conformance/conformance.ts'
import { operationSuites, requirementsPlace } from '../conformance/given-files.ts'
import { httpStage } from '../conformance/http-stage.ts'
import { loadHandlers } from '../conformance/load-handlers.ts'
import { ProcessHouses } from '../conformance/process-houses.ts'
import { readRequirements } from '../conformance/read-requirements.ts'
import { cases, type Case } from './cases.ts'
import { compare, differences } from './differences.ts'
import { driveByClient } from './drive-by-client.ts'
import { driveByLocalRunner, forbidden } from './drive-by-local-runner.ts'
import { driveByRunner } from './drive-by-runner.ts'
import { normal, type NormalEvent } from './normal.ts'
import { check, checkOrder, type Outcome } from './outcome.ts'
import { Stage } from './stage.ts'

// What the local service owes to others: the official SDK and its kit work on it as they are, and
// perdure leaves the same histories as they do.

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
})

const patienceMilliseconds = 30_000
const expectedFile = new URL('./histories.json', import.meta.url)
const expected = JSON.parse(readFileSync(expectedFile, 'utf8')) as Record<string, string[]>

interface Row {
  readonly program: string
  readonly driver: string
  readonly outcome: string
  readonly isPassed: boolean
}

const rows: Row[] = []
// As it is before a runner replaces it.
const startTimer = setTimeout
const chosen = cases.filter((one) => !options.only || options.only.split(',').includes(one.program))

const stage = new Stage()
await stage.open()
try {
  for (const one of chosen) await playOnService(one)
} finally {
  await stage.close()
}
if (!options.only) await playRequirements()
await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true })
for (const one of chosen) {
  if (keyOf(one) in forbidden) continue
  await row(keyOf(one), 'perdure, LocalDurableTestRunner', async () => {
    check(await driveByLocalRunner(one), one.perdure ?? one.ends)
  })
}
await LocalDurableTestRunner.teardownTestEnvironment()
if (options.write) {
  writeFileSync(expectedFile, `${JSON.stringify(expected, undefined, 2)}\n`)
}
report()

async function playOnService(one: Case): Promise<void> {
  let official: NormalEvent[] | undefined
  await row(keyOf(one), 'official, AWS client', async () => {
    official = checked(await driveByClient(stage, 'official', one), one)
  })
  await row(keyOf(one), 'official, CloudDurableTestRunner', async () => {
    checked(await driveByRunner(stage, 'official', one), one)
  })
  await row(keyOf(one), 'perdure beside official', async () => {
    const outcome = await driveByClient(stage, 'perdure', one)
    check(outcome, one.perdure ?? one.ends)
    checkOrder(outcome, stage.span)
    if (!official) throw new Error('There is no official history to compare with.')
    const allowed = compare(keyOf(one), official, normal(outcome.events, 'perdure'))
    return allowed.length === 0 ? 'equal' : `equal but for ${allowed.length} allowed`
  })
}

/** Every requirement that lies beside the project, its handlers in processes of the local service. */
async function playRequirements(): Promise<void> {
  if (!existsSync(requirementsPlace)) {
    console.log(`There are no requirement files in ${requirementsPlace}: they are skipped.`)
    return
  }
  const handlers = await loadHandlers(
    fileURLToPath(new URL('../conformance/handlers', import.meta.url)),
  )
  const houses = new ProcessHouses()
  try {
    for (const requirement of readRequirements(requirementsPlace, operationSuites)) {
      const handler = handlers.get(requirement.id)
      await row(`${requirement.suite} ${requirement.id}`, 'perdure, conformance', async () => {
        const { outcome, difference } = await examine(requirement, handler, httpStage(houses.open))
        strictEqual(outcome, 'PASSED', difference)
      })
    }
  } finally {
    await houses.close()
  }
}

/** The history of one that has ended as it must, with the events that must be in it. */
function checked(outcome: Outcome, one: Case): NormalEvent[] {
  check(outcome, one.ends)
  checkOrder(outcome, stage.span)
  const events = normal(outcome.events, 'official')
  const told = events.map(({ type, name = '' }) => `${type} ${name}`.trim())
  if (options.write) expected[keyOf(one)] = told
  deepStrictEqual(told, expected[keyOf(one)], 'the events of the history')
  return events
}

async function row(program: string, driver: string, play: () => Promise<unknown>): Promise<void> {
  try {
    const said = await patiently(play())
    const outcome = typeof said === 'string' ? said : 'as it must be'
    rows.push({ program, driver, outcome, isPassed: true })
  } catch (error) {
    const said = stage.said().slice(-5).join('\n')
    const outcome = `FAILED: ${error instanceof Error ? error.message : String(error)}\n${said}`
    rows.push({ program, driver, outcome: outcome.trimEnd(), isPassed: false })
  }
}

function patiently<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(() => {
      reject(new Error(`Nothing has come of it for ${patienceMilliseconds / 1000} seconds.`))
    }, patienceMilliseconds)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function keyOf({ program, host }: Case): string {
  return host === undefined ? program : `${program} ${host}`
}

function report(): never {
  const known = new Set(cases.map(keyOf))
  const named = [...differences.flatMap(({ programs }) => programs), ...Object.keys(forbidden)]
  for (const program of named.filter((one) => !known.has(one))) {
    rows.push({ program, driver: 'none', outcome: 'FAILED: no such program', isPassed: false })
  }
  for (const { program, driver, outcome } of rows) {
    console.log(`${program.padEnd(28)} ${driver.padEnd(34)} ${outcome}`)
  }
  console.log('\nDifferences that are allowed:')
  for (const { what, reason, programs } of differences) {
    console.log(`- ${what}: ${reason} (${programs.length} programs)`)
  }
  console.log('\nNot for LocalDurableTestRunner:')
  for (const [program, reason] of Object.entries(forbidden)) console.log(`- ${program}: ${reason}`)
  const failed = rows.filter(({ isPassed }) => !isPassed).length
  console.log(`\n${rows.length - failed} passed, ${failed} failed`)
  process.exit(failed === 0 && rows.length > 0 ? 0 : 1)
}
