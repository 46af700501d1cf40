import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A plain function, which one of the samples invokes. */
const plain = 'shipping.ts'

/** The files of the samples that are workflows. */
export const sampleFiles: readonly string[] = readdirSync(
  join(import.meta.dirname, '../../samples'),
).filter((file) => file.endsWith('.ts') && file !== plain)
