import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../service/refusal.ts'
import { tooLarge } from './api-error.ts'

/** Of a body that is an error: it may have 1 MB, and its JSON may escape what it holds. */
export const mostErrorBytes = 4 * 1024 * 1024

/** The body as text. Refuses one of more than `most` bytes without reading on. */
export async function readText(request: IncomingMessage, most: number): Promise<string> {
  const bytes = await readBytes(request, most)
  if (!isUtf8(bytes)) throw unreadable('the body is not UTF-8')
  return bytes.toString()
}

/** The body as JSON; nothing where it is empty. */
export async function readJson(request: IncomingMessage, most: number): Promise<unknown> {
  const text = await readText(request, most)
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('the body is not JSON')
  }
}

function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.reject(tooLarge(most))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= most) return void chunks.push(chunk)
      request.pause()
      reject(tooLarge(most))
    })
    request.on('end', () => {
      const [only] = chunks
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks))
    })
    request.on('error', () => {
      reject(unreadable('the connection ended before the body did'))
    })
  })
}

function unreadable(reason: string): Refusal {
  return new Refusal(
    'InvalidRequestContentException',
    `Could not parse request body into json: ${reason}.`,
  )
}
