import type { Random } from '../kernel/random.ts'
import { invalid, notFound } from './refusal.ts'

const secretBytes = 16

/** An id nobody can guess, which says where its callback lies. */
export function callbackId(random: Random, executionArn: string, operationId: string): string {
  return Buffer.concat([
    random.bytes(secretBytes),
    Buffer.from(`${executionArn} ${operationId}`),
  ]).toString('base64')
}

/** Where the callback lies that `id` speaks of; whether `id` is its real id is not known yet. */
export function parseCallbackId(id: unknown): { executionArn: string; operationId: string } {
  if (typeof id !== 'string' || id.length > 1024 || !/^[A-Za-z0-9+/]+={0,2}$/.test(id)) {
    throw invalid('Invalid callback id')
  }
  const address = Buffer.from(id, 'base64').subarray(secretBytes).toString()
  const [executionArn, operationId] = address.split(' ')
  if (!executionArn || !operationId) throw unknownCallback()
  return { executionArn, operationId }
}

export function unknownCallback(): Error {
  return notFound('Callback not found')
}
