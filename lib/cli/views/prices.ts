// What AWS asks for what durable functions use, in US dollars, as its pages say.

export interface Prices {
  /** When the pages said so. */
  readonly date: string
  readonly region: string
  readonly sources: readonly string[]
  readonly operationsPerMillion: number
  readonly writtenPerGb: number
  readonly retainedPerGbMonth: number
  readonly requestsPerMillion: number
  readonly gbSecond: { readonly x86_64: number; readonly arm64: number }
}

/** Free tiers, tiers of volume, logs and what steps call are not in it. */
export const prices: Prices = {
  date: '2025-12',
  region: 'US East (N. Virginia)',
  sources: ['https://aws.amazon.com/lambda/pricing/'],
  operationsPerMillion: 8,
  writtenPerGb: 0.25,
  retainedPerGbMonth: 0.15,
  requestsPerMillion: 0.2,
  gbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
}
