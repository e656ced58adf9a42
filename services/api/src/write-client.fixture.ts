/** Writes the types of the API's client anew, from what the API says of itself. */
import { writeApiTypes } from '@lazada-sof/testkit/http';
import { apiDocument } from './document.fixture.ts';

await writeApiTypes(await apiDocument());
