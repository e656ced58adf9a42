/** The types of the API's client, generated from its own description by openapi-typescript. */
import { readFile, writeFile } from 'node:fs/promises';
import type { OpenAPI3 } from 'openapi-typescript';

/** As `/openapi.json` has it. */
export type ApiDocument = { readonly openapi: string; readonly paths: object };

const FILE = new URL('../generated/api.ts', import.meta.url);
const ABOUT = '/** Generated: node services/api/src/write-client.fixture.ts writes it anew. */\n';

/** @throws where a description cannot be read */
export async function apiTypes(document: ApiDocument): Promise<string> {
  // Only here: it brings a compiler of its own along, which whoever takes the client does not need.
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  // It reads whatever it is given, and says what it cannot.
  const described = document as unknown as OpenAPI3;
  return ABOUT + astToString(await openapiTypescript(described, { silent: true, alphabetize: true }));
}

export const writtenApiTypes = (): Promise<string> => readFile(FILE, 'utf8');

export const writeApiTypes = async (document: ApiDocument): Promise<void> => writeFile(FILE, await apiTypes(document));
