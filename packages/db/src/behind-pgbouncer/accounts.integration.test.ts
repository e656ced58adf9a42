import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('accounts', () => import('../accounts/accounts.integration.test.ts'));
