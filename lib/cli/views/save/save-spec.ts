import { posix } from 'node:path'
import { pagesOf, type Plain } from '../../../testing/history/pages.ts'
import { History } from '../../../testing/runner/history.ts'
import { UsageError } from '../../usage-error.ts'
import { attemptsOf } from '../attempts.ts'
import { detailsOf, eventsOf } from '../events.ts'
import { totalsOf } from '../totals.ts'
import { callbacksOf, compensationsOf, functionsOf, stepsOf, type Recorded } from './answers.ts'
import { parse, quoted, valueOf } from './literals.ts'
import { helpersFor } from './spec-helpers.ts'

export interface SaveOptions {
  /** Where the workflow, or its handler, is: `module#export`; `handler` where no export is named. */
  readonly subject: string
  /** The file that the spec is to be; paths with `/`, as the module of `subject` has. */
  readonly specFile: string
}

/** Two files: a mocha spec, and the history that it goes by. */
export interface SavedSpec {
  readonly specFile: string
  readonly specText: string
  readonly historyFile: string
  readonly historyText: string
  /** What the spec does not do again, and why. */
  readonly remarks: readonly string[]
}

/**
 * An execution as a mocha spec: it runs the workflow in the world that is on record, asks for the same
 * end, and verifies the history. `source` is what `readHistory` takes, of events, with data.
 */
export function saveSpec(source: unknown, { subject, specFile }: SaveOptions): SavedSpec {
  const { events, history, arn, shown } = read(source)
  const recorded: Recorded = { history, attempts: attemptsOf(events) }
  const began = events.find(({ EventType }) => EventType === 'ExecutionStarted')
  const input = began && detailsOf(began).Input?.Payload
  const name = /\/durable-execution\/([^/]+)\//.exec(arn ?? '')?.[1] ?? 'an execution'
  const historyFile = specFile.replace(/(\.spec)?\.[cm]?[jt]s$/, '') + '.history.json'
  const why = notRerun(recorded)
  const { line: importLine, name: local } = importOf(subject, specFile)
  const body = [
    ...(why === undefined ? rerun(recorded, local, input) : [`// ${why}`]),
    '',
    `it('is what the workflow still makes of its history', async () => {`,
    `  const { histories } = await verify(${local}, [history])`,
    '',
    `  assert.deepEqual(histories.map(({ verdict, notes }) => ({ verdict, notes })), [`,
    `    { verdict: 'identical', notes: [] },`,
    `  ])`,
    `})`,
  ]
  const suite = [
    `describe(${quoted(`the execution ${name}`)}, function () {`,
    `  this.timeout(60_000)`,
    ...body.map((line) => (line === '' ? '' : `  ${line}`)),
    `})`,
  ].join('\n')
  const helpers = helpersFor(suite)
  const specText = [
    `import assert from 'node:assert/strict'`,
    `import { readFileSync } from 'node:fs'`,
    ...(suite.includes('new PerdureError(') ? [`import { PerdureError } from 'perdure'`] : []),
    `import { ${suite.includes('await run(') ? 'run, ' : ''}verify } from 'perdure/testing'`,
    importLine,
    '',
    `// Saved by \`perdure save\` from the execution`,
    `// ${arn ?? 'of an unknown ARN'}.`,
    '',
    `const history: unknown = JSON.parse(`,
    `  readFileSync(new URL(${quoted(`./${posix.basename(historyFile)}`)}, import.meta.url), 'utf8'),`,
    `)`,
    '',
    suite,
    ...(helpers === '' ? [] : ['', helpers]),
    '',
  ].join('\n')
  return {
    specFile,
    specText,
    historyFile,
    historyText: `${JSON.stringify(shown, null, 2)}\n`,
    remarks: why === undefined ? [] : [why],
  }
}

function read(source: unknown) {
  const pages = pagesOf(source)
  const events = eventsOf(pages.flatMap((page) => (page.kind === 'events' ? page.events : [])))
  const history = new History()
  for (const event of events) history.add(event)
  if (totalsOf(events, history.operations).isDataLeftOut) {
    throw new UsageError(
      'The history came without its data, and a spec needs the answers: read it with execution data ' +
        '(`--include-execution-data`).',
    )
  }
  if (events[0]?.EventType !== 'ExecutionStarted') {
    throw new UsageError('The history does not begin with ExecutionStarted: read all its pages.')
  }
  const description = Object.assign(
    {},
    ...pages.map((page) => (page.kind === 'description' ? page.description : {})),
  ) as Plain
  const { DurableExecutionArn } = description
  const arn = typeof DurableExecutionArn === 'string' ? DurableExecutionArn : undefined
  const shown = { ...(arn === undefined ? {} : { DurableExecutionArn: arn }), Events: events }
  return { events, history, arn, shown }
}

/** Why a run cannot come to the recorded end, if it cannot. */
function notRerun({ history }: Recorded): string | undefined {
  if (history.end === undefined)
    return 'The execution was not over when it was saved: no run of it.'
  if (history.end.status === 'STOPPED') return 'It was stopped from outside: no run of it.'
  const foreign = history.operations.find(
    ({ type, status }) =>
      type === 'CHAINED_INVOKE' && (status === 'TIMED_OUT' || status === 'STOPPED'),
  )
  return (
    foreign &&
    `Invoke ${foreign.id} ${foreign.status === 'STOPPED' ? 'was stopped' : 'timed out'}, which a run cannot bring about: no run of it.`
  )
}

function rerun(recorded: Recorded, local: string, input: string | undefined): string[] {
  const { end } = recorded.history
  const timeout = end?.status === 'TIMED_OUT' ? timeoutOf(recorded.history) : undefined
  const members = [
    ...(input === undefined ? [] : [`input: ${valueOf(input)},`]),
    ...member('steps', stepsOf(recorded)),
    ...member('compensations', compensationsOf(recorded)),
    ...member('callbacks', callbacksOf(recorded)),
    ...member('functions', functionsOf(recorded)),
    ...(timeout === undefined ? [] : [`timeout: '${timeout}s',`]),
  ].flatMap((one) => one.split('\n'))
  const checks = asserted(recorded)
  const used = ['payload', 'errorRecord'].filter((one) => checks.some((line) => line.includes(one)))
  const options = members.length === 0 ? '' : `, {\n    ${members.join('\n    ')}\n  }`
  return [
    `it(${quoted(`ends as it did: ${end?.status ?? ''}`)}, async () => {`,
    ...`  const { ${['status', ...used].join(', ')} } = await run(${local}${options})`.split('\n'),
    '',
    `  assert.equal(status, ${quoted(end?.status ?? '')})`,
    ...checks.flatMap((one) => one.split('\n').map((line) => `  ${line}`)),
    `})`,
  ]
}

function asserted({ history: { end } }: Recorded): string[] {
  if (end?.status === 'SUCCEEDED') {
    const { result } = end
    if (result === undefined || result === '')
      return [`assert.equal(payload, ${result === undefined ? 'undefined' : "''"})`]
    return parse(result) === undefined
      ? [`assert.equal(payload, ${quoted(result)})`]
      : [`assert.deepEqual(JSON.parse(payload ?? ''), ${valueOf(result)})`]
  }
  if (end?.status !== 'FAILED') return []
  const { ErrorType: type, ErrorMessage: message } = end.error ?? {}
  return [
    ...(type === undefined ? [] : [`assert.equal(errorRecord?.ErrorType, ${quoted(type)})`]),
    ...(message === undefined
      ? []
      : [`assert.equal(errorRecord?.ErrorMessage, ${quoted(message)})`]),
  ]
}

function timeoutOf({ events }: History): number | undefined {
  return events[0] && detailsOf(events[0]).ExecutionTimeout
}

function member(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const inner = lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`)
  return [`${name}: {`, ...inner, '},']
}

const taken = new Set([
  'assert',
  'run',
  'verify',
  'history',
  'failure',
  'never',
  'throws',
  'byId',
  'inTurn',
  'asSent',
  'readFileSync',
  'PerdureError',
])

function importOf(subject: string, specFile: string): { line: string; name: string } {
  const [, file = subject, exported = 'handler'] = /^(.*)#([^#]+)$/.exec(subject) ?? []
  const from = quoted(moduleFrom(file, specFile))
  if (exported === 'default') return { line: `import subject from ${from}`, name: 'subject' }
  const isName = /^[A-Za-z_$][\w$]*$/.test(exported)
  if (isName && !taken.has(exported))
    return { line: `import { ${exported} } from ${from}`, name: exported }
  const foreign = isName ? exported : JSON.stringify(exported)
  return { line: `import { ${foreign} as subject } from ${from}`, name: 'subject' }
}

function moduleFrom(file: string, specFile: string): string {
  const path = posix.relative(posix.dirname(specFile), file)
  return path.startsWith('.') ? path : `./${path}`
}
