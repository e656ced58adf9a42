import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('transactions', () => import('../sql/transaction.integration.test.ts'));
