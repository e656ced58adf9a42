import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('access', () => import('../access/access.integration.test.ts'));
