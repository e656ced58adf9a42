/** What is asked for and not there, named. */
import type { ImportView } from '@lazada-sof/db';
import { gone, notFound } from './problem.ts';

export const noAccount = (name: string) =>
  notFound(`There is no account ${name}: write it as sof account list names it, capital letters too.`);

export const noImport = (id: string) => notFound(`There is no import ${id}; GET /v1/imports lists them.`);

export const noOrder = (account: string, orderNumber: string) =>
  notFound(
    `There is no order ${orderNumber} of account ${account}: check the number; an order is known here once the host system has written it.`,
  );

/** Of an import whose bytes and rows are not kept any more. */
export const removed = ({ importId, fileName, removedAt }: ImportView, instead: string) =>
  gone(
    `What import ${importId} (${fileName}) brought was removed on ${removedAt?.toISOString().slice(0, 10)}, since it had been kept as long as RETAIN_IMPORTS says: ${instead}.`,
  );

export const noUser = (name: string) => notFound(`There is no person ${name}; GET /v1/users lists them.`);
