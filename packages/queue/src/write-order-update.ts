/** Writes the schema of an order's update anew, and its type in `packages/enqueue`: node packages/queue/src/write-order-update.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { schemaFile, withUpdateType } from './order-update/schema.ts';

const root = new URL('../../../', import.meta.url);
const declarations = new URL('packages/enqueue/src/enqueue.d.ts', root);
writeFileSync(new URL('docs/order-update.schema.json', root), schemaFile());
writeFileSync(declarations, withUpdateType(readFileSync(declarations, 'utf8')));
