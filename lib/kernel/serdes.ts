export interface SerdesContext {
  readonly operationId: string
  readonly executionArn: string
}

export interface Deserializer<out T> {
  deserialize(text: string, context: SerdesContext): T | PromiseLike<T>
}

export interface Serializer<in T> {
  serialize(value: T, context: SerdesContext): string | PromiseLike<string>
}

/** How a value becomes text and comes back. An absent payload is `undefined`, and no serdes is asked. */
export interface Serdes<in out T> extends Serializer<T>, Deserializer<T> {}

/** JSON, the default. What JSON cannot say is lost on the first run already, as on every replay. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- it fits an operation of any result
export const json: Serdes<any> = {
  serialize: (value: unknown) => JSON.stringify(value),
  deserialize: (text: string): unknown => JSON.parse(text),
}

/** Text as it is, for payloads that are strings already. */
export const text: Serdes<string> = {
  serialize: (value) => value,
  deserialize: (payload) => payload,
}

/** For payloads from outside: JSON where it parses, else the text, so no typing slip fails a long wait. */
export const lenientJson: Deserializer<unknown> = {
  deserialize(payload) {
    try {
      return JSON.parse(payload) as unknown
    } catch {
      return payload
    }
  },
}

/** What checks and shapes a decoded value; a superstruct struct fits. */
export interface Schema<out T> {
  create(value: unknown): T
}
