export type { paths } from '../generated/api.ts';
export { type ApiClient, apiClient } from './api-client.ts';
export { type ApiDocument, apiTypes, writeApiTypes, writtenApiTypes } from './api-types.ts';
export { lintApi } from './lint-api.ts';
