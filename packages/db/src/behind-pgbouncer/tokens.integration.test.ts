import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('tokens', () => import('../accounts/tokens.integration.test.ts'));
