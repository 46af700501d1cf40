import debug from 'debug'

// Names under which perdure tells what it does: `DEBUG=perdure:*` shows all of it. Facts only, the
// operation's id first, never a payload.
export const trace = {
  driver: debug('perdure:driver'),
  checkpoint: debug('perdure:checkpoint'),
  lambda: debug('perdure:lambda'),
  service: debug('perdure:service'),
}
