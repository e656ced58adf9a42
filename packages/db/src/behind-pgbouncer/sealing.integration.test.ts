import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('sealing', () => import('../accounts/sealing.integration.test.ts'));
