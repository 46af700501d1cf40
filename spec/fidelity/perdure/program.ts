import type { Workflow } from '../../../lib/index.ts'

/** One program for perdure; its twin for the official SDK has the same name in `../official`. */
export type Programs = Readonly<Record<string, Workflow<never>>>
