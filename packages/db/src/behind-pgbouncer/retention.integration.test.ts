import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('retention', () => import('../retention/retention.integration.test.ts'));
