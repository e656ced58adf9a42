/**
 * Jest runs every test file in a realm of its own, whose `Error` is not the `Error` of Node's own modules. A refused
 * connection would then be no `instanceof Error`, neither for us nor for libraries (basic-ftp takes it for an answer).
 * Here it is one again, as it is in production.
 */
import { types } from 'node:util';

const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(thing) {
    return ordinary.call(this, thing) || (this === Error && types.isNativeError(thing));
  },
});
