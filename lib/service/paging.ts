import { invalid } from './refusal.ts'
import type { ServiceLimits } from './service-limits.ts'

/** What a caller says about the page it wants. */
export interface PageRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** A place in a list, as callers hand it back; opaque to them. */
export function marker(place: number): string {
  return Buffer.from(`page:${place}`).toString('base64')
}

/** The place a marker stands for; `first` where none is given. */
export function placeOf(text: string | undefined, first: number): number {
  if (text == null || text === '') return first
  const [, place] = /^page:(\d+)$/.exec(Buffer.from(text, 'base64').toString()) ?? []
  if (place === undefined) throw invalid('Invalid marker')
  return Number(place)
}

/** How many items the page may hold: 0 and nothing stand for the default. */
export function pageSize(wanted: number | undefined, limits: ServiceLimits): number {
  if (wanted == null || wanted === 0) return limits.defaultPageItems
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > limits.pageItems) {
    throw invalid(`MaxItems must be an integer from 0 to ${limits.pageItems}.`)
  }
  return wanted
}
