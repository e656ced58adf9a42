import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('claims', () => import('../orders/claim.integration.test.ts'));
