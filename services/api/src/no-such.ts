/** What is asked for and not there, named. */
import { notFound } from './problem.ts';

export const noAccount = (name: string) => notFound(`There is no account ${name}; GET /v1/accounts lists them.`);

export const noImport = (id: string) => notFound(`There is no import ${id}; GET /v1/imports lists them.`);

export const noOrder = (account: string, orderNumber: string) =>
  notFound(`There is no order ${orderNumber} of account ${account}.`);
