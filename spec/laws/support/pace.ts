/**
 * How long a body takes: so many turns of the event loop, so many virtual milliseconds, or until
 * the run gets round to it, in an order that is drawn from a seed.
 */
export type Pace = number | 'open' | { readonly milliseconds: number }
