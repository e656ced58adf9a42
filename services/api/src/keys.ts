/** What the API, which strangers talk to, may do with secrets: seal those it is given, and open what signs pushes. */
import { openingOnly, parseKeys } from '@lazada-sof/db';

export const keysOfApi = (encryption: string) => openingOnly(parseKeys(encryption), ['appSecret']);
