import { expect, test } from '@jest/globals';
import { type Cell, cellsFor, commandIn, lacksOf } from './cell.ts';

const ALL = { prlimit: '/bin/prlimit', unshare: '/bin/unshare', setpriv: '/bin/setpriv' };
const STRANGER = { uid: 65533, gid: 65533 };
const told = (cells: readonly Cell[]) =>
  cells.map(({ user, ownNetwork, limited }) =>
    [user ? 'other' : 'same', ...(ownNetwork ? ['network'] : []), ...(limited ? ['limits'] : [])].join(' '),
  );

test.each([
  [
    'root becomes somebody else before all, and keeps no other network from itself',
    { isRoot: true, tools: ALL },
    ['other network limits', 'other network', 'other limits', 'other', 'same limits', 'same'],
  ],
  [
    'who is not root stays who he is',
    { isRoot: false, tools: ALL },
    ['same network limits', 'same network', 'same limits', 'same'],
  ],
  ['without programs there is the other user', { isRoot: true, tools: {} }, ['other', 'same']],
  [
    'a network needs both of its programs',
    { isRoot: false, tools: { unshare: '/bin/unshare', prlimit: '/bin/prlimit' } },
    ['same limits', 'same'],
  ],
])('%s', (_, machine, expected) => {
  expect(told(cellsFor(machine))).toEqual(expected);
});

test.each<[string, Cell, { line: string; user: object | null }]>([
  [
    'is left by root only after its network',
    { user: STRANGER, ownNetwork: true, limited: true },
    {
      line: '/bin/prlimit --core=0 --data=1610612736 -- /bin/unshare --net -- /bin/setpriv --reuid=65533 --regid=65533 --clear-groups --no-new-privs -- node main.ts',
      user: null,
    },
  ],
  [
    'has a network in a user namespace where we are not root',
    { user: null, ownNetwork: true, limited: true },
    {
      line: '/bin/prlimit --core=0 --data=1610612736 -- /bin/unshare --user --map-current-user --net -- /bin/setpriv --no-new-privs -- node main.ts',
      user: null,
    },
  ],
  [
    'writes no core files, whatever there is',
    { user: STRANGER, ownNetwork: false, limited: false },
    { line: '/bin/sh -c ulimit -c 0; exec "$@" sh node main.ts', user: STRANGER },
  ],
])('a cell %s', (_, cell, { line, user }) => {
  const command = commandIn(cell, ['node', 'main.ts'], ALL);
  expect([command.file, ...command.args].join(' ')).toBe(line);
  expect(command.user).toEqual(user);
});

test('what a cell lacks is said, and nothing of one that has all', () => {
  expect(lacksOf({ user: STRANGER, ownNetwork: true, limited: true }, { isRoot: true })).toEqual([]);
  expect(lacksOf({ user: null, ownNetwork: false, limited: false }, { isRoot: false })).toEqual([
    expect.stringContaining('the same user'),
    expect.stringContaining('the network'),
    expect.stringContaining('prlimit'),
  ]);
  expect(lacksOf({ user: null, ownNetwork: false, limited: true }, { isRoot: true })[0]).toContain('root');
});
