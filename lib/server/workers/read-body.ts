import type { IncomingMessage } from 'node:http'

/** Bytes of a response, at most: 6 MB and what an envelope may add (Lambda's own limit). */
export const responseBytes = 6 * 1024 * 1024 + 100

export class BodyTooLarge extends Error {}

/**
 * The body of a request as text. One that is too large is read to its end all the same, without being
 * kept, because a client that is still writing would not see the answer.
 */
export function readBody(request: IncomingMessage, most = responseBytes): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else chunks.length = 0
    })
    request.on('end', () => {
      if (size > most) reject(new BodyTooLarge())
      else resolve(Buffer.concat(chunks).toString())
    })
    request.on('error', reject)
    request.on('close', () => void reject(new Error('The request broke off.')))
  })
}
