import { expect, test } from '@jest/globals';
import pg from 'pg';
import { refusedByHost } from './host-refused.ts';

const errorOf = (fields: Partial<pg.DatabaseError>) =>
  Object.assign(new pg.DatabaseError(fields.message ?? 'no', 0, 'error'), fields);

test.each<{ says: string; error: unknown; told: object | null }>([
  {
    says: 'a column of its own that may not be empty, with the way out',
    error: errorOf({ code: '23502', schema: 'public', table: 'orders', column: 'warehouse' }),
    told: {
      column: 'warehouse',
      isValue: false,
      message: expect.stringMatching(/^The table public\.orders .*column warehouse may not be empty.*default/),
    },
  },
  {
    says: 'a rule of its own',
    error: errorOf({ code: '23514', schema: 'public', table: 'orders', constraint: 'orders_known_status' }),
    told: { column: null, isValue: false, message: expect.stringContaining('its rule orders_known_status forbids it') },
  },
  {
    says: 'a value of another type',
    error: errorOf({ code: '22P02', message: 'invalid input value for enum status: "x"' }),
    told: { isValue: true, message: expect.stringContaining('invalid input value for enum status: "x"') },
  },
  {
    says: 'the words of a trigger of its own',
    error: errorOf({ code: 'P0001', message: 'the warehouse is closed' }),
    told: { isValue: false, message: expect.stringContaining('the warehouse is closed; ask') },
  },
  { says: 'nothing of a database that is away', error: errorOf({ code: '57P01' }), told: null },
  { says: 'nothing of another error', error: new Error('oh'), told: null },
])('$says', ({ error, told }) => {
  const refused = refusedByHost(error);
  if (told === null) expect(refused).toBeNull();
  else expect(refused).toMatchObject(told);
});
