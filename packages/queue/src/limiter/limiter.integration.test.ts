import { describeOnEachQueue, limiterConformance } from '@lazada-sof/testkit';

await describeOnEachQueue('rates', limiterConformance);
