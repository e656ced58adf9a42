export { type OpenPlatformCall, openPlatformEndpoint, type TokenCall, unknownPath } from './gateway.ts';

import { DOCUMENTS } from './documents.ts';
import type { OpenPlatformCall, TokenCall } from './gateway.ts';
import { PACK } from './pack.ts';
import { PACKAGE_CALLS } from './packages.ts';
import { PROVIDERS } from './providers.ts';
import { READS } from './reads.ts';
import { RETIRED_CALLS } from './retired.ts';
import { TOKEN_CALLS } from './tokens.ts';

export const OPEN_PLATFORM_CALLS: readonly (OpenPlatformCall | TokenCall)[] = [
  ...TOKEN_CALLS,
  ...READS,
  ...PACK,
  ...PACKAGE_CALLS,
  ...PROVIDERS,
  ...DOCUMENTS,
  ...RETIRED_CALLS,
];
