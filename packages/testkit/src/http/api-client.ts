/** A client of the API that knows nothing but its description, as another system's would. */
import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../generated/api.ts';

export type ApiClient = Client<paths>;

/** `send`: how a request gets there. */
export const apiClient = (
  baseUrl: string,
  { headers, send }: { headers: Readonly<Record<string, string>>; send?: (request: Request) => Promise<Response> },
): ApiClient => createClient<paths>({ baseUrl, headers, ...(send && { fetch: send }) });
