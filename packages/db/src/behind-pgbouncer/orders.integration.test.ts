import { behindPgBouncer } from '../db.fixture.ts';

await behindPgBouncer('orders', () => import('../orders/orders.integration.test.ts'));
