/**
 * The HTTP API. Beside it: `/openapi.json` and `/docs` (open-api.ts), `/queues` (queue-board.ts), the page `/sign-in`
 * (gate/sign-in-form.ts), and Lazada's pushes at `/webhooks/lazada` (webhooks/lazada.ts).
 */
import type { Access } from './access.ts';
import type { Endpoint } from './endpoint.ts';
import { addUser } from './handlers/add-user.ts';
import { changeAccount } from './handlers/change-account.ts';
import { changeUser } from './handlers/change-user.ts';
import { createAccount } from './handlers/create-account.ts';
import { forgetImport } from './handlers/forget-import.ts';
import { getAccount } from './handlers/get-account.ts';
import { getImport } from './handlers/get-import.ts';
import { getImportErrors, getImportRefused, getImportTemplate } from './handlers/get-import-files.ts';
import { getInvoice } from './handlers/get-invoice.ts';
import { getOrder } from './handlers/get-order.ts';
import { getSession } from './handlers/get-session.ts';
import { listAccounts } from './handlers/list-accounts.ts';
import { listImports } from './handlers/list-imports.ts';
import { listOrders } from './handlers/list-orders.ts';
import { listUsers } from './handlers/list-users.ts';
import { putOrder } from './handlers/put-order.ts';
import { removeUser } from './handlers/remove-user.ts';
import { runImport } from './handlers/run-import.ts';
import { signIn } from './handlers/sign-in.ts';
import { signOut } from './handlers/sign-out.ts';
import { signOutForm } from './handlers/sign-out-form.ts';
import { testAccount } from './handlers/test-account.ts';
import { updateOrder } from './handlers/update-order.ts';
import { uploadImport } from './handlers/upload-import.ts';

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  access: Access;
  endpoint: Endpoint;
  /** Calls from one address, where each costs us much more than it costs the caller. */
  perMinute?: number;
  /** Open, and yet whoever has a session is known: it is an act of theirs. */
  asksWho?: true;
};

export const ROUTES: readonly Route[] = [
  { method: 'POST', url: '/session', access: 'open', endpoint: signIn, perMinute: 60 },
  { method: 'GET', url: '/session', access: 'person', endpoint: getSession },
  { method: 'DELETE', url: '/session', access: 'person', endpoint: signOut },
  { method: 'POST', url: '/sign-out', access: 'open', endpoint: signOutForm, asksWho: true },

  { method: 'POST', url: '/v1/accounts', access: 'accounts:write', endpoint: createAccount },
  { method: 'GET', url: '/v1/accounts', access: 'accounts:write', endpoint: listAccounts },
  { method: 'GET', url: '/v1/accounts/:name', access: 'accounts:write', endpoint: getAccount },
  { method: 'PATCH', url: '/v1/accounts/:name', access: 'accounts:write', endpoint: changeAccount },
  { method: 'POST', url: '/v1/accounts/:name/test', access: 'accounts:write', endpoint: testAccount },

  { method: 'GET', url: '/v1/orders', access: 'orders:read', endpoint: listOrders },
  { method: 'GET', url: '/v1/orders/:account/:orderNumber', access: 'orders:read', endpoint: getOrder },
  { method: 'PUT', url: '/v1/orders/:account/:orderNumber', access: 'orders:write', endpoint: putOrder },
  { method: 'POST', url: '/v1/orders/:account/:orderNumber/status', access: 'orders:write', endpoint: updateOrder },
  { method: 'GET', url: '/v1/orders/:account/:orderNumber/invoice.pdf', access: 'orders:read', endpoint: getInvoice },

  { method: 'POST', url: '/v1/imports', access: 'imports:write', endpoint: uploadImport },
  { method: 'GET', url: '/v1/imports', access: 'imports:write', endpoint: listImports },
  { method: 'GET', url: '/v1/imports/template.csv', access: 'imports:write', endpoint: getImportTemplate },
  { method: 'GET', url: '/v1/imports/:id', access: 'imports:write', endpoint: getImport },
  { method: 'DELETE', url: '/v1/imports/:id', access: 'imports:write', endpoint: forgetImport },
  { method: 'GET', url: '/v1/imports/:id/errors.csv', access: 'imports:write', endpoint: getImportErrors },
  { method: 'GET', url: '/v1/imports/:id/refused.csv', access: 'imports:write', endpoint: getImportRefused },
  { method: 'POST', url: '/v1/imports/:id/run', access: 'imports:write', endpoint: runImport },

  { method: 'POST', url: '/v1/users', access: 'admin', endpoint: addUser },
  { method: 'GET', url: '/v1/users', access: 'admin', endpoint: listUsers },
  { method: 'PATCH', url: '/v1/users/:name', access: 'admin', endpoint: changeUser },
  { method: 'DELETE', url: '/v1/users/:name', access: 'admin', endpoint: removeUser },
];
