import { describeOnEachQueue, outcomeConformance } from '@lazada-sof/testkit';

await describeOnEachQueue('outcomes', outcomeConformance);
