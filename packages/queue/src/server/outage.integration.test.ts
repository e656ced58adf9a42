import { describeOnEachQueue, outageConformance } from '@lazada-sof/testkit';

await describeOnEachQueue('outages', outageConformance);
