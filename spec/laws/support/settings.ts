import fc from 'fast-check'
import type { Setting } from './world.ts'

export const modes = ['batched', 'eager', 'optimistic'] as const

/** How fast messages travel, and how much of the journal comes at a time. */
export const setting: fc.Arbitrary<Setting> = fc.record({
  mode: fc.constantFrom(...modes),
  latency: fc.constantFrom(0, 20, 700),
  pageItems: fc.constantFrom(1, 3, 1000),
})
