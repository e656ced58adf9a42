import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

export default defineFuzz<string>({
  known: ['{"a":1}', '{"__proto__":{"admin":true}}'],
  inputs: fc.constant('{}'),
  holds(text) {
    const settings: Record<string, Record<string, unknown>> = {};
    for (const [name, value] of Object.entries(JSON.parse(text)))
      settings[name] = Object.assign(settings[name] ?? {}, value);
  },
});
