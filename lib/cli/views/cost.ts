import { prices as published, type Prices } from './prices.ts'
import { columns, count, moment, span } from './text.ts'
import type { ExecutionView } from './view.ts'

export interface CostOptions {
  /** Those that differ from the published ones. */
  readonly prices?: Partial<Omit<Prices, 'date' | 'sources'>>
  readonly architecture?: keyof Prices['gbSecond']
  /** Of the function; 128 when left out. */
  readonly memoryMegabytes?: number
  /** How long an execution is kept; as its function says, or 14 when left out. */
  readonly retentionDays?: number
  /** Where it was counted; estimated from the history when left out. */
  readonly checkpointCalls?: number
}

export interface CostLine {
  readonly what: string
  /** Of one execution. */
  readonly quantity: number
  readonly unit: string
  /** Dollars for so many units as `per` says. */
  readonly price: number
  readonly per: string
  readonly dollarsPerMillion: number
}

/** What one execution used, and what a million like it would cost; always an estimate. */
export interface Cost {
  readonly operations: number
  /** Operations as they are billed: the start, each operation, each further attempt. */
  readonly billedOperations: number
  readonly checkpointCalls: { readonly count: number; readonly isCounted: boolean }
  readonly writtenBytes: { readonly count: number; readonly isComplete: boolean }
  readonly invocations: number
  readonly invocationMilliseconds: number
  readonly memoryMegabytes: number
  readonly architecture: keyof Prices['gbSecond']
  readonly retentionDays: number
  readonly gbSeconds: number
  readonly lines: readonly CostLine[]
  readonly dollarsPerMillion: number
  readonly prices: Prices
  /** Prices that were given, and are not those of the table. */
  readonly changed: readonly string[]
  /** What is not known, or taken for granted. */
  readonly remarks: readonly string[]
}

const gigabyte = 1024 ** 3
const month = 30.4375

/** What an execution costs at the given prices. A running one is counted up to now. */
export function costOf(view: ExecutionView, options: CostOptions = {}): Cost {
  const { totals, execution, invocations, activity } = view
  const prices = { ...published, ...options.prices }
  const { architecture = 'x86_64', memoryMegabytes = 128 } = options
  const retentionDays = options.retentionDays ?? execution.retentionDays ?? 14
  const billedOperations = 1 + totals.operations + furtherAttempts(view)
  const milliseconds = invocations.reduce((sum, one) => sum + Math.max(1, one.milliseconds), 0)
  const gbSeconds = (milliseconds / 1000) * (memoryMegabytes / 1024)
  const gb = totals.payloadBytes / gigabyte
  const gbMonths = gb * (((execution.milliseconds ?? 0) / 86_400_000 + retentionDays) / month)
  const perMillion = 1_000_000
  const lines = [
    line(
      'durable operations',
      billedOperations,
      'operations',
      prices.operationsPerMillion,
      perMillion,
    ),
    line('data written', gb, 'GB', prices.writtenPerGb, 1),
    line('data retained', gbMonths, 'GB-months', prices.retainedPerGbMonth, 1),
    line('requests', invocations.length, 'requests', prices.requestsPerMillion, perMillion),
    line(`duration ${architecture}`, gbSeconds, 'GB-seconds', prices.gbSecond[architecture], 1),
  ]
  return {
    operations: totals.operations,
    billedOperations,
    checkpointCalls: {
      count: options.checkpointCalls ?? totals.leastCheckpointCalls,
      isCounted: options.checkpointCalls !== undefined,
    },
    writtenBytes: { count: totals.payloadBytes, isComplete: !totals.isDataLeftOut },
    invocations: invocations.length,
    invocationMilliseconds: milliseconds,
    memoryMegabytes,
    architecture,
    retentionDays,
    gbSeconds,
    lines,
    dollarsPerMillion: lines.reduce((sum, { dollarsPerMillion }) => sum + dollarsPerMillion, 0),
    prices,
    changed: Object.keys(options.prices ?? {}),
    remarks: [
      ...(activity
        ? [`The execution still runs: this is its cost up to ${moment(view.asOf)}.`]
        : []),
      ...(totals.isDataLeftOut
        ? ['The history came without its data, so bytes are missing: read it with execution data.']
        : []),
      ...(options.memoryMegabytes === undefined
        ? ['The memory of the function is not known: 128 MB is taken.']
        : []),
      ...(options.checkpointCalls === undefined
        ? [
            'Checkpoint calls are estimated from the times in the history; they cost nothing by themselves.',
          ]
        : []),
    ],
  }
}

function furtherAttempts({ totals, operations }: ExecutionView): number {
  let steps = 0
  const left = [...operations]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (one.attempts.length > 0) steps += 1
    for (const child of one.children) left.push(child)
  }
  return Math.max(0, totals.attempts - steps)
}

function line(
  what: string,
  quantity: number,
  unit: string,
  price: number,
  perUnits: number,
): CostLine {
  return {
    what,
    quantity,
    unit,
    price,
    per: perUnits === 1 ? unit.replace(/s$/, '') : `million ${unit}`,
    dollarsPerMillion: ((quantity * price) / perUnits) * 1_000_000,
  }
}

/** For people: what was used, and the table of the money. */
export function formatCost(cost: Cost): string[] {
  const { checkpointCalls, writtenBytes, prices, changed } = cost
  const used = [
    [
      'operations',
      `${count(cost.operations, 'operation')}, billed as ${cost.billedOperations} with the start and further attempts`,
    ],
    ['checkpoint calls', `${checkpointCalls.isCounted ? '' : 'at least '}${checkpointCalls.count}`],
    [
      'written',
      `${writtenBytes.isComplete ? '' : 'at least '}${bytes(writtenBytes.count)}, kept ${cost.retentionDays} d after the end`,
    ],
    [
      'invocations',
      `${cost.invocations}, ${span(cost.invocationMilliseconds)} in all at ${cost.memoryMegabytes} MB`,
    ],
  ].map(([label = '', text = '']) => [`  ${label}`, text])
  const rows = cost.lines.map(({ what, quantity, unit, price, per, dollarsPerMillion }) => [
    `  ${what}`,
    `${amount(quantity)} ${unit}`,
    `at ${price} USD per ${per}`,
    dollars(dollarsPerMillion),
  ])
  rows.push(['  together', '', '', dollars(cost.dollarsPerMillion)])
  const right = Math.max(...rows.map((row) => row[3]?.length ?? 0))
  return [
    'One execution used',
    ...columns(used),
    '',
    'A million like it would cost (an estimate)',
    ...columns(rows.map((row) => [...row.slice(0, 3), (row[3] ?? '').padStart(right)])),
    '',
    `Prices of ${prices.region} as published in ${prices.date}, ${prices.sources.join(', ')}` +
      (changed.length > 0 ? `; given by you: ${changed.join(', ')}` : '') +
      '.',
    'Free tiers, discounts, logs and what the steps themselves call are not in it.',
    ...cost.remarks,
  ]
}

function dollars(value: number): string {
  return `${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} USD`
}

function amount(quantity: number): string {
  return quantity >= 1 || quantity === 0
    ? quantity.toLocaleString('en-US')
    : quantity.toPrecision(3)
}

function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  return count < 1024 ** 2
    ? `${(count / 1024).toFixed(1)} KB`
    : `${(count / 1024 ** 2).toFixed(1)} MB`
}
